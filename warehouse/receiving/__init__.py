"""Receiving: from what sources deliver to raw, quarantine and ledger of the archive."""

from warehouse.receiving.keeping import StillWrittenError
from warehouse.receiving.ledger_copy import copy_ledger
from warehouse.receiving.model import Delivery, Load
from warehouse.receiving.receive import receive, receive_date
from warehouse.receiving.waiting import unclaimed, waiting

__all__ = [
    "Delivery",
    "Load",
    "StillWrittenError",
    "copy_ledger",
    "receive",
    "receive_date",
    "unclaimed",
    "waiting",
]
