"""Each aggregate says which query it saves, and holds exactly what that query gives.

The query is asked of the published facts and dimensions, so an aggregate that was built
from something else, or only in part, is found.
"""

from collections.abc import Callable
from typing import Any

import duckdb
from house import House, listed

Manifest = dict[str, Any]

SAYS_NOTHING_YET: set[str] = set()
ONE_DAY, A_MONTH = "2024-11-30", "2024-11-01"


def aggregates(manifest: Manifest) -> dict[str, dict[str, str]]:
    """Return what each aggregate says of itself."""
    return {
        node["name"]: node["config"]["meta"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["schema"] == "aggregates"
    }


def differences(connection: duckdb.DuckDBPyConnection, name: str, query: str) -> int:
    """Count the rows that only one of the aggregate and its query has."""
    columns = ", ".join(
        column[0]
        for column in connection.execute(
            f"select * from aggregates.{name} limit 0"  # noqa: S608
        ).description
        or []
    )
    saved = f"select {columns} from aggregates.{name}"  # noqa: S608
    asked = f"select {columns} from ({query})"  # noqa: S608
    found = connection.execute(
        f"select count(*) from (({saved} except all {asked})"  # noqa: S608
        f" union all ({asked} except all {saved}))"
    ).fetchone()
    assert found is not None
    return int(found[0])


def test_every_aggregate_says_what_it_saves_and_when_it_is_refreshed(
    manifest_of: Callable[[str], Manifest],
) -> None:
    """Without the query nobody could tell whether the aggregate is right."""
    silent = {
        name
        for name, meta in aggregates(manifest_of("demo")).items()
        if not (meta.get("saves") and meta.get("refresh"))
    }
    assert not silent, listed(silent)


def test_every_aggregate_holds_what_its_query_gives(
    demo_night: House, manifest_of: Callable[[str], Manifest]
) -> None:
    """The same columns, the same rows, each as often; and never none."""
    said = {
        name: meta["saves"]
        for name, meta in aggregates(manifest_of("demo")).items()
        if meta.get("saves")
    }
    with demo_night.open() as connection:
        wrong = [
            f"{name}: {count} rows"
            for name, query in said.items()
            if (count := differences(connection, name, query))
        ]
        empty = [
            name
            for name in said
            if not connection.execute(
                f"select 1 from aggregates.{name} limit 1"  # noqa: S608
            ).fetchall()
        ]
    assert not wrong, listed(wrong)
    assert not empty, listed(empty)


def test_only_the_periods_that_changed_are_built_anew(
    demo_copy: House, manifest_of: Callable[[str], Manifest]
) -> None:
    """A day loses its sales, and an error is planted elsewhere: it stays as it is."""
    work = str(demo_copy.settings.places.work)
    query = aggregates(manifest_of("demo"))["agg_sales"]["saves"]
    with duckdb.connect(work) as connection:
        connection.execute(
            "delete from behavioural.fct_sale where ordered_date_key = $1", [ONE_DAY]
        )
        connection.execute(
            "update aggregates.agg_sales set sale_line_count = -1"
            " where period_start >= date '2025-01-01'"
        )
        touched = connection.execute(
            "select count(*) from aggregates.agg_sales"
            " where period_start in (date '2024-11-01', date '2024-11-30')"
        ).fetchone()
    demo_copy.done("dbt", "run", "--select", "agg_sales")
    with duckdb.connect(work) as connection:
        connection.execute("set memory_limit = '1GB'")
        ((days, spared, rebuilt),) = connection.execute(
            "select count(*) filter (where time_level = 'day' and period_start = $1),"
            " count(*) filter (where period_start >= date '2025-01-01'"
            " and sale_line_count <> -1),"
            " count(*) filter (where time_level = 'month' and period_start = $2)"
            " from aggregates.agg_sales",
            [ONE_DAY, A_MONTH],
        ).fetchall()
        assert touched is not None
        assert (days, spared) == (0, 0)
        assert 0 < rebuilt < touched[0]
        connection.execute(
            "delete from aggregates.agg_sales where period_start >= date '2025-01-01'"
        )
        before = f"select * from ({query}) where period_start < '2025-01-01'"  # noqa: S608
        assert differences(connection, "agg_sales", before) == 0
