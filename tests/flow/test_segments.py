"""Segments, targets and how the business stands, on a finished night of the demo."""

import json
import re
from pathlib import Path

import duckdb
import pytest
from house import House

from warehouse.demo.habits import OFFICE_GOODS
from warehouse.demo.planning import STRETCHED_CATEGORY
from warehouse.settings import PROJECT_ROOT

EXAMPLE = re.compile(r"^```sql\n(.*?)^```\n\n```text\n(.*?)^```", re.M | re.S)
PAGE = PROJECT_ROOT / "docs" / "segments.md"


@pytest.fixture(scope="module")
def marts(demo_night: House) -> duckdb.DuckDBPyConnection:
    """The release of the demo."""
    release = demo_night.settings.places.published / "current" / "marts.duckdb"
    return duckdb.connect(str(release), read_only=True)


def test_the_page_prints_what_is_answered(marts: duckdb.DuckDBPyConnection) -> None:
    """Each query of the page, and below it what it comes to."""
    page = PAGE.read_text(encoding="utf-8")
    examples = EXAMPLE.findall(page)
    assert len(examples) == page.count("```sql")
    for query, printed in examples:
        found = marts.execute(query).fetchall()
        lines = [" | ".join(str(value) for value in row) for row in found]
        assert lines == printed.splitlines()


def test_weights_of_a_scheme_add_up_to_one_at_any_moment(
    marts: duckdb.DuckDBPyConnection,
) -> None:
    """Measures may be added over segments that overlap."""
    wrong = marts.execute(
        "select customer_id, scheme_code, stretch.valid_from, "
        "sum(others.weight) as total "
        "from associative.bridge_customer_segment as stretch "
        "inner join associative.bridge_customer_segment as others "
        "using (customer_id, scheme_code) "
        "where others.valid_from <= stretch.valid_from "
        "and others.valid_to > stretch.valid_from "
        "group by all having abs(total / count(distinct stretch.segment_code) - 1) "
        "> 0.0001"
    ).fetchall()
    assert wrong == []


def test_who_is_in_a_segment_now_is_who_the_last_look_put_there(
    marts: duckdb.DuckDBPyConnection,
) -> None:
    """The bridge and the snapshot tell the same of today, in every scheme."""
    wrong = marts.execute(
        "with latest as (from associative.fct_customer_standing where as_of_date = "
        "(select max(as_of_date) from associative.fct_customer_standing)), "
        "told as (select customer_id, unnest([rfm_segment_code, "
        "life_cycle_segment_code, value_segment_code] || "
        "string_split(trim(coalesce(own_segment_codes, ''), ','), ',')) as code "
        "from latest), held as (select customer_id, segment_code as code "
        "from associative.bridge_customer_segment where is_current) "
        "select count(*) from ((select * from told where code <> '' except from held) "
        "union all (from held except from told))"
    ).fetchone()
    assert wrong == (0,)


def test_every_segment_that_excludes_others_is_found(
    marts: duckdb.DuckDBPyConnection,
) -> None:
    """No rule of ours is one that nobody can fulfil."""
    empty = marts.execute(
        "select segment_code from associative.dim_segment "
        "where scheme_code not in ('base', '_unknown') "
        "and segment_code not in ('life_deleted') and segment_code not in "
        "(select segment_code from associative.bridge_customer_segment)"
    ).fetchall()
    assert empty == []


def test_the_category_whose_targets_are_too_high_falls_short(
    marts: duckdb.DuckDBPyConnection,
) -> None:
    """Planted by the planning desk: it attains far less than the others together."""
    [[stretched, others]] = marts.execute(
        "select sum(reached_amount) filter (scope_code = $1) "
        "/ sum(due_amount) filter (scope_code = $1), "
        "sum(reached_amount) filter (scope_code <> $1) "
        "/ sum(due_amount) filter (scope_code <> $1) "
        "from aggregates.agg_contribution where scope_level = 'category' "
        "and period_start < date '2026-01-01'",
        [STRETCHED_CATEGORY],
    ).fetchall()
    assert stretched < others / 2


def test_organisations_are_found_to_like_office_goods(
    marts: duckdb.DuckDBPyConnection,
) -> None:
    """Planted in their habits: they spend more of their money there than the base."""
    liked = marts.execute(
        "select sum(amount_pct), sum(base_amount_pct) "
        "from aggregates.agg_segment_product where segment_code = 'big_buyers' "
        "and product_level = 'category' and product_code in (select unnest($1))",
        [OFFICE_GOODS],
    ).fetchone()
    assert liked is not None
    assert float(liked[0]) > 1.5 * float(liked[1])


def test_what_is_low_has_an_action_and_nothing_else_has(
    marts: duckdb.DuckDBPyConnection,
) -> None:
    """Low contributors come with what to do about them."""
    found = marts.execute(
        "select bool_and(is_low = (suggested_action_code is not null)), "
        "count(*) filter (is_low) > 0 "
        "from aggregates.agg_contribution where scope_level = 'customer'"
    ).fetchone()
    assert found == (True, True)


def test_the_effects_are_told(demo_night: House) -> None:
    """What the tests above find is in the truth."""
    file: Path = demo_night.settings.places.root / "truth" / "effects.json"
    told = json.loads(file.read_text(encoding="utf-8"))
    assert {"target.stretch", "habit.office_pct"} <= set(told)
