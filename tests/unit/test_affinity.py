"""What is bought together, on baskets whose rules are known, and on a few made up.

The Groceries data is a month of a grocer's till, for which it is printed in many places
how many rules there are; see the README beside it.
"""

from itertools import combinations
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment, FileSystemLoader

TESTS = Path(__file__).parents[1]
GROCERIES = TESTS / "fixtures" / "groceries" / "groceries.csv.gz"
MACROS: Any = (
    Environment(  # noqa: S701 - SQL, not a page
        loader=FileSystemLoader(TESTS.parent / "macros"), extensions=["jinja2.ext.do"]
    )
    .get_template("affinity.sql")
    .module
)
ALL = "'all'"
Rules = dict[tuple[frozenset[str], str], tuple[int, int, int, int]]


def found_rules(
    connection: duckdb.DuckDBPyConnection,
    *,
    support: str,
    confidence: str,
    least: int = 1,
    size: int = 6,
) -> Rules:
    """Run the macros over `market_baskets`; the counts of each rule of all baskets."""
    connection.execute(
        f"""
        create or replace temp table policy as select
            {support}::decimal(9, 8) as minimum_support,
            {confidence}::decimal(9, 8) as minimum_confidence,
            {least} as minimum_basket_count,
            {size} as maximum_set_size
        """
    )
    rows = connection.execute(
        f"with {MACROS.item_sets(ALL)}, {MACROS.association_rules()} "  # noqa: S608
        f"select * from rules where market = {ALL}"
    )
    names = [column[0] for column in rows.description]
    found: Rules = {}
    for values in rows.fetchall():
        row = dict(zip(names, values, strict=True))
        antecedent = {row[f"antecedent_{place}"] for place in range(1, 6)} - {None}
        rule = (frozenset(antecedent), row["consequent_item"])
        assert rule not in found
        found[rule] = (
            *(row["basket_count"], row["antecedent_basket_count"]),
            *(row["consequent_basket_count"], row["total_basket_count"]),
        )
    return found


@pytest.fixture(scope="module")
def groceries() -> duckdb.DuckDBPyConnection:
    """The baskets of the grocer, one row per basket and item."""
    connection = duckdb.connect()
    connection.execute(
        """
        create table market_baskets as
        with lines as (
            select content, row_number() over () as basket_id
            from read_csv(
                $file, columns = {'content': 'varchar'}, delim = chr(9), header = false
            )
        )
        select 'shop' as market, basket_id, unnest(split(content, ',')) as item_id
        from lines
        """,
        {"file": str(GROCERIES)},
    )
    return connection


def test_the_fixture_is_the_data_that_is_cited(
    groceries: duckdb.DuckDBPyConnection,
) -> None:
    """Baskets, items and labels as the package's own summary counts them."""
    assert groceries.execute(
        """
        select
            count(distinct basket_id), count(*), count(distinct item_id),
            count(*) filter (where item_id = 'whole milk')
        from market_baskets
        """
    ).fetchall() == [(9_835, 43_367, 169, 2_513)]


@pytest.mark.parametrize(
    ("support", "confidence", "sizes"),
    [
        ("0.006", "0.25", {2: 150, 3: 297, 4: 16}),
        ("0.001", "0.8", {3: 29, 4: 229, 5: 140, 6: 12}),
    ],
)
def test_groceries_give_the_rules_that_are_known(
    groceries: duckdb.DuckDBPyConnection,
    support: str,
    confidence: str,
    sizes: dict[int, int],
) -> None:
    """463 and 410 rules, of as many items as printed."""
    found = found_rules(groceries, support=support, confidence=confidence)
    lengths = [len(antecedent) + 1 for antecedent, _ in found]
    assert {size: lengths.count(size) for size in set(lengths)} == sizes


def test_the_best_known_rule_has_its_known_measures(
    groceries: duckdb.DuckDBPyConnection,
) -> None:
    """Liquor and red wine bring bottled beer: confidence 0.905, lift 11.2."""
    found = found_rules(groceries, support="0.001", confidence="0.8")
    antecedent = frozenset({"liquor", "red/blush wine"})
    together, before, after, total = found[antecedent, "bottled beer"]
    assert together / total == pytest.approx(0.00193, abs=1e-5)
    assert together / before == pytest.approx(0.9048, abs=1e-4)
    assert together / before / (after / total) == pytest.approx(11.235, abs=1e-3)


