"""`clientele status` on every state that a house can be in, and what it calls wrong."""

from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
from night_world import Nights, open_company
from publication_world import make_settings, publish_world
from status_world import MEMBERS, entry, look, seen

from pipelines.nights import last_nights
from pipelines.screen import WIDTH, screen
from pipelines.troubles import conditions
from pipelines.wording import ago, lasting, size, span
from warehouse.database import attach, session
from warehouse.locking import one_writer
from warehouse.notifying.model import Event
from warehouse.operations import FailedCheck, Trouble
from warehouse.operations.journal import write_entry
from warehouse.publication import rollback
from warehouse.publication.release import MANIFEST
from warehouse.settings import Settings


@pytest.fixture
def published(tmp_path: Path) -> Settings:
    """A house with two releases."""
    settings = make_settings(tmp_path)
    for load_id in (1, 2):
        publish_world(settings, last_load_id=load_id)
    return settings


@pytest.fixture
def tiny(tmp_path: Path) -> Nights:
    """The tiny company, to which nothing was delivered."""
    return open_company(tmp_path, "tiny")


def test_a_house_that_never_ran_says_so(tiny: Nights) -> None:
    """And nothing is made by looking."""
    status = look(tiny.settings)
    assert "nothing yet" in seen(status)
    assert "none so far" in seen(status)
    assert not tiny.settings.places.root.exists()
    assert [each.event for each in conditions(status)] == []


def test_a_night_at_work_is_shown(tiny: Nights) -> None:
    """With the process that it is, and no outcome yet."""
    open_entry = entry(ended_at=None, result=None, load_after=None)
    with one_writer(tiny.settings):
        write_entry(tiny.settings, open_entry)
        status = look(tiny.settings)
    assert "A night is running, as process" in seen(status)
    assert [night.result for night in status.nights] == ["running"]
    assert conditions(status) == []


def test_a_batch_that_a_later_run_went_on_with_counts_for_both(tiny: Nights) -> None:
    """Each run is told of with what came in it."""
    ann, bo = "1,Ann,,Bonn\n", "2,Bo,,Bonn\n"
    for name, rows in (("members.csv", ann), ("members-2.csv", ann + bo)):
        tiny.deliver("2026-01-09", name, MEMBERS + rows)
        tiny.receive()
    died = entry(ended_at=None, result=None, load_after=None, release=None)
    journal = [died, entry(run_id="two", load_before=1, load_after=2)]
    with session(tiny.settings) as connection:
        attach(connection, tiny.settings.places.ledger_copy, alias="copy")
        told = last_nights(connection, journal, is_running=False)
        batches = connection.execute("select distinct batch_id from copy.ledger.load")
        assert batches.fetchall() == [(1,)]
    assert [(each.result, each.deliveries) for each in told] == [
        ("published", 1),
        ("died", 1),
    ]


def test_a_night_that_died_is_wrong(tiny: Nights) -> None:
    """It began, nobody holds the lock, and it never said how it ended."""
    write_entry(tiny.settings, entry(ended_at=None, result=None, load_after=None))
    status = look(tiny.settings)
    assert [night.result for night in status.nights] == ["died"]
    [wrong] = conditions(status)
    assert wrong.event is Event.NIGHT_FAILED
    assert "clientele night" in seen(status)


def test_a_failed_night_is_wrong_until_one_goes_through(tiny: Nights) -> None:
    """What stopped it stands there with its mend."""
    trouble = Trouble(
        what="dbt failed in dim_x", where="stage marts", mend="See a log."
    )
    write_entry(tiny.settings, entry(result="failed", trouble=trouble))
    said = seen(look(tiny.settings))
    assert "dbt failed in dim_x" in said
    assert "-> See a log." in said
    write_entry(tiny.settings, entry(run_id="two"))
    assert conditions(look(tiny.settings)) == []


def test_checks_that_held_a_night_are_named_with_their_next_step(tiny: Nights) -> None:
    """They are not in the published version, which is the one before."""
    check = FailedCheck(
        severity="error",
        outcome="failed",
        table_name="behavioural.fct_sale",
        check_name="unique",
        message="2 rows fail",
        next_step="Look for the repeated key.",
    )
    told = check.model_copy(update={"severity": "warning", "check_name": "other"})
    trouble = Trouble(what="1 checks did not pass", where="gate", mend="See below.")
    held = entry(result="held", trouble=trouble, checks=[check, told])
    write_entry(tiny.settings, held)
    wrong = conditions(look(tiny.settings))
    assert [each.event for each in wrong] == [
        Event.PUBLICATION_HELD,
        Event.CHECK_FAILED,
    ]
    said = seen(look(tiny.settings))
    assert "unique did not pass: 2 rows fail" in said
    assert "-> Look for the repeated key." in said
    assert "other" not in said


def test_a_rollback_is_told(published: Settings) -> None:
    """Who looks must know that a later release lies beside."""
    assert "rolled back" not in seen(look(published))
    rollback(published)
    status = look(published)
    assert (status.release, status.newer) == ("r-000001", ["r-000002"])
    assert "rolled back from r-000002" in " ".join(seen(status).split())


