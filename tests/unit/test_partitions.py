"""The partitions of raw are days, and are listed once a day."""

from datetime import UTC, datetime

import dagster as dg
from dagster._core.definitions.partitions.context import partition_loading_context

from pipelines.partitions import FIRST_DATE, business_dates

SHANGHAI = "Asia/Shanghai"
PLAIN = dg.DailyPartitionsDefinition(
    start_date=FIRST_DATE, timezone=SHANGHAI, end_offset=1
)


def test_they_are_the_days_that_dagster_knows() -> None:
    """Up to today's, wherever today is."""
    assert business_dates(SHANGHAI).get_partition_keys() == PLAIN.get_partition_keys()


def test_they_are_listed_once() -> None:
    """A night of thirty tables asked for them sixty times."""
    dates = business_dates(SHANGHAI)
    assert dates.get_partition_keys() is business_dates(SHANGHAI).get_partition_keys()


def test_another_day_lists_them_anew() -> None:
    """Past midnight there is one more."""
    dates = business_dates(SHANGHAI)
    noon = [datetime(2026, 1, day, 12, tzinfo=UTC) for day in (30, 31)]
    listed = []
    for moment in noon:
        with partition_loading_context(moment, None):
            listed.append(dates.get_partition_keys()[-1])
    assert listed == ["2026-01-30", "2026-01-31"]