def test_what_is_exactly_enough_is_enough() -> None:
    """A share of a half of four baskets is two; a confidence of two thirds is kept."""
    baskets = [{"tea", "milk"}, {"tea", "milk"}, {"tea"}, {"salt"}]
    found = rules_of(baskets, support="0.5", confidence="0.66666666")
    assert found == {
        (frozenset({"tea"}), "milk"): (2, 3, 2, 4),
        (frozenset({"milk"}), "tea"): (2, 2, 3, 4),
    }
    found = rules_of(baskets, support="0.50000001", confidence="0.1")
    assert found == {}


def test_a_policy_limits_the_size_of_sets() -> None:
    """And how few baskets are too few, whatever their share."""
    baskets = [{"a", "b", "c"}] * 3
    assert len(rules_of(baskets, support="0.1", confidence="0.1")) == 9
    assert len(rules_of(baskets, support="0.1", confidence="0.1", size=2)) == 6
    assert rules_of(baskets, support="0.1", confidence="0.1", least=4) == {}


def rules_of(
    baskets: list[set[str]],
    *,
    support: str,
    confidence: str,
    least: int = 1,
    size: int = 6,
) -> Rules:
    """Find the rules of a few baskets."""
    connection = duckdb.connect()
    connection.execute(
        "create table market_baskets (market varchar, basket_id int, item_id varchar)"
    )
    rows = [("shop", n, item) for n, basket in enumerate(baskets) for item in basket]
    if rows:
        connection.executemany("insert into market_baskets values (?, ?, ?)", rows)
    return found_rules(
        connection, support=support, confidence=confidence, least=least, size=size
    )


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.sets(st.sampled_from("abcdefg"), min_size=1), min_size=1, max_size=12),
    st.integers(1, 4),
    st.integers(1, 10),
)
def test_every_rule_is_found_that_counting_finds(
    baskets: list[set[str]], least: int, tenths: int
) -> None:
    """No set is lost on the way up, and none is made up: against all subsets."""

    def holding(items: set[str]) -> int:
        return sum(items <= basket for basket in baskets)

    expected = {}
    for size in range(2, 7):
        for items in map(set, combinations("abcdefg", size)):
            together = holding(items)
            for item in items if together >= least else ():
                before = holding(items - {item})
                if 10 * together >= tenths * before:
                    rule = (frozenset(items - {item}), item)
                    expected[rule] = (together, before, holding({item}), len(baskets))
    found = rules_of(
        baskets, support="0", confidence=str(tenths / 10), least=least, size=6
    )
    assert found == expected


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.sets(
            st.tuples(st.sampled_from("xyz"), st.sampled_from("abcde")), min_size=1
        ),
        min_size=1,
        max_size=16,
    ),
    st.integers(1, 3),
    st.integers(1, 9),
)
def test_each_market_has_the_sets_of_its_part_of_the_baskets(
    baskets: list[set[tuple[str, str]]], least: int, tenths: int
) -> None:
    """However few they are beside all baskets, of which many lie in several."""
    connection = duckdb.connect()
    connection.execute(
        f"""
        create table policy as select 0.{tenths}::decimal(9, 8) as minimum_support,
            {least} as minimum_basket_count, 4 as maximum_set_size;
        create table market_baskets (market varchar, basket_id int, item_id varchar)
        """
    )
    connection.executemany(
        "insert into market_baskets values (?, ?, ?)",
        [
            (market, n, item)
            for n, basket in enumerate(baskets)
            for market, item in basket
        ],
    )
    expected = set()
    for market in ("all", *"xyz"):
        parts = [
            {item for at, item in basket if market in ("all", at)} for basket in baskets
        ]
        total = sum(map(bool, parts))
        for size in range(1, 5):
            for items in map(set, combinations("abcde", size)):
                found = sum(items <= part for part in parts)
                if found >= least and 10 * found >= tenths * total and total:
                    expected.add((market, "".join(sorted(items)), found, total))
    assert expected == set(
        connection.execute(
            f"with {MACROS.item_sets(ALL)} "  # noqa: S608
            f"select market, concat({MACROS.item_columns(6)}), basket_count,"
            " total_basket_count from item_sets"
        ).fetchall()
    )
