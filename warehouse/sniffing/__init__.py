"""From an unseen file to a source: its contract, its staging model and its mapping.

A sample is read once, on an engineer's desk, and what was found is written down; at
night nothing is detected any more. `check_source` holds all that against each other.
"""

from warehouse.sniffing.checking import check_source
from warehouse.sniffing.sniff import Sniffed, SniffedColumn, sniff
from warehouse.sniffing.writing import Written, write_source

__all__ = [
    "Sniffed",
    "SniffedColumn",
    "Written",
    "check_source",
    "sniff",
    "write_source",
]
