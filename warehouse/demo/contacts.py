"""How other sources refer to customers: by a record that one knows, and in notes."""

import numpy as np
import pyarrow as pa

from warehouse.demo.chance import Flags, Integers
from warehouse.demo.columns import (
    Column,
    either,
)
from warehouse.demo.presence import Presence, record_ids

NOTES = (
    "客户询问配送时间。已答复。",
    "Wants to know when the parcel comes.",
    "要求退货。包装完好。",
    "Asked for an invoice; sent by mail.",
    "Line was cut; call back.",
    "对服务很满意。",
)
REFERRING = ("member", "web", "crm", "list_alpha", "list_beta")


def references(
    presence: Presence, index: Integers, on_day: int
) -> tuple[Column, Column, Flags]:
    """Return under which record each customer is known on a day: source and id.

    Args:
        presence: What each source knows.
        index: The customers.
        on_day: The day of the demo.

    Returns:
        Names of the sources, ids of the records, and who is known at all.
    """
    source = pa.array([""] * len(index))
    record, known = source, np.zeros(len(index), bool)
    for name in REFERRING:
        first = presence.first_day[name][index]
        fits = (first >= 0) & (first <= on_day) & ~known
        source = either(fits, name, source)
        record = either(fits, record_ids(name, index), record)
        known = known | fits
    return source, record, known
