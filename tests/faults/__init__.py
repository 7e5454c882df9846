"""Faults made on purpose: what the tests try in small, and `make faults` at length."""

from collections.abc import Callable

Say = Callable[[str], None]
"""Hears how far a long run of faults is."""
