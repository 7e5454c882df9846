"""The made-up company: its customers, what they do, and the deliveries about them.

Everything is invented and follows from a seed. Nothing here is read by the rest of the
house, which meets the demo company only through its deliveries.
"""

from warehouse.demo.generation import DemoSummary, generate

__all__ = ["DemoSummary", "generate"]
