"""Which pairs are compared: within the budget, each once, new ones against all."""

import duckdb
import pytest
from matching_world import profiles, scored

from warehouse.identity.matching import PairBudgetError, score, shipped
from warehouse.identity.matching.blocking import budget_of

CROWD = 1_500
SHARED = "+8613800138000"

POPULATION = """
create or replace temp table profile as
with drawn as (
    select
        range as person,
        source,
        hash(range, source) % 10 as luck
    from range(400)
    cross join (select unnest([1, 2, 3]) as source)
)

select
    row_number() over (order by source, person) as state,
    row_number() over (order by source, person) as record,
    'source ' || source as source_name,
    'person' as party_kind,
    cast(source as bigint) as since,
    case when luck = 9 then 3 else 1000 end as until,
    'given' || person % 40 || ' family' || person % 57 as name_key,
    'family' || person % 57 || ' given' || person % 40 as name_latin,
    false as has_mixed_scripts,
    case when luck > 3 then date '1950-01-01' + cast(person * 37 as integer) end
        as birth_date,
    case when person % 2 = 0 then 'male' else 'female' end as sex_code,
    case when luck > 2 then 'mailbox' || person || '@example.com' end
        as email_standard,
    case when luck > 4 then '+49151' || (1000000 + person // 2) end
        as mobile_standard,
    null::varchar as phone_standard,
    (person // 3) || ' station road' as address_key,
    '10' || person // 20 as postcode_standard,
    'city ' || person // 100 as city,
    null::varchar as national_id_standard,
    null::varchar as organisation_code_standard,
    null::varchar as tax_id,
    case when luck % 2 = 0 then 'M' || person end as member_number,
    null::varchar as website,
    null::varchar as legal_representative
from drawn
where source <> 3 or luck > 5
"""
"""Persons of three sources: families at one address, a mobile shared by two."""


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    """Open an empty session."""
    return duckdb.connect()


def test_too_many_pairs_are_refused_before_any_is_compared(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    """The error names rule, counts, budget and a record, but shows no value."""
    profiles(connection, [{"mobile_standard": SHARED, "source_name": "shop"}] * CROWD)
    with pytest.raises(PairBudgetError) as refused:
        score(connection, shipped("person"), new="profile", everyone="profile")
    said = str(refused.value)
    pairs = CROWD * (CROWD - 1) // 2
    for expected in ("mobile_standard", f"{pairs:,}", f"{CROWD:,}", "1,000,000"):
        assert expected in said
    assert "record 1 of source shop" in refused.value.where
    assert refused.value.counted.record == 1
    assert SHARED not in said
    tables = {name for (name,) in connection.execute("show tables").fetchall()}
    assert not tables & {"scored", "matching_blocked", "matching_state"}


def test_one_newcomer_to_a_crowd_is_within_the_budget(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    """What is counted is what the night would compare, not what it would repeat."""
    crowd = [{"mobile_standard": SHARED}] * CROWD
    profiles(connection, [*crowd, {"mobile_standard": SHARED, "is_new": True}])
    counted = score(connection, shipped("person"), new="newer", everyone="profile")
    assert {one.name: one.pairs for one in counted}["mobile_standard"] == CROWD


def test_the_budget_grows_with_the_states() -> None:
    """Fifty pairs per state, and a million in any case."""
    assert budget_of(10) == 1_000_000
    assert budget_of(1_000_000) == 50_000_000


def test_nights_one_by_one_give_what_all_at_once_gives(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    """Pairs of the new with everyone, night by night, are the pairs of everyone."""
    connection.execute(POPULATION)
    model = shipped("person")
    at_once = scored(connection, model)
    connection.execute("create temp table whole as from profile")
    one_by_one = []
    for night in (1, 2, 3):
        connection.execute(
            "create or replace temp table profile as from whole where since <= ?",
            [night],
        )
        connection.execute(
            "create or replace temp table newer as from profile where since = ?",
            [night],
        )
        one_by_one += scored(connection, model, new="newer")
    assert len(at_once) > 400
    assert sorted(one_by_one) == at_once


def test_threads_and_order_of_rows_change_nothing(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    """Every figure is the same with one thread and with four."""
    connection.execute(POPULATION)
    connection.execute("set threads = 1")
    alone = scored(connection, shipped("person"))
    connection.execute(
        "create or replace temp table profile as from profile order by hash(state)"
    )
    connection.execute("set threads = 4")
    assert scored(connection, shipped("person")) == alone


def test_what_is_left_behind_is_the_pairs_only(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    """The columns are those that the identification reads, rounded."""
    connection.execute(POPULATION)
    before = set(connection.execute("show tables").fetchall())
    scored(connection, shipped("person"))
    assert set(connection.execute("show tables").fetchall()) - before == {("scored",)}
    described = connection.execute("describe scored").fetchall()
    assert [(name, kind) for name, kind, *_ in described] == [
        ("left_state", "BIGINT"),
        ("right_state", "BIGINT"),
        ("match_weight", "DECIMAL(9,4)"),
        ("match_probability", "DECIMAL(9,6)"),
        ("levels", "VARCHAR"),
    ]
    lowest, swapped, twice = connection.execute(
        """
        select
            min(match_probability),
            count_if(left_state >= right_state),
            count(*) - count(distinct (left_state, right_state))
        from scored
        """
    ).fetchall()[0]
    assert float(lowest) >= shipped("person").keep_from
    assert (swapped, twice) == (0, 0)
