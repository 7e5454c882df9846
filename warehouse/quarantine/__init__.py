"""Quarantine as a workplace: what was refused, and what people do about it.

Looking reads the ledger's copy. Mending, replaying, giving up and accepting write small
files into the landing folder, which the next night receives like any delivery: copies
of rows, and the word of who decided what, when and why. What became of each follows
from them in `ledger.refused`.
"""

from warehouse.quarantine.deciding import Word, accept, give_up
from warehouse.quarantine.history import Event, history
from warehouse.quarantine.mending import Copied, mend, replay
from warehouse.quarantine.refused import Chosen, Refused, counts, refused
from warehouse.quarantine.sheets import Sheet, export, mend_sheet, read_sheet
from warehouse.quarantine.splitting import readable

__all__ = [
    "Chosen",
    "Copied",
    "Event",
    "Refused",
    "Sheet",
    "Word",
    "accept",
    "counts",
    "export",
    "give_up",
    "history",
    "mend",
    "mend_sheet",
    "read_sheet",
    "readable",
    "refused",
    "replay",
]
