"""What a policy of retention lets go, and what it may never touch."""

import os
import shutil
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest
import yaml
from publication_world import make_settings, publish_world
from receiving_world import GOOD, HEADER, World, table

from pipelines import clearing
from pipelines.clearing import clear_night, noted_clearing
from pipelines.resources import House
from pipelines.transformation import Transformation
from warehouse.clock import SteppingClock
from warehouse.company import read_company
from warehouse.errors import ContractError
from warehouse.publication import releases
from warehouse.receiving.settled import open_files, settled_files
from warehouse.retention.clearing import Cleared, clear_out
from warehouse.retention.policy import RetentionPolicy
from warehouse.settings import Settings

MONDAY, TUESDAY = date(2024, 1, 8), date(2024, 1, 9)
TINY = Path(__file__).parents[1] / "companies" / "tiny"
LATER = datetime(2024, 2, 1) + timedelta(days=31)


@pytest.fixture
def house(tmp_path: Path) -> World:
    """A company with files in landing of every fate."""
    made = World(tmp_path, table(keys=["id"]), settle_seconds=0)
    made.receive(HEADER + GOOD, "people-1")
    made.receive(HEADER + GOOD, "people-2")
    made.deliver(b"<html>no data</html>", "people-refused")
    made.deliver(HEADER + b"broken\n", "people-refused.csv")
    made.night()
    made.deliver(b"anything", "notes.txt")
    made.deliver(HEADER + GOOD, "people-waiting", on=TUESDAY)
    return made


def names(paths: Iterable[Path]) -> list[str]:
    """Return the names of files."""
    return [path.name for path in paths]


def test_only_what_was_received_is_done_with(house: World) -> None:
    """A repeat was received too; refused, unclaimed and waiting files were not."""
    refused = {
        name
        for name, status in house.rows("select delivered_name, status from ledger.load")
        if status == "refused"
    }
    assert refused
    done = settled_files(house.settings, house.company)
    assert set(names(done)) == {"people-1", "people-2", "people-refused.csv"} - refused
    rest = set(names(open_files(house.settings, house.company)))
    assert rest == refused | {"notes.txt", "people-waiting"}


def test_a_received_file_stays_its_days_and_then_goes(house: World) -> None:
    """Counted from when it was received; nothing else goes, however old."""
    soon = datetime(2024, 2, 1) + timedelta(days=29)
    assert clear_out(house.settings, house.company, now=soon) == Cleared(0, 0, 0)
    rest = open_files(house.settings, house.company)
    gone = settled_files(house.settings, house.company)
    cleared = clear_out(house.settings, house.company, now=LATER)
    assert cleared == Cleared(len(gone), 0, 0)
    landing = house.settings.places.landing
    assert sorted(path for path in landing.rglob("*") if path.is_file()) == sorted(rest)
    assert house.waits() == ["people-waiting"]
    assert clear_out(house.settings, house.company, now=LATER) == Cleared(0, 0, 0)


def test_a_file_that_was_changed_since_or_whose_bytes_are_lost_stays(
    house: World,
) -> None:
    """It is then the only copy there is."""
    first, second = (
        house.settings.places.landing / MONDAY.isoformat() / name
        for name in ("people-1", "people-2")
    )
    first.write_bytes(HEADER + b"7,New,30,1990-01-01,1.50\n")
    [[sha256]] = house.rows(
        "select sha256 from ledger.load where delivered_name = 'people-2'"
    )
    (house.settings.places.deliveries / sha256).unlink()
    clear_out(house.settings, house.company, now=LATER)
    assert first.exists()
    assert second.exists()


