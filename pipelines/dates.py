"""The business dates of a run.

A run over many dates is one run of one partition, its last date, and names them all in
a tag. A range of partitions, as a back-fill asks for it, is understood as well, but
costs events for each day between its ends.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

DATES_TAG = "clientele/business_dates"


def tag_dates(dates: Collection[date]) -> dict[str, str]:
    """Return the tag of a run over the dates."""
    return {DATES_TAG: ",".join(each.isoformat() for each in sorted(dates))}


def dates_of_run(tags: Mapping[str, str], partition_keys: Sequence[str]) -> list[date]:
    """Return the dates of a run: those of its tag, else those of its partitions."""
    named = tags[DATES_TAG].split(",") if DATES_TAG in tags else partition_keys
    return [date.fromisoformat(each) for each in named]
