"""What an operator asks of the nights: how they went, what is late, what fills up."""

from warehouse.operations.disk import DiskUse, measure_disk
from warehouse.operations.journal import FailedCheck, NightEntry, Trouble, read_journal
from warehouse.operations.lateness import Late, find_late

__all__ = [
    "DiskUse",
    "FailedCheck",
    "Late",
    "NightEntry",
    "Trouble",
    "find_late",
    "measure_disk",
    "read_journal",
]