def test_a_file_that_is_laid_anew_while_others_go_stays(
    house: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A system corrects a file under its name, and nobody has read it yet."""
    unlink = Path.unlink
    first, second = (
        house.settings.places.landing / MONDAY.isoformat() / name
        for name in ("people-1", "people-2")
    )

    def correct(file: Path) -> None:
        unlink(file)
        if file == first:
            second.write_bytes(HEADER + b"7,New,30,1990-01-01,1.50\n")

    monkeypatch.setattr(Path, "unlink", correct)
    before = len(settled_files(house.settings, house.company))
    cleared = clear_out(house.settings, house.company, now=LATER)
    assert not first.exists()
    assert second.read_bytes() == HEADER + b"7,New,30,1990-01-01,1.50\n"
    assert (cleared.received_files, cleared.stuck) == (before - 1, 0)


def test_a_folder_that_the_company_names_itself_is_not_ours(house: World) -> None:
    """Its systems deliver there, and may want to look back."""
    landing = house.settings.places.landing
    landing.rename(house.folder / "theirs")
    house.company = house.company.model_copy(update={"landing": "theirs"})
    assert settled_files(house.settings, house.company) == {}
    assert clear_out(house.settings, house.company, now=LATER).received_files == 0


def test_logs_go_by_age_and_those_of_the_last_night_stay(house: World) -> None:
    """However long ago the last night was."""
    places = house.settings.places
    (places.data_docs / "older").mkdir(parents=True)
    stay = {"dbt.log", "nights.jsonl", "checks/index.html"}
    for name in (*stay, "dbt.log.1", "checks/older/old.html"):
        file = places.logs / name
        file.write_text("said", encoding="utf-8")
        long_ago = datetime(2024, 1, 1, tzinfo=UTC).timestamp()
        os.utime(file, (long_ago, long_ago))
    (places.logs / "dbt.log.2").write_text("said", encoding="utf-8")
    assert clear_out(house.settings, house.company, now=LATER).log_files == 2
    left = {path for path in places.logs.rglob("*") if path.is_file()}
    assert left == {places.logs / name for name in (*stay, "dbt.log.2")}


def test_what_cannot_be_removed_is_counted(
    house: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The landing folder may belong to whoever delivers; a night ends all the same."""

    def refuse(file: Path) -> None:
        raise PermissionError(13, "Permission denied", str(file))

    count = len(settled_files(house.settings, house.company))
    monkeypatch.setattr(Path, "unlink", refuse)
    cleared = clear_out(house.settings, house.company, now=LATER)
    assert (cleared.received_files, cleared.stuck) == (0, count)


def test_dagster_forgets_runs_by_age(house: World) -> None:
    """Those that ended; what it counts is what the night tells."""
    with dg.DagsterInstance.ephemeral() as instance:
        job = dg.JobDefinition(
            graph_def=dg.GraphDefinition(name="nothing"), name="nothing"
        )
        old = instance.create_run_for_job(job, status=dg.DagsterRunStatus.SUCCESS)
        instance.create_run_for_job(job, status=dg.DagsterRunStatus.STARTED)
        stored = house.settings.places.dagster / "storage" / old.run_id
        stored.mkdir(parents=True)
        counted = []
        for days in (1, 89, 91):
            now = datetime.now(UTC).replace(tzinfo=None) + timedelta(days=days)
            kept = House(
                house.settings,
                house.company,
                Transformation(house.settings, house.company),
                SteppingClock(now),
            )
            counted.append(clear_night(kept, instance, pytest.fail)["cleared_runs"])
        assert counted == [0, 0, 1]
        assert not stored.exists()
        [left] = instance.get_runs()
        assert left.status == dg.DagsterRunStatus.STARTED


def test_a_clearing_that_fails_fails_no_night(
    house: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The release is out by then; the night says what is wrong, and what to do."""

    def full(*_: object, **__: object) -> Cleared:
        raise OSError(28, "No space left on device", "/logs")

    monkeypatch.setattr(clearing, "clear_out", full)
    transformation = Transformation(house.settings, house.company)
    kept = House(house.settings, house.company, transformation, house.clock)
    heard: list[str] = []

    @dg.asset
    def release(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
        cleared = clear_night(kept, context.instance, heard.append)
        return dg.MaterializeResult(metadata=cleared)

    with dg.DagsterInstance.ephemeral() as instance:
        result = dg.materialize([release], instance=instance, raise_on_error=False)
    assert result.success
    assert noted_clearing(result) == ({}, *heard)
    assert "not cleared out: the disk is full (/logs). The release is out" in heard[0]


def test_a_company_states_its_own_policy(tmp_path: Path) -> None:
    """What it does not state has its default; a policy that cannot be is refused."""
    companies = tmp_path / "companies"
    shutil.copytree(TINY, companies / "tiny")
    settings = Settings(company="tiny", home=tmp_path, companies=companies)
    assert read_company(settings).retention == RetentionPolicy()
    file = companies / "tiny" / "company.yml"
    stated = yaml.safe_load(file.read_text("utf-8"))
    stated["retention"] = {"releases": 5, "backups": {"last": 9}}
    file.write_text(yaml.safe_dump(stated), encoding="utf-8")
    policy = read_company(settings).retention
    assert (policy.releases, policy.received_days, policy.backups.last) == (5, 30, 9)
    stated["retention"] = {"releases": 1}
    file.write_text(yaml.safe_dump(stated), encoding="utf-8")
    with pytest.raises(ContractError, match="releases"):
        read_company(settings)


def test_as_many_releases_are_kept_as_is_said(tmp_path: Path) -> None:
    """The newest of them."""
    settings = make_settings(tmp_path)
    for load_id in (1, 2, 3):
        publish_world(settings, last_load_id=load_id, kept=2)
    assert [each.release for each in releases(settings)] == ["r-000002", "r-000003"]
