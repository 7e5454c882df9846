"""Queries of checks are asked ahead, each once, and what they raise is not lost."""

import threading
from collections.abc import Iterator
from contextlib import closing

import duckdb
import pytest

from expectations.counting import counting, counts_of


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """Return a database with a table, and a sequence that counts its readers."""
    with closing(duckdb.connect()) as opened:
        opened.execute("create table told as select unnest([1, 2, 2]) as number")
        opened.execute("create sequence asked")
        yield opened


def test_a_query_tells_its_one_row_by_the_names_of_its_columns(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    """Counts are told by name, whatever they are."""
    query = "select count(*) as rows_checked, null as rows_failed from told"
    with counting(connection, {query: None}, at_once=2):
        assert counts_of(query) == {"rows_checked": 3, "rows_failed": None}


def test_a_query_that_several_checks_share_is_asked_once(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    """Checks of one scan share it."""
    query = "select nextval('asked') as rows_checked"
    with counting(connection, dict.fromkeys([query, query]), at_once=2):
        assert counts_of(query) == counts_of(query) == {"rows_checked": 1}


def test_a_query_that_cannot_run_raises_where_it_is_told_and_spoils_no_other(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    """A broken check is told as such, and the others are judged."""
    good, bad = "select 1 as rows_checked", "select lost from told"
    with counting(connection, dict.fromkeys([bad, good]), at_once=1):
        assert counts_of(good) == {"rows_checked": 1}
        with pytest.raises(duckdb.BinderException, match="lost"):
            counts_of(bad)


def test_queries_are_asked_beside_one_another(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    """Two queries that wait for each other both end."""
    both = threading.Barrier(2, timeout=20)

    def meet(number: int) -> int:
        both.wait()
        return number

    connection.create_function("meet", meet, side_effects=True)
    queries = [f"select meet({number}::bigint) as rows_checked" for number in (1, 2)]
    with counting(connection, dict.fromkeys(queries), at_once=2):
        assert [counts_of(query)["rows_checked"] for query in queries] == [1, 2]


def test_what_nobody_waits_for_is_not_asked_any_more(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    """A night that ends meanwhile does not wait for the rest of the questions."""
    queries = {f"select nextval('asked'), {number}": None for number in range(500)}
    with pytest.raises(ZeroDivisionError), counting(connection, queries, at_once=1):
        _ = 1 // 0
    [asked] = connection.execute("select nextval('asked')").fetchone() or [500]
    assert asked < 500
