"""Faults made on purpose: what the tests try in small, and `make faults` at length."""
