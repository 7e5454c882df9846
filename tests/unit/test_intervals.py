"""The intervals of the aggregates, as SQL, are those of the library and the paper."""

from pathlib import Path

import duckdb
import numpy as np
import pytest
from jinja2 import Environment, FileSystemLoader
from statsmodels.stats.proportion import proportion_confint

MACROS = Path(__file__).parents[2] / "macros"


@pytest.fixture(scope="module")
def intervals() -> list[tuple[float, ...]]:
    """Every count of up to thirty answers for, against and between, with intervals."""
    environment = Environment(  # noqa: S701 - SQL, not a page
        loader=FileSystemLoader(MACROS)
    )
    macros = environment.get_template("intervals.sql").module
    query = f"""
        with counts as (
            select f as liked, u as disliked, n as answers
            from range(0, 31) as a (n), range(0, 31) as b (f), range(0, 31) as c (u)
            where f + u <= n
        )
        select
            liked, disliked, answers,
            {macros.share_columns("liked", "answers", "share")},
            {macros.net_score_columns("liked", "disliked", "answers")}
        from counts
    """  # noqa: S608
    return duckdb.connect().execute(query).fetchall()


def test_the_interval_of_a_share_is_wilsons(
    intervals: list[tuple[float, ...]],
) -> None:
    """To four places of a percent, none and all included."""
    rows = np.array([row[:6] for row in intervals if row[2]], dtype=float)
    lower, upper = proportion_confint(rows[:, 0], rows[:, 2], method="wilson")
    assert rows[:, 3] == pytest.approx(100 * rows[:, 0] / rows[:, 2], abs=6e-5)
    assert rows[:, 4] == pytest.approx(100 * lower, abs=6e-5)
    assert rows[:, 5] == pytest.approx(100 * upper, abs=6e-5)


def test_of_no_answer_nothing_is_said(intervals: list[tuple[float, ...]]) -> None:
    """No share, no score, no interval."""
    assert [row[3:] for row in intervals if not row[2]] == [(None,) * 6]


def test_the_interval_of_a_net_score_holds_it_and_stays_in_range(
    intervals: list[tuple[float, ...]],
) -> None:
    """From -100 to 100, and symmetric when likes and dislikes change sides."""
    known = {row[:3]: row[6:] for row in intervals if row[2]}
    for (liked, disliked, answers), (score, lower, upper) in known.items():
        assert -100 <= lower <= score <= upper <= 100
        assert known[disliked, liked, answers] == (-score, -upper, -lower)


def test_the_interval_of_a_net_score_covers_the_truth() -> None:
    """Of surveys of thirty with a true score of 30, about 95 in a hundred hold it."""
    environment = Environment(  # noqa: S701 - SQL, not a page
        loader=FileSystemLoader(MACROS)
    )
    macros = environment.get_template("intervals.sql").module
    chance = np.random.default_rng(3)
    drawn = chance.multinomial(30, [0.5, 0.2, 0.3], 4_000)
    connection = duckdb.connect()
    connection.execute("create table drawn (liked int, disliked int)")
    connection.execute(
        "insert into drawn select unnest($liked), unnest($disliked)",
        {"liked": drawn[:, 0].tolist(), "disliked": drawn[:, 1].tolist()},
    )
    ((covered,),) = connection.execute(
        f"""
        with measured as (
            select {macros.net_score_columns("liked", "disliked", "30")} from drawn
        )
        select avg((30 between net_score_lower and net_score_upper)::int) from measured
        """  # noqa: S608
    ).fetchall()
    assert 0.93 < covered < 0.97
