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
MARKED = {
    "agg_business": ("metric_value", "month_key"),
    "agg_contribution": ("reached_amount", "period_start::varchar"),
    "agg_customer_base": ("customer_count", "month_key"),
    "agg_share_of_wallet": ("customer_count", "time_level || ' ' || period_start"),
    "agg_source_quality": ("claim_count", "month_key"),
    "agg_concentration": ("buyer_count", "month_key"),
}
"""A measure of each aggregate that a mark is put in, and what names its periods.

Of what `agg_sales` is made of journals tell (`test_building_by_keys.py`)."""
CHANGES = (
    "delete from behavioural.fct_sale where ordered_date_key = '2024-11-30'",
    "update associative.fct_target set reached_amount = reached_amount + 1"
    " where period_start = date '2025-10-01'",
    "update associative.fct_competitor_purchase"
    " set company_purchase_amount = company_purchase_amount + 1"
    " where purchased_date_key between '2025-11-01' and '2025-11-30'",
    "update associative.fct_customer_standing set net_amount = 0"
    " where month_key = '2024-11-01'",
)
TOUCHED = {
    "agg_business": {"2024-11-01", "2024-12-01", "2025-11-01"},
    "agg_contribution": {"2025-10-01"},
    "agg_share_of_wallet": {
        *("month 2025-11-01", "quarter 2025-10-01", "year 2025-01-01"),
    },
    "agg_source_quality": set(),
    "agg_concentration": {"2024-11-01"},
}
"""The periods that these changes touch: of the page of the business, also the months
that stand beside theirs. For the customer who is deleted come all months since."""


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


def kept(connection: duckdb.DuckDBPyConnection, name: str) -> set[str]:
    """Return the periods of an aggregate in which the mark still stands."""
    measure, period = MARKED[name]
    found = connection.execute(
        f"select distinct {period} from aggregates.{name}"  # noqa: S608
        f" where {measure} = -1"
    )
    return {str(start) for (start,) in found.fetchall()}


def periods(connection: duckdb.DuckDBPyConnection, name: str, rows: str) -> set[str]:
    """Return the periods that some rows of an aggregate are of."""
    found = connection.execute(
        f"select distinct {MARKED[name][1]} from ({rows})"  # noqa: S608
    )
    return {str(start) for (start,) in found.fetchall()}


def month_of_a_customer_deleted(connection: duckdb.DuckDBPyConnection) -> str:
    """Mark one first seen in the middle of a month as deleted; return the month."""
    ((customer, month),) = connection.execute(
        "select customer_id, date_trunc('month', first_seen_at)::date::varchar"
        " from descriptive.dim_customer where first_seen_at > '2025-03-01'"
        " and day(first_seen_at) between 5 and 25 order by first_seen_at, 1 limit 1"
    ).fetchall()
    connection.execute(
        "update descriptive.dim_customer set is_deleted = true where customer_id = $1",
        [customer],
    )
    return str(month)


def test_only_the_periods_that_changed_are_built_anew(
    demo_copy: House, manifest_of: Callable[[str], Manifest]
) -> None:
    """Facts change in one place, and every row is marked: elsewhere the mark stays."""
    work = str(demo_copy.settings.places.work)
    said = aggregates(manifest_of("demo"))
    with duckdb.connect(work) as connection:
        month = month_of_a_customer_deleted(connection)
        for change in CHANGES:
            connection.execute(change)
        for name, (measure, _) in MARKED.items():
            connection.execute(
                f"update aggregates.{name} set {measure} = -1"  # noqa: S608
            )
        had = {
            name: periods(connection, name, f"from aggregates.{name}")
            for name in MARKED
        }
    demo_copy.done("dbt", "run", "--select", *MARKED)
    since = {start for start in had["agg_customer_base"] if start >= month}
    touched = TOUCHED | {"agg_customer_base": since}
    with duckdb.connect(work) as connection:
        connection.execute("set memory_limit = '1GB'")
        for name, (measure, period) in MARKED.items():
            spared = kept(connection, name)
            assert spared == had[name] - touched[name], name
            connection.execute(
                f"delete from aggregates.{name} where {measure} = -1"  # noqa: S608
            )
            inside = f"{period} in ({listed_values(touched[name])})"
            query = f"select * from ({said[name]['saves']}) where {inside}"  # noqa: S608
            assert differences(connection, name, query) == 0, name
        assert not periods(
            connection, "agg_concentration", "from aggregates.agg_concentration"
        )


def listed_values(values: set[str]) -> str:
    """Write texts as SQL; one that is none of them where there are none."""
    return ", ".join(f"'{value}'" for value in sorted(values)) or "''"
