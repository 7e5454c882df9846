"""Digests of tables: equal for equal rows, other for anything else."""

from pathlib import Path

import duckdb
import pytest

from warehouse import digest
from warehouse.digest import digest_database, digest_table
from warehouse.errors import ClienteleError

BASE = """
create table base as
select * from (values (1, 'a', date '2026-01-01'), (2, null, null)) as row (n, t, d)
"""


def digest_of(query: str, **options: object) -> str:
    """Digest the rows of a query."""
    with duckdb.connect() as connection:
        connection.execute(BASE)
        connection.execute(f"create table given as {query}")
        return digest_table(connection, "given", **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "same",
    [
        "select d, t, n from base order by n desc",
        "select * from base where n = 2 union all select * from base where n = 1",
    ],
)
def test_the_order_of_rows_and_columns_does_not_count(same: str) -> None:
    """Nothing may depend on the order of groups or threads."""
    assert digest_of(same) == digest_of("select * from base")


@pytest.mark.parametrize(
    "other",
    [
        "select * from base where n = 1",
        "select * from base union all select * from base where n = 1",
        "select n, coalesce(t, '') as t, d from base",
        "select n, coalesce(t, '-') as t, d from base",
        "select n + 1 as n, t, d from base",
    ],
)
def test_any_other_row_gives_another_digest(other: str) -> None:
    """Fewer rows, a row twice, and null are not the same."""
    assert digest_of(other) != digest_of("select * from base")


def test_values_do_not_run_into_each_other() -> None:
    """Each carries its length."""
    one = "select 'ab' as a, 'c' as b"
    other = "select 'a' as a, 'bc' as b"
    assert digest_of(one) != digest_of(other)


def test_an_empty_table_has_a_digest() -> None:
    """It is not that of a row."""
    empty = "select 1 as n where false"
    assert digest_of(empty) == digest_of(empty) != digest_of("select 1 as n")


def test_a_large_table_is_digested_in_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    """In as many as it takes, to the same result."""
    query = "select range as n from range(1000)"
    whole = digest_of(query)
    monkeypatch.setattr(digest, "_ROWS_AT_ONCE", 7)
    assert digest_of(query) == whole


def test_a_floating_point_number_is_refused() -> None:
    """It has no one text; left out, the rest is digested."""
    query = "select 1 as n, 0.1::double as d"
    with pytest.raises(ClienteleError, match="column d is DOUBLE"):
        digest_of(query)
    assert digest_of(query, leave_out=["d"]) == digest_of("select 1 as n")


def test_a_database_is_digested_table_by_table(tmp_path: Path) -> None:
    """Of the schemas asked for, without the columns that only say when."""
    first, second = tmp_path / "first.duckdb", tmp_path / "second.duckdb"
    for file, moment in ((first, "2026-01-01"), (second, "2026-01-02")):
        with duckdb.connect(str(file)) as connection:
            connection.execute("create schema quality; create schema other")
            connection.execute("create table other.given as select 1 as n")
            connection.execute(
                "create table quality.fct_load as "
                f"select 1 as load_id, date '{moment}' as started_at"
            )
    digests = digest_database(first, ["quality", "missing"])
    assert list(digests) == ["quality.fct_load"]
    assert digests == digest_database(second, ["quality"])
    assert digests != digest_database(second, ["quality"], leave_out={})
