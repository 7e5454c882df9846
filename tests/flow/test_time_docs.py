"""The worked example of `docs/time.md`, run as it is printed."""

import re
from datetime import date, datetime
from pathlib import Path

import pytest
from history_world import HistoryWorld, make_world
from oracle.given import GivenLink
from oracle.rows import FIRST_LOAD_AT, LOAD_STEP, PartyRow

from warehouse.database import attach, session
from warehouse.publication.definitions import MACROS
from warehouse.settings import PROJECT_ROOT

EXAMPLE = re.compile(r"^```sql\n(.*?)^```\n\n```text\n(.*?)^```", re.M | re.S)
SHOP, LIST = ("shop", "17"), ("list", "9")


def load_at(day: int) -> int:
    """Return the load that was known at two in the morning of a day of January."""
    return (datetime(2026, 1, day, 2) - FIRST_LOAD_AT) // LOAD_STEP


def row(record: tuple[str, str], city: str, *, since: int, known: int) -> PartyRow:
    """Make a delivered row, by days of January."""
    return PartyRow(
        load_id=load_at(known),
        load_row=1,
        source_name=record[0],
        source_record_id=record[1],
        delivered_on=date(2026, 1, known),
        valid_from=datetime(2026, 1, since),
        city=city,
    )


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> HistoryWorld:
    """Build what the page tells of."""
    world = make_world(
        tmp_path_factory.mktemp("example"),
        {"shop": "daily", "list": "once"},
        unique="shop",
    )
    world.deliver(
        [
            row(SHOP, "Leeds", since=1, known=2),
            row(SHOP, "York", since=4, known=5),
            row(LIST, "Bath", since=1, known=6),
            row(SHOP, "Hull", since=4, known=8),
            row(SHOP, "Hull", since=9, known=10),
        ]
    )
    world.link(
        [
            GivenLink(load_at(2), SHOP, "ada"),
            GivenLink(load_at(6), LIST, "bath"),
            GivenLink(load_at(10), LIST, "ada", "bath"),
        ]
    )
    world.build("hist_customer", "bridge_customer_identity")
    return world


def test_the_page_prints_what_is_answered(world: HistoryWorld, tmp_path: Path) -> None:
    """Each query of the page, and below it what it comes to."""
    page = (PROJECT_ROOT / "docs" / "time.md").read_text(encoding="utf-8")
    examples = EXAMPLE.findall(page)
    assert len(examples) == page.count("```sql")
    copy = tmp_path / "copy.duckdb"
    copy.write_bytes(world.settings.places.work.read_bytes())
    with session(world.settings) as connection:
        attach(connection, copy, alias="copied", read_only=False)
        connection.execute("use copied")
        for macro in ("customer_as_of", "identity_as_of"):
            text = (MACROS / f"{macro}.sql").read_text(encoding="utf-8")
            connection.execute(text)
        for query, printed in examples:
            found = connection.execute(query).fetchall()
            lines = [" | ".join(map(str, each)) for each in found]
            assert lines == printed.splitlines(), query
