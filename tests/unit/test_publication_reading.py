"""A reading session reaches its release and nothing else of the machine."""

import time
from pathlib import Path

import duckdb
import pytest
from publication_world import make_settings, publish_world

from pipelines.cli.look import sql as ask
from warehouse.errors import ClienteleError, WrongUseError
from warehouse.publication import current_release, open_release, run_sql
from warehouse.settings import Settings


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Return the settings of a house with one release."""
    settings = make_settings(tmp_path_factory.mktemp("house"))
    publish_world(settings, last_load_id=1)
    return settings


def test_nothing_published_is_said(tmp_path: Path) -> None:
    """Before the first night, a reader is told to run one."""
    settings = make_settings(tmp_path)
    assert current_release(settings) is None
    with pytest.raises(WrongUseError, match=r"nothing is published.*clientele night"):
        open_release(settings)


def test_sql_returns_names_and_at_most_the_rows_asked_for(settings: Settings) -> None:
    """The limit holds whatever the statement says."""
    columns, rows = run_sql(
        settings,
        "select customer_id, city from descriptive.dim_customer order by all",
        limit=2,
    )
    assert columns == ["customer_id", "city"]
    assert rows == [("c1", "City 1"), ("c10", "City 3")]


@pytest.mark.parametrize(("limit", "is_said"), [(499, True), (500, False)])
def test_the_command_says_that_there_are_more_rows(
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    limit: int,
    is_said: bool,
) -> None:
    """Nobody takes the first thousand rows for all of them."""
    monkeypatch.setenv("CLIENTELE_HOME", str(settings.home))
    monkeypatch.setenv("CLIENTELE_COMPANY", settings.company)
    query = "select customer_id from descriptive.dim_customer limit 500"
    ask(query, restricted=False, limit=limit, timeout=60)
    shown = capsys.readouterr()
    assert len(shown.out.splitlines()) == limit + 1
    assert ("--limit" in shown.err) == is_said


def test_identifiers_are_there_only_when_asked_for(settings: Settings) -> None:
    """The restricted file is not even attached otherwise."""
    sql = "select count(email) from restricted.descriptive.dim_customer"
    with pytest.raises(WrongUseError, match="does not exist"):
        run_sql(settings, sql)
    assert run_sql(settings, sql, restricted=True)[1] == [(500,)]


def test_two_kinds_of_session_may_be_open_at_once(settings: Settings) -> None:
    """One process may hold both on the same files."""
    with (
        open_release(settings) as plain,
        open_release(settings, restricted=True) as cleared,
    ):
        sql = "select count(*) from descriptive.dim_customer"
        assert plain.execute(sql).fetchall() == cleared.execute(sql).fetchall()


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_text('/etc/hostname')",
        "from '/etc/hostname'",
        "select * from glob('*')",
        "select * from read_blob('{marts}')",
        "select * from read_blob('{restricted}')",
        "attach '{restricted}' as other (read_only)",
        "attach '{work}' as other (read_only)",
        "copy (select 1) to '{folder}/out.csv'",
        "copy (select 1) to '{marts}' (use_tmp_file false, format csv)",
        "copy (select 1) to '{marts}.wal' (use_tmp_file false, format csv)",
        "export database '{folder}/out'",
        "install httpfs",
        "load httpfs",
        "create table marts.main.mine (a int)",
        "delete from descriptive.dim_customer",
        "set enable_external_access = true",
        "set disabled_filesystems = ''",
        "reset lock_configuration",
        "set temp_directory = '/tmp'",
        "from settings",
    ],
)
def test_a_session_cannot_reach_out(settings: Settings, sql: str) -> None:
    """No other file, extension, setting or variable, and no way to write."""
    release = current_release(settings)
    assert release is not None
    before = sorted(release.folder.iterdir())
    with pytest.raises(WrongUseError):
        run_sql(
            settings,
            sql.format(
                marts=release.marts,
                restricted=release.restricted,
                work=settings.places.work,
                folder=release.folder,
            ),
        )
    assert sorted(release.folder.iterdir()) == before
    assert current_release(settings) == release


def test_a_query_that_takes_too_long_is_interrupted(settings: Settings) -> None:
    """Time runs out for the query, not for the reader."""
    started = time.monotonic()
    with pytest.raises(ClienteleError, match=r"longer than 0\.2 seconds"):
        run_sql(
            settings,
            "select count(*) from range(10000000) as a, range(10000000) as b "
            "where hash(a.range, b.range) = 0",
            timeout_seconds=0.2,
        )
    assert time.monotonic() - started < 5


def test_an_open_session_outlives_five_publications(tmp_path: Path) -> None:
    """It keeps reading its own release, though that was removed meanwhile."""
    settings = make_settings(tmp_path)
    publish_world(settings, last_load_id=1)
    sql = "select any_value(lifetime_amount), count(city) from descriptive.dim_customer"
    with open_release(settings) as connection:
        for load_id in range(2, 7):
            publish_world(settings, last_load_id=load_id)
        assert connection.execute(sql).fetchall() == [(1, 500)]
    assert run_sql(settings, sql)[1] == [(6, 500)]


def test_a_cut_file_is_said_to_be_damaged(tmp_path: Path) -> None:
    """The message leads to the way back."""
    settings = make_settings(tmp_path)
    release = publish_world(settings, last_load_id=1)
    release.marts.chmod(0o640)
    with release.marts.open("r+b") as file:
        file.truncate(100)
    with pytest.raises(ClienteleError, match=r"cannot be opened.*clientele rollback"):
        open_release(settings)


def test_a_stale_log_beside_a_release_is_not_replayed(tmp_path: Path) -> None:
    """A log of another database is refused or passed over."""
    settings = make_settings(tmp_path)
    release = publish_world(settings, last_load_id=1)
    release.folder.chmod(0o750)
    foreign = tmp_path / "foreign.duckdb"
    connection = duckdb.connect(
        foreign, config={"storage_compatibility_version": "v1.5.0"}
    )
    connection.execute("create schema descriptive")
    connection.execute("create table descriptive.planted (a int)")
    log = foreign.with_name("foreign.duckdb.wal").read_bytes()
    connection.close()
    (release.folder / "marts.duckdb.wal").write_bytes(log)
    try:
        with open_release(settings) as connection:
            found = connection.execute("show all tables").fetchall()
    except ClienteleError:
        return
    assert "planted" not in [row[2] for row in found]
