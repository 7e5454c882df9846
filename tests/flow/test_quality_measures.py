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


SLIPS = {
    "wrong_region": ("consistency", "web", "postcode", "region is not null"),
    "profit_overstated": ("consistency", "crm", "annual_profit_amount", "true"),
    "founded_to_come": ("plausibility", "crm", "founded_year", "true"),
}
"""Of each kind of slip, the measure that finds it, and the rows that it is asked of."""
SLIPPED = """
    select count(*) from work.input.input_party
    inner join read_parquet($1) using (source_name, source_record_id)
    where kind = $2 and not is_deleted and {attribute} is not null and {asked}
"""


@pytest.mark.parametrize("kind", SLIPS)
def test_slips_that_were_planted_are_what_is_found(
    demo_night: House, planted: dict[str, dict[str, int]], kind: str
) -> None:
    """Each row that a record with the slip delivered, and none of another record."""
    measure, source, attribute, asked = SLIPS[kind]
    places = demo_night.settings.places
    with duckdb.connect() as connection:
        attach(connection, places.work, alias="work")
        expected = connection.execute(
            SLIPPED.format(asked=asked, attribute=attribute),
            [str(places.root / "truth" / "planted.parquet"), kind],
        ).fetchone()
    assert planted[kind][source] > 0
    assert expected is not None
    assert expected[0] > 0
    assert at_fault(demo_night, measure, "party", attribute) == {source: expected[0]}


STATED_IN_TIME = """
    with claims as (
        select
            source_key, attribute_name, count(*) as stated,
            count_if(last_claimed_at::date >= $1::date - half_life_days::int) as in_time
        from descriptive.fct_attribute_value
        inner join read_csv($2) using (attribute_group)
        where is_standing
        group by all
    )
    select source_key, attribute_name, rows_checked, stated, rows_met, in_time
    from (
        select * from quality.fct_quality_measure
        where measure_code = 'freshness' and measured_on = $1
    )
    left join claims using (source_key, attribute_name)
"""


def test_a_value_is_as_old_as_the_claim_that_stated_it(demo_night: House) -> None:
    """Of every source and attribute, as provenance dates it; deltas left things out."""
    policy = str(PROJECT_ROOT / "seeds" / "reliability_policy.csv")
    rows = demo_night.rows(STATED_IN_TIME, [LAST, policy])
    assert len(rows) > 50
    assert [row for row in rows if row[2:5:2] != row[3:6:2]] == []
    with duckdb.connect() as connection:
        attach(connection, demo_night.settings.places.work, alias="work")
        carried = connection.execute(
            "select count(*) from work.intermediate.int_party__states "
            "inner join work.input.input_party using (source_name, "
            "source_record_id, load_id, load_row) where valid_to = '9999-12-31' "
            "and left_out like '%,mobile,%' and int_party__states.mobile is not null"
        ).fetchone()
    assert carried is not None
    assert carried[0] > 0


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
