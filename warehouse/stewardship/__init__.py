"""Stewardship: people look at who is who, decide, and see how far it can be trusted.

Looking reads the last release. Deciding and training write small files that the next
night receives like any delivery (source `steward`). `estimate` is the one step of a
night: how many of the links are right, and how many are missed.
"""

from warehouse.stewardship.estimating import estimate

__all__ = ["estimate"]
