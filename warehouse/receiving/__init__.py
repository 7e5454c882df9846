"""Receiving: from what sources deliver to raw, quarantine and ledger of the archive."""

from warehouse.receiving.keeping import StillWrittenError
from warehouse.receiving.ledger_copy import (
    copy_ledger,
    refuse_new_archive,
    renew_ledger_copy,
)
from warehouse.receiving.loads import last_load, loads_since
from warehouse.receiving.model import Delivery, Load
from warehouse.receiving.reasons import MENDS
from warehouse.receiving.receive import receive_date, receive_dates
from warehouse.receiving.refusals import hold_for_refusals, open_refusals
from warehouse.receiving.waiting import unclaimed, waiting

__all__ = [
    "MENDS",
    "Delivery",
    "Load",
    "StillWrittenError",
    "copy_ledger",
    "hold_for_refusals",
    "last_load",
    "loads_since",
    "open_refusals",
    "receive_date",
    "receive_dates",
    "refuse_new_archive",
    "renew_ledger_copy",
    "unclaimed",
    "waiting",
]
