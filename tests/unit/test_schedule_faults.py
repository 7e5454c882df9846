"""The schedule on the nights on which clocks change, and when it fires twice."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import dagster as dg
import pytest
from dagster._utils.schedules import schedule_execution_time_iterator
from house import House as Commands

from pipelines.assets.raw import business_dates
from pipelines.resources import House
from pipelines.schedules import make_nightly_schedule

ZONE = ZoneInfo("Europe/Berlin")


@pytest.fixture
def house(tiny_company: Commands) -> House:
    """A company whose night is at an hour that is skipped once a year, and comes twice.

    In Berlin clocks go from 2 to 3 in March, and from 3 back to 2 in October.
    """
    tiny_company.settings.places.prepare()
    opened = House.open(tiny_company.settings)
    stated = {"time_zone": ZONE.key, "night_at": "02:30"}
    return replace(opened, company=opened.company.model_copy(update=stated))


@pytest.fixture
def location(house: House) -> dg.Definitions:
    """A location with the schedule, over one asset."""

    @dg.asset(partitions_def=business_dates(ZONE.key))
    def delivered() -> None:
        """Stand for what a night receives."""

    job = dg.define_asset_job("night", selection=[delivered])
    return dg.Definitions(
        assets=[delivered], jobs=[job], schedules=[make_nightly_schedule(house, job)]
    )


def requests(location: dg.Definitions, first: datetime, days: int) -> Iterator[str]:
    """Yield the business date that each tick of some days asks for."""
    [schedule] = location.schedules or []
    assert isinstance(schedule, dg.ScheduleDefinition)
    ticks = schedule_execution_time_iterator(
        first.timestamp(), schedule.cron_schedule, schedule.execution_timezone
    )
    with dg.DagsterInstance.local_temp() as instance:
        for tick in ticks:
            if tick.timestamp() >= (first + timedelta(days=days)).timestamp():
                return
            yield from _asked(location, schedule, instance, tick)


def _asked(
    location: dg.Definitions,
    schedule: dg.ScheduleDefinition,
    instance: dg.DagsterInstance,
    tick: datetime,
) -> Iterator[str]:
    context = dg.build_schedule_context(
        instance=instance,
        scheduled_execution_time=datetime.fromtimestamp(tick.timestamp(), UTC),
        repository_def=location.get_repository_def(),
    )
    for request in schedule.evaluate_tick(context).run_requests or []:
        assert request.run_key == request.partition_key
        yield request.partition_key or ""


@pytest.mark.parametrize("first", [datetime(2026, 3, 27), datetime(2026, 10, 23)])
def test_every_date_has_one_night_when_clocks_change(
    location: dg.Definitions, first: datetime
) -> None:
    """An hour that does not exist costs no night, one that comes twice adds none."""
    asked = list(requests(location, first.replace(tzinfo=ZONE), 5))
    assert asked == [f"{first + timedelta(days=day):%Y-%m-%d}" for day in range(-1, 4)]


def test_a_tick_that_fires_twice_asks_for_the_same_run(
    location: dg.Definitions,
) -> None:
    """Dagster makes one run of one key."""
    first = datetime(2026, 1, 8, tzinfo=ZONE)
    asked = [*requests(location, first, 1), *requests(location, first, 1)]
    assert asked == ["2026-01-07"] * 2
