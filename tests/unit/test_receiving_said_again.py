"""What was said, and is said again after a date that comes late, is no repeat of it."""

from datetime import timedelta
from pathlib import Path

import pytest
from receiving_world import MONDAY, PEOPLE, World, table

DAYS = [MONDAY + timedelta(days=index) for index in range(6)]
HEADER = b"id,name,born\n"
LAST = """
    select name from raw_crm.people where id = '1'
    order by _delivered_on desc, _load_id desc, _row desc limit 1
"""
CONCLUDED = """
    select name, _delivered_on, _load_id from raw_crm.people
    where _row < 0 order by all
"""


def said(day: int, name: str) -> bytes:
    """Write what a day says of one thing and its moment; no two files are the same."""
    return HEADER + f"1,{name},2000-01-01\n9{day},Day,2000-01-01\n".encode()


def told(folder: Path, delivery: str, *days: tuple[int, str]) -> World:
    """Receive what days say, in the order given."""
    clock = {"clock": "born"} if delivery == "delta" else {}
    described = [*PEOPLE[:2], PEOPLE[3]]
    contract = table(delivery=delivery, keys=["id"], columns=described, **clock)
    world = World(folder, contract, threads=1)
    for day, name in days:
        world.receive(said(day, name), on=DAYS[day])
    return world


@pytest.mark.parametrize("delivery", ["append", "delta"])
def test_a_late_word_between_two_that_are_the_same_is_taken_back(
    tmp_path: Path, delivery: str
) -> None:
    """It becomes known with the late delivery, of the date of the second."""
    world = told(tmp_path, delivery, (0, "Ann"), (2, "Ann"), (1, "Anna"))
    assert world.rows(LAST) == [("Ann",)]
    assert world.rows(CONCLUDED) == [("Ann", DAYS[2], 3)]


def test_a_late_word_counts_until_the_next_that_was_said(tmp_path: Path) -> None:
    """A repeat after that takes back nothing of it; nor does one before it."""
    days = [(0, "Ann"), (1, "Ann"), (4, "Bo"), (5, "Bo"), (3, "Anna")]
    world = told(tmp_path, "append", *days)
    assert world.rows(LAST) == [("Bo",)]
    assert world.rows(CONCLUDED) == []


def test_of_several_repeats_the_first_after_the_late_word_counts(
    tmp_path: Path,
) -> None:
    """The others repeat it again, until another late word comes between."""
    days = [(0, "Ann"), (2, "Ann"), (5, "Ann"), (1, "Anna"), (3, "Anne")]
    world = told(tmp_path, "append", *days)
    assert world.rows(LAST) == [("Ann",)]
    assert world.rows(CONCLUDED) == [("Ann", DAYS[2], 4), ("Ann", DAYS[5], 5)]


def test_a_late_word_that_agrees_concludes_nothing(tmp_path: Path) -> None:
    """Nor does a window that overlaps and comes in order."""
    world = told(tmp_path, "append", (0, "Ann"), (3, "Ann"), (1, "Ann"), (4, "Ann"))
    assert world.rows(CONCLUDED) == []
