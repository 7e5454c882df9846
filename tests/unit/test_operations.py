"""What is late, what fills up, and the journal that knows how large it was."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from night_world import Nights, open_company
from status_world import MEMBERS, NOW, ROOM, entry, look

from pipelines.nights import covered_date
from pipelines.status import Status, read_status
from pipelines.troubles import conditions
from warehouse.backup.manifest import LastBackup
from warehouse.clock import SteppingClock
from warehouse.database import attach, session
from warehouse.notifying.model import Event
from warehouse.operations.journal import journal_file, write_entry


@pytest.fixture
def tiny(tmp_path: Path) -> Nights:
    """The tiny company, to which nothing was delivered."""
    return open_company(tmp_path, "tiny")


def test_a_table_that_stays_away_longer_than_ever_is_late(tiny: Nights) -> None:
    """By the rhythm of its own deliveries, up to the date that has ended."""
    for day in (2, 3, 5, 6):
        rows = f"{MEMBERS}1,Ann {day},ann@example.com,Bonn\n"
        tiny.deliver(f"2026-01-0{day}", "members.csv", rows)
        tiny.receive(f"2026-01-0{day}")
    company = tiny.company.model_copy(update={"time_zone": "UTC", "is_sample": False})

    def late(now: datetime) -> list[int]:
        clock = SteppingClock(now)
        found = read_status(tiny.settings, company, clock=clock).late
        assert all(each.table_name == "members" for each in found)
        return [each.days_away for each in found]

    assert late(datetime(2026, 1, 8, 6)) == []
    assert late(datetime(2026, 1, 9, 1)) == []
    assert late(datetime(2026, 1, 9, 6)) == [2]


def test_a_disk_that_will_not_hold_the_next_night_is_wrong() -> None:
    """Or not the next thirty, at the growth of the last."""
    roomy = Status(company="x", now=NOW, disk=ROOM)
    assert conditions(roomy) == []
    for change in ({"free": 10**6}, {"growth": 10**11, "nights_left": 9}):
        disk = ROOM.model_copy(update=change)
        [wrong] = conditions(Status(company="x", now=NOW, disk=disk))
        assert wrong.event is Event.DISK_LOW
        assert "nearly full" in wrong.trouble.what


def test_growth_is_what_a_date_added(tiny: Nights) -> None:
    """A night that ran again for the same date adds none."""
    for number, (day, size_) in enumerate([(1, 100), (2, 220), (2, 900), (4, 1000)]):
        on = [date(2026, 1, day)]
        run_id = f"run {number}"
        write_entry(
            tiny.settings, entry(run_id=run_id, business_dates=on, byte_count=size_)
        )
    disk = look(tiny.settings).disk
    assert disk is not None
    assert disk.growth == 110
    assert disk.nights_left == disk.free // 110


def test_a_line_of_the_journal_that_was_cut_spoils_no_other(tiny: Nights) -> None:
    """A crash may cut the last; the next night's stands on its own line."""
    write_entry(tiny.settings, entry())
    file = journal_file(tiny.settings)
    with file.open("a", encoding="utf-8") as stream:
        stream.write('{"run_id": "cu')
    write_entry(tiny.settings, entry(run_id="two"))
    assert [night.result for night in look(tiny.settings).nights] == ["published"] * 2


def test_a_backup_that_is_too_old_is_wrong() -> None:
    """And that there is none, once something is published that is not made up."""
    published = Status(company="x", now=NOW, release="r-000001", disk=ROOM)
    last = LastBackup(
        backup="b-000007",
        folder=Path("somewhere"),
        made_at=NOW - timedelta(hours=37),
        last_load_id=1,
        release="r-000001",
        bytes=1,
    )

    def wrong(**changes: object) -> list[str]:
        status = published.model_copy(update=changes)
        assert {each.event for each in conditions(status)} <= {Event.BACKUP_OLD}
        return [each.trouble.what for each in conditions(status)]

    assert wrong() == ["no backup was ever made"]
    assert wrong(release=None) == []
    assert wrong(is_sample=True) == []
    assert wrong(backup=last) == ["the last backup was made 37 hours ago"]
    assert wrong(backup=last, backup_after_hours=40) == []


def test_a_release_covers_the_dates_of_all_loads_that_it_rests_on(tiny: Nights) -> None:
    """Also where it was made anew, of no new ones."""
    for day in (5, 6):
        rows = f"{MEMBERS}1,Ann {day},ann@example.com,Bonn\n"
        tiny.deliver(f"2026-01-0{day}", "members.csv", rows)
        tiny.receive(f"2026-01-0{day}")
    with session(tiny.settings) as connection:
        attach(connection, tiny.settings.places.ledger_copy, alias="copy")
        covered = [covered_date(connection, load_id) for load_id in (0, 1, 9)]
    assert covered == [None, date(2026, 1, 5), date(2026, 1, 6)]