@pytest.mark.parametrize("file", [MANIFEST, "marts.duckdb"])
def test_a_broken_release_is_told_and_hides_nothing_else(
    published: Settings, file: str
) -> None:
    """What the ledger and the journal know is still there."""
    write_entry(published, entry())
    broken = published.places.current.resolve() / file
    broken.chmod(0o640)
    broken.write_bytes(b"cut")
    status = look(published)
    [wrong] = conditions(status)
    assert wrong.event is Event.DATA_UNREADABLE
    said = seen(status)
    assert "clientele rollback" in said
    assert "4 m 00 s" in said


def test_a_refused_delivery_is_wrong_with_its_mend(tiny: Nights) -> None:
    """It is named once, and not again as the night that it held."""
    tiny.deliver("2026-01-09", "members.csv", b"")
    with pytest.raises(Exception, match="refused"):
        tiny.receive("2026-01-09")
    write_entry(tiny.settings, entry(result="held", load_after=2))
    status = look(tiny.settings)
    [wrong] = conditions(status)
    assert wrong.event is Event.PUBLICATION_HELD
    assert "members.csv" in wrong.trouble.what
    [night] = status.nights
    assert (night.deliveries, night.refused) == (1, 1)
    assert "empty_file" in seen(status)


def test_rows_in_quarantine_wait_for_a_person_by_reason(tiny: Nights) -> None:
    """Deliveries that no run of the journal received make a night of their own."""
    rows = MEMBERS + "1,Ann\n2,Bo,bo@example.com,Bonn\n3,Cy\n"
    tiny.deliver("2026-01-09", "members.csv", rows)
    tiny.receive("2026-01-09")
    status = look(tiny.settings)
    assert status.quarantined == [("too_few_fields", 2)]
    assert [night.result for night in status.nights] == ["received"]
    assert "2 rows in quarantine (2 too_few_fields)" in seen(status)


def test_many_troubles_still_fit_on_the_screen(tiny: Nights) -> None:
    """The rest is counted."""
    long = [Trouble(what="w " * 300, where="", mend=f"{n} " * 300) for n in range(9)]
    status = look(tiny.settings).model_copy(update={"troubles": long})
    lines = list(screen(status))
    assert "and 4 more kinds" in "\n".join(lines)
    assert max(map(len, lines)) <= WIDTH
    assert len(lines) <= 50


GRADED = """
create schema quality;
create table quality.agg_grade as
select * from (values
    ('source', 'web', 'C', 71.5, -1.0, 'Ask for phones.', date '2026-01-09'),
    ('table', 'shared.dim_x', 'A', 99.0, null, null, date '2026-01-09'),
    ('whole', '_all', 'B', 84.25, -2.0, 'Look at web.', date '2026-01-09'),
    ('whole', '_all', 'A', 86.25, null, null, date '2026-01-08')
) as given (
    subject_type, subject_name, grade, score, score_change, next_step_en, measured_on
)
"""


def test_the_grade_of_the_last_night_is_shown_with_the_worst(
    published: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And what to do next; a release without grades has no such line."""
    assert "Grade" not in seen(look(published))

    def graded(_: Settings) -> duckdb.DuckDBPyConnection:
        connection = duckdb.connect()
        connection.execute(GRADED)
        return connection

    monkeypatch.setattr("pipelines.status.open_release", graded)
    said = " ".join(seen(look(published)).split())
    assert (
        "Grade B (84.2, -2.0) for the whole; worst: web C, shared.dim_x A; "
        "next: Look at web." in said
    )


def test_warnings_of_the_published_version_have_their_next_step(
    published: Settings,
) -> None:
    """What is for information is only counted."""
    warned = [
        ("warning", "failed", "shared.dim_x", "not_null", "2 fail", "Fill it."),
        ("information", "failed", "shared.dim_y", "not_null", "9 fail", "Nothing."),
    ]
    said = seen(look(published).model_copy(update={"checks": warned}))
    assert "did not pass in the published version: 1 of warning, 1 of" in said
    assert "shared.dim_x not_null: Fill it." in said
    assert "dim_y" not in said


def test_troubles_of_one_kind_are_shown_together(tiny: Nights) -> None:
    """Twenty tables of one source that did not come are one thing to do."""
    alike = [Trouble(what=f"file {n}", where="", mend="Ask.") for n in range(20)]
    status = look(tiny.settings).model_copy(update={"troubles": alike})
    said = "\n".join(screen(status))
    assert "file 1\n            and 18 more like these\n            -> Ask." in said


def test_numbers_are_said_as_people_say_them() -> None:
    """Spans of time, sizes, ranges of dates."""
    assert [lasting(9.87), lasting(86), lasting(7260)] == [
        "9.9 s",
        "1 m 26 s",
        "2 h 01 m",
    ]
    assert [size(900), size(45_000_000), size(3 * 10**12)] == [
        "900 B",
        "45 MB",
        "3.0 TB",
    ]
    assert span([date(2026, 1, 5), date(2026, 1, 8)]) == "2026-01-05 to 01-08"
    assert span([]) == "-"
    assert [ago(timedelta(minutes=5)), ago(timedelta(days=3))] == [
        "5 min ago",
        "3 days ago",
    ]
