"""The code location of the demo: what exists, on what it leans, and what starts it."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest
from house import House as Commands

from pipelines.assets import raw
from pipelines.dates import DATES_TAG, dates_of_run
from pipelines.definitions import NIGHT, build_defs
from pipelines.resources import House
from pipelines.time_limit import MAXIMUM_SECONDS
from warehouse.errors import ExitCode
from warehouse.locking import one_writer
from warehouse.receiving import loads_since
from warehouse.settings import Settings

Once = Callable[[str, Callable[[Path], None]], Path]

SOURCES_OF_AGGREGATES = {
    "agg_sales": [
        *("raw_till/sales", "raw_web/orders", "raw_shop_system/products"),
        *("raw_shop_system/outlets", "raw_member/cards", "raw_web/registrations"),
    ],
    "agg_customer_base": [
        *("raw_web/registrations", "raw_member/cards", "raw_crm/organisations"),
        *("raw_list_alpha/names", "raw_list_beta/names", "raw_till/sales"),
    ],
}
UP_TO_INPUT = {"raw_consent/events", "raw_web/events"}
"""Standardised, and not published so far: no star is made of them."""
RECEIVED = ("raw_desk", "raw_steward", "ledger")
PUBLISHED = ("shared", "descriptive", "behavioural", "associative", "aggregates")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> House:
    """The demo's house, to which nothing was delivered."""
    home = tmp_path_factory.mktemp("definitions")
    house = House.open(Settings(company="demo", home=home))
    house.settings.places.prepare()
    return house


@pytest.fixture(scope="module")
def location(demo: House) -> dg.Definitions:
    """What Dagster loads."""
    definitions = build_defs(demo)
    dg.Definitions.validate_loadable(definitions)
    return definitions


@pytest.fixture(scope="module")
def lineage(location: dg.Definitions) -> dict[str, set[str]]:
    """Each asset with those it leans on, by their names."""
    graph = location.resolve_asset_graph()
    return {
        key.to_user_string(): {
            parent.to_user_string() for parent in graph.get(key).parent_keys
        }
        for key in graph.get_all_asset_keys()
    }


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    """A Dagster that forgets."""
    with dg.DagsterInstance.ephemeral() as made:
        yield made


def upstream(lineage: dict[str, set[str]], name: str) -> set[str]:
    """Name all that an asset rests on."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        new = lineage[waiting.pop()] - found
        found |= new
        waiting += new
    return found


@pytest.mark.parametrize("aggregate", SOURCES_OF_AGGREGATES)
def test_an_aggregate_rests_on_its_sources(
    lineage: dict[str, set[str]], aggregate: str
) -> None:
    """The lineage leads from each file that tells of it to the number on a page."""
    rests_on = upstream(lineage, f"aggregates/{aggregate}")
    assert set(SOURCES_OF_AGGREGATES[aggregate]) <= rests_on
    assert "identity/link_change" in rests_on


def test_the_release_rests_on_everything(
    demo: House, lineage: dict[str, set[str]]
) -> None:
    """On each raw table, each published table and the results of the gate."""
    rests_on = upstream(lineage, "published/release")
    raw = {
        f"raw_{source.name}/{table.name}"
        for source in demo.company.sources
        for table in source.tables
    } - UP_TO_INPUT
    published = {name for name in lineage if name.split("/")[0] in PUBLISHED}
    assert raw | published | {"checks/result", "ledger/load"} <= rests_on


def test_doors_and_gate_are_checks_of_every_table(
    demo: House, location: dg.Definitions, lineage: dict[str, set[str]]
) -> None:
    """A raw table without its door, or a mart without its gate, would go unseen."""
    checked: dict[str, set[str]] = {"doors": set(), "gate": set()}
    for key in location.resolve_asset_graph().asset_check_keys:
        if key.name in checked:
            checked[key.name].add(key.asset_key.to_user_string())
    assert checked["doors"] == {
        f"raw_{source.name}/{table.name}"
        for source in demo.company.sources
        for table in source.tables
    }
    rooms = (*PUBLISHED, "quality")
    guarded = {name for name in lineage if name.split("/")[0] in rooms}
    after = {"fct_check_result", "fct_grade_part", "agg_grade"}
    assert checked["gate"] == guarded - {f"quality/{name}" for name in after}


def test_tests_of_dbt_are_checks_below_the_marts_and_nowhere_else(
    location: dg.Definitions,
) -> None:
    """Marts are checked by the gate, which is made from the same tests."""
    by_room: dict[str, set[str]] = {}
    for key in location.resolve_asset_graph().asset_check_keys:
        by_room.setdefault(key.asset_key.path[0], set()).add(key.name)
    assert len(by_room["staging"]) > 10
    assert len(by_room["intermediate"]) > 5
    assert {name: by_room[name] for name in PUBLISHED} == {
        name: {"gate"} for name in PUBLISHED
    }


def test_a_night_is_bounded_in_time_and_receiving_is_tried_again(
    location: dg.Definitions,
) -> None:
    """A night that hangs is stopped; a source that is down is asked again."""
    job = location.resolve_job_def(NIGHT)
    assert job.tags["dagster/max_runtime"] == str(MAXIMUM_SECONDS)
    receive = next(node for node in job.nodes if node.name == "receive")
    retries = receive.definition.retry_policy
    assert retries is not None
    assert retries.max_retries == 2
    assert retries.backoff is dg.Backoff.EXPONENTIAL
    writers = {
        node.name: node.definition.pool for node in job.nodes if node.name != "gate"
    }
    assert set(writers.values()) == {"writer"}


def deliver(house: House, business_date: date) -> None:
    """Lay a file that a contract claims, written long ago."""
    commands = Commands(house.settings)
    file = commands.deliver(business_date.isoformat(), "sales.csv", "anything\n")
    os.utime(file, (0, 0))


@pytest.fixture
def tiny(tiny_company: Commands) -> House:
    """The tiny company's house, to which nothing was delivered."""
    tiny_company.settings.places.prepare()
    return House.open(tiny_company.settings)


