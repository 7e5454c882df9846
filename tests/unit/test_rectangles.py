"""Rectangles of valid and known time are joined where they touch, and nowhere else."""

from pathlib import Path
from typing import Any

import duckdb
import pytest
from jinja2 import Environment, FileSystemLoader

MACROS = Path(__file__).parents[2] / "macros"
DAYS = "timestamp '2026-01-01' + to_days"


class _Dbt:
    """The one macro of dbt's own that rectangles need."""

    def datediff(self, first: str, second: str, part: str) -> str:
        """As dbt says it on DuckDB."""
        return f"date_diff('{part}', {first}, {second})"


@pytest.fixture(scope="module")
def told() -> duckdb.DuckDBPyConnection:
    """Squares of some hundred persons, of whom each day says one thing, and joined."""
    environment = Environment(  # noqa: S701 - SQL, not a page
        loader=FileSystemLoader(MACROS)
    )
    template = environment.get_template("rectangles.sql", globals={"dbt": _Dbt()})
    macros: Any = template.module
    connection = duckdb.connect()
    connection.execute(f"""
        create table squares as
        select
            'p' || p as person,
            case when (p * 7 + v * 3 + k * k) % 5 < 3 then 'here' end as place,
            {DAYS}(cast(v as integer)) as valid_from,
            {DAYS}(cast(v + 1 as integer)) as valid_to,
            {DAYS}(cast(k as integer)) as known_from,
            {DAYS}(cast(k + 1 as integer)) as known_to
        from range(0, 120) as a (p), range(0, 6) as b (v), range(0, 6) as c (k)
        where (p + v * k) % 11 > 1 and (p % 10 > 0 or v + k = 0)
    """)  # noqa: S608
    connection.execute(f"""
        create table joined as
        with {macros.joined_rectangles("squares", "person", ["person", "place"])}
        select * from squares_joined
    """)  # noqa: S608
    return connection


def test_what_is_said_of_each_moment_stays(told: duckdb.DuckDBPyConnection) -> None:
    """Cut into squares again, the joined are what they were made of."""
    differing = told.execute("""
        with cut as (
            select person, place, valid_at, known_at
            from joined,
                unnest(range(valid_from, valid_to, interval 1 day)) as v (valid_at),
                unnest(range(known_from, known_to, interval 1 day)) as k (known_at)
        ),
        given as (select person, place, valid_from, known_from from squares)
        (from cut except all from given) union all (from given except all from cut)
    """).fetchall()
    assert differing == []


@pytest.mark.parametrize(("axis", "other"), [("valid", "known"), ("known", "valid")])
def test_what_could_be_joined_is_joined(
    told: duckdb.DuckDBPyConnection, axis: str, other: str
) -> None:
    """Of what was squares, no two that say the same touch along a whole side."""
    row = told.execute(f"""
        select count(*), (select count(*) from squares) from joined as one
        inner join joined as next
            on one.person = next.person and one.{axis}_to = next.{axis}_from
            and one.place is not distinct from next.place
            and one.{other}_from = next.{other}_from
            and one.{other}_to = next.{other}_to
    """).fetchone()  # noqa: S608
    assert row is not None
    assert row[0] == 0 < row[1]
