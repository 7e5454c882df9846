"""The partitions of raw: one per business date, of which Dagster asks often."""

from collections.abc import Sequence
from datetime import datetime

import dagster as dg
from dagster._core.instance import DynamicPartitionsStore

FIRST_DATE = "2000-01-01"
_LISTED: dict[tuple[object, ...], Sequence[str]] = {}


class BusinessDates(dg.DailyPartitionsDefinition):
    """Days, listed once as long as the last of them is the same.

    Dagster lists all ten thousand of a table's partitions for every step that reads it,
    only to find that they are too many to look at: a tenth of a second each time.
    """

    def get_partition_keys(
        self,
        current_time: datetime | None = None,
        dynamic_partitions_store: DynamicPartitionsStore | None = None,
    ) -> Sequence[str]:
        """Return the keys, first to last; who lists them must not change the list."""
        if current_time is not None:
            return super().get_partition_keys(current_time, dynamic_partitions_store)
        known_by = (self.timezone, self.start_timestamp, self.get_last_partition_key())
        if known_by not in _LISTED:
            _LISTED.clear()
            _LISTED[known_by] = super().get_partition_keys(
                None, dynamic_partitions_store
            )
        return _LISTED[known_by]


def business_dates(time_zone: str) -> BusinessDates:
    """Return the partitions of raw: one per business date, today's among them."""
    return BusinessDates(start_date=FIRST_DATE, timezone=time_zone, end_offset=1)
