"""Measures of quality of the demo, against what was planted in its deliveries."""

import re
from typing import Any

import duckdb
import pytest
from house import House

from warehouse.database import attach
from warehouse.demo.identifiers import KNOWN_BAD_MOBILE
from warehouse.settings import PROJECT_ROOT

PAGE = PROJECT_ROOT / "docs" / "quality.md"
LAST = "2026-01-04"

FAULTS = """
    select {columns}, cast(sum(rows_checked - rows_met) as integer)
    from quality.fct_quality_measure
    where measure_code = ? and entity_name = ? and attribute_name = ?
    group by {columns} having sum(rows_checked - rows_met) > 0
"""


def at_fault(
    house: House, measure: str, entity: str, attribute: str, *, per: str = "source_key"
) -> dict[Any, int]:
    """Count what does not meet a measure in all nights."""
    query = FAULTS.format(columns=per)
    return dict(house.rows(query, [measure, entity, attribute]))


@pytest.fixture(scope="module")
def planted(demo_night: House) -> dict[str, dict[str, int]]:
    """Count what was planted, by kind and source."""
    file = demo_night.settings.places.root / "truth" / "planted.parquet"
    with duckdb.connect() as connection:
        found = connection.execute(
            "select kind, source_name, count(*) from read_parquet(?) group by all",
            [str(file)],
        ).fetchall()
    counts: dict[str, dict[str, int]] = {}
    for kind, source, count in found:
        counts.setdefault(kind, {})[source] = count
    return counts


def test_rows_that_the_door_refused_are_the_bad_rows_that_were_planted(
    demo_night: House, planted: dict[str, dict[str, int]]
) -> None:
    """Each bad row counts once against the entity that its table is mapped to."""
    found = at_fault(demo_night, "validity", "party", "_all") | at_fault(
        demo_night, "validity", "sale", "_all"
    )
    bad = planted["bad_row"]
    assert found == {source: bad[source] for source in found}
    assert {"web", "member", "list_alpha", "list_beta", "list_broker", "till"} == set(
        found
    )


def test_a_number_that_stands_for_none_is_no_valid_one(demo_night: House) -> None:
    """Of mobiles, only the placeholder that was planted is invalid."""
    with duckdb.connect() as connection:
        attach(connection, demo_night.settings.places.work, alias="work")
        expected = connection.execute(
            "select source_name, count(*) from work.input.input_party "
            "where mobile = ? group by all",
            [KNOWN_BAD_MOBILE],
        ).fetchall()
    assert at_fault(demo_night, "validity", "party", "mobile") == dict(expected)
    assert len(expected) >= 3


def test_accounts_opened_twice_are_what_is_redundant_within_a_source(
    demo_night: House, planted: dict[str, dict[str, int]]
) -> None:
    """As counted at the end of the last night; and the interval has room for it."""
    rows = demo_night.rows(
        "select source_key, rows_checked - rows_met, rows_checked, lower_pct, "
        "upper_pct from quality.fct_quality_measure "
        "where measure_code = 'redundancy_within' and measured_on = ?",
        [LAST],
    )
    assert {source: lost for source, lost, *_ in rows if lost} == planted[
        "registered_twice"
    ]
    for _, lost, records, lower, upper in rows:
        assert float(lower) <= 100 - 100 * lost / records <= float(upper) + 0.01


def test_references_without_a_member_are_those_that_the_inputs_show(
    demo_night: House,
) -> None:
    """Sales of products that no night up to theirs had delivered, counted plainly."""
    with duckdb.connect() as connection:
        places = demo_night.settings.places
        attach(connection, places.work, alias="work")
        expected = connection.execute(
            """
            select sale.delivered_on, count(*)
            from work.input.input_sale as sale
            where sale.product_record_id is not null and not exists (
                select 1 from work.input.input_product as product
                where product.source_name = sale.product_source_name
                    and product.product_record_id = sale.product_record_id
                    and product.delivered_on <= sale.delivered_on
            )
            group by all
            """
        ).fetchall()
    assert expected
    assert at_fault(
        demo_night, "integrity", "sale", "product_record_id", per="measured_on"
    ) == dict(expected)


def test_every_measure_has_rows_of_every_night(demo_night: House) -> None:
    """No measure is missing, and none is of a source that the contracts do not name."""
    rows = demo_night.rows(
        "select measure_code, count(distinct measured_on) "
        "from quality.fct_quality_measure group by all"
    )
    assert {nights for _, nights in rows} == {4}
    assert len(rows) == 9


def test_the_page_shows_what_the_release_says(demo_night: House) -> None:
    """The query of the page, asked again."""
    page = PAGE.read_text(encoding="utf-8")
    [query] = re.findall(r"```sql\n(.*?)```", page, re.DOTALL)
    shown = [
        tuple(line.strip("| ").split(" | "))
        for line in page.splitlines()
        if line.startswith("| web |")
    ]
    assert [tuple(map(str, row)) for row in demo_night.rows(query)] == shown


def test_a_rule_about_a_column_that_is_none_is_refused(demo_copy: House) -> None:
    """The night stops, and says which seed to mend."""
    with duckdb.connect(str(demo_copy.settings.places.work)) as connection:
        connection.execute(
            "insert into seeds.consistency_rule "
            "values ('wrong', 'party', 'birth_date', 'not_after', 'born_on')"
        )
    refused = demo_copy.run("dbt", "compile", "--select", "int_quality__values")
    assert refused.returncode != 0
    assert "'party.born_on'" in refused.stdout
    assert "mend the seed" in refused.stdout