def test_the_schedule_runs_the_date_that_ended_and_those_that_were_missed(
    demo: House, location: dg.Definitions, tmp_path: Path
) -> None:
    """In the company's own time zone, whatever the machine's."""
    [schedule] = location.schedules or []
    assert schedule.execution_timezone == demo.company.time_zone
    hour, minute = map(int, demo.company.night_at.split(":"))
    assert schedule.cron_schedule == f"{minute} {hour} * * *"
    started = datetime(2026, 1, 8, hour, minute, tzinfo=demo.company.zone)
    missed = date(2026, 1, 4)
    name = next(
        table.place.replace("*", "-1")
        for source in demo.company.sources
        for table in source.tables
        if "*" in table.place
    )
    file = Commands(demo.settings).deliver(missed.isoformat(), name, "anything\n")
    os.utime(file, (0, 0))
    with (
        dg.DagsterInstance.local_temp(str(tmp_path)) as instance,
        dg.build_schedule_context(
            instance=instance,
            scheduled_execution_time=started.astimezone(UTC),
            repository_def=location.get_repository_def(),
        ) as context,
    ):
        [request] = schedule.evaluate_tick(context).run_requests or []
    assert request.partition_key == "2026-01-07"
    assert request.tags[DATES_TAG] == "2026-01-04,2026-01-07"
    file.unlink()


def test_the_sensor_asks_for_a_night_when_files_wait_and_else_for_none(
    tiny: House, instance: dg.DagsterInstance
) -> None:
    """Over all their dates; not while a night is running."""
    definitions = build_defs(tiny)
    [sensor] = definitions.sensors or []

    def look() -> list[dg.RunRequest]:
        context = dg.build_sensor_context(
            instance=instance, repository_def=definitions.get_repository_def()
        )
        return list(sensor.evaluate_tick(context).run_requests or [])

    assert look() == []
    deliver(tiny, date(2026, 1, 5))
    deliver(tiny, date(2026, 1, 7))
    [request] = look()
    assert request.partition_key == "2026-01-07"
    assert request.tags[DATES_TAG] == "2026-01-05,2026-01-07"
    with one_writer(tiny.settings):
        assert look() == []


def test_a_range_of_partitions_is_one_run_over_its_dates() -> None:
    """A back-fill names partitions, a night the dates in a tag."""
    first = date(2026, 1, 5)
    days = [first + timedelta(days=number) for number in range(3)]
    keys = [each.isoformat() for each in days]
    assert dates_of_run({}, keys) == days
    assert dates_of_run({DATES_TAG: "2026-01-05,2026-01-07"}, keys[2:]) == [
        days[0],
        days[2],
    ]


def test_a_back_fill_of_three_days_receives_them_in_one_run(
    tiny: House, instance: dg.DagsterInstance
) -> None:
    """The raw assets over a range of partitions, as Dagster's page asks for it."""
    header = "receipt,line,member,sold_at,quantity,amount\n"
    members = "member,name,email,city\n1,Ann Lee,ann@example.com,Bonn\n"
    commands = Commands(tiny.settings)
    for day in (5, 6, 7):
        sold = f"r{day},1,1,2026-01-0{day} 10:00:00,1,2.50\n"
        commands.deliver(f"2026-01-0{day}", "sales.csv", header + sold)
        commands.deliver(f"2026-01-0{day}", "members.csv", members)
    definitions = build_defs(tiny)
    keys = definitions.resolve_asset_graph().get_all_asset_keys()
    wanted = [key for key in keys if key.path[0] in RECEIVED]
    job = definitions.resolve_implicit_global_asset_job_def()
    result = job.execute_in_process(
        instance=instance,
        asset_selection=wanted,
        tags={
            "dagster/asset_partition_range_start": "2026-01-05",
            "dagster/asset_partition_range_end": "2026-01-07",
        },
    )
    assert result.success
    filled = instance.get_materialized_partitions(dg.AssetKey(["raw_desk", "sales"]))
    assert filled == {"2026-01-05", "2026-01-06", "2026-01-07"}


def test_a_source_that_is_down_is_asked_again_and_then_told(
    tiny_company: Commands,
    instance: dg.DagsterInstance,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nobody has to get up for a database that comes back in a minute."""
    file = next(tiny_company.settings.companies.rglob("_desk__sources.yml"))
    contract = file.read_text(encoding="utf-8").replace(
        "format: csv\n              place: sales*.csv",
        "format: sqlite\n              place: till.sqlite\n"
        "              relation: sales\n              cursor: sold_at",
    )
    file.write_text(contract, encoding="utf-8")
    monkeypatch.setattr(raw, "RETRY", dg.RetryPolicy(max_retries=2))
    tiny_company.settings.places.prepare()
    house = House.open(tiny_company.settings)
    definitions = build_defs(house)
    keys = definitions.resolve_asset_graph().get_all_asset_keys()
    result = definitions.resolve_implicit_global_asset_job_def().execute_in_process(
        instance=instance,
        asset_selection=[key for key in keys if key.path[0] in RECEIVED],
        partition_key="2026-01-05",
        raise_on_error=False,
    )
    assert not result.success
    loads = loads_since(house.settings, 0)
    assert [load.reason_code for load in loads] == ["source_unreachable"] * 3
    [failure] = [event for event in result.all_events if event.is_step_failure]
    stated = failure.step_failure_data.user_failure_data
    assert stated is not None
    assert stated.metadata["exit_code"].value == ExitCode.HELD
