"""Tables of a database are read by query, from where the cursor stood."""

import os
import pwd
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from multiprocessing import active_children
from pathlib import Path

import duckdb
import pytest
from duckdb_extensions import import_extension
from pydantic import SecretStr
from receivers import silence
from receiving_world import World, table

from warehouse.errors import UnreachableError, WrongUseError
from warehouse.quarantine import accept
from warehouse.receiving import hold_for_refusals

FIRST, SECOND = date(2024, 1, 8), date(2024, 1, 9)
ITEMS = [
    (1, "bike", "2024-01-08 09:00:00"),
    (2, None, "2024-01-08 15:59:59"),
    (3, 'a "b", c', "2024-01-08 16:00:00"),
]
CONTRACT = {
    "relation": "items",
    "cursor": "changed_at",
    "clock": "changed_at",
    "keys": ["id"],
    "delivery": "delta",
    "columns": [
        {"name": "id", "data_type": "bigint"},
        {"name": "title"},
        {"name": "changed_at", "data_type": "timestamp"},
    ],
}


@pytest.fixture
def shop(tmp_path: Path) -> World:
    """A world whose table lies in an SQLite file of the landing folder."""
    world = World(tmp_path, table(format="sqlite", place="shop.sqlite", **CONTRACT))
    world.settings.places.landing.mkdir(parents=True)
    write(world, "create table items (id integer, title text, changed_at text)")
    for item in ITEMS:
        write(world, "insert into items values (?, ?, ?)", item)
    return world


def write(world: World, statement: str, values: tuple[object, ...] = ()) -> None:
    """Change the SQLite file."""
    with sqlite3.connect(world.settings.places.landing / "shop.sqlite") as connection:
        connection.execute(statement, values)
    connection.close()


def test_a_date_gets_what_changed_before_it_ended_here(shop: World) -> None:
    """Midnight is that of the company."""
    [load] = shop.night(FIRST)
    assert (load.rows_loaded, load.cursor_value) == (2, "2024-01-08 15:59:59")
    [load] = shop.night(SECOND)
    assert (load.rows_loaded, load.cursor_value) == (1, "2024-01-08 16:00:00")
    assert shop.raw("id, title") == [("1", "bike"), ("2", ""), ("3", 'a "b", c')]


def test_a_date_is_read_once(shop: World) -> None:
    """A second run of a night finds nothing new."""
    shop.night(FIRST)
    assert shop.night(FIRST) == []


def test_nothing_new_is_no_error_and_keeps_the_cursor(shop: World) -> None:
    """A quiet day is not a broken one."""
    shop.night(SECOND)
    write(shop, "delete from items")
    [load] = shop.night(date(2024, 1, 10))
    assert load.status in ("loaded", "repeated")
    assert (load.rows_delivered, load.cursor_value) == (0, "2024-01-08 16:00:00")


def test_the_same_rows_give_the_same_bytes(shop: World, tmp_path: Path) -> None:
    """So that a repeat is known as one."""
    [load] = shop.night(SECOND)
    other = World(
        tmp_path / "other", table(format="sqlite", place="shop.sqlite", **CONTRACT)
    )
    other.settings.places.landing.mkdir(parents=True)
    shutil.copy(
        shop.settings.places.landing / "shop.sqlite", other.settings.places.landing
    )
    assert other.night(SECOND)[0].sha256 == load.sha256


def test_a_row_without_a_cursor_is_not_passed_over(shop: World) -> None:
    """It has no place in the order of changes, and would never be read."""
    write(shop, "insert into items values (4, 'lamp', null)")
    write(shop, "insert into items values (5, 'desk', 'yesterday')")
    [load] = shop.night(FIRST)
    assert (load.rows_loaded, load.rows_quarantined) == (2, 2)
    assert load.cursor_value == "2024-01-08 15:59:59"
    codes = {(code, column) for _, _, code, column, _ in shop.quarantine()}
    assert codes == {("required_missing", "changed_at"), ("not_a_date", "changed_at")}


def test_too_many_rows_of_a_database_are_let_in_by_a_person(shop: World) -> None:
    """No row is written down: they are read from the database."""
    limited = CONTRACT | {"rows": {"maximum": 1}}
    shop.sign(table(format="sqlite", place="shop.sqlite", **limited))
    [load] = shop.night(FIRST)
    assert (load.status, load.reason_code) == ("refused", "too_many_rows")
    decision = accept(shop.settings, shop.company, load.load_id, shop.word())
    folder = shop.settings.places.landing / FIRST.isoformat()
    written = [path for path in folder.rglob("*") if path.is_file()]
    assert [path for path in written if path.suffix != ".jsonl"] == [decision]
    [load, _] = shop.night(FIRST)
    assert (load.status, load.rows_loaded) == ("loaded", 2)


def test_a_database_that_is_not_there_is_refused_and_tried_again(
    tmp_path: Path,
) -> None:
    """A source that is down comes back."""
    world = World(tmp_path, table(format="sqlite", place="no.sqlite", **CONTRACT))
    [load] = world.night(FIRST)
    assert (load.status, load.reason_code) == ("refused", "source_unreachable")
    assert len(world.night(FIRST)) == 1


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        (lambda data: b"<html>login</html>" + data, "web_page"),
        (lambda data: b"id,title\n" + data, "wrong_magic"),
        (lambda data: data[:-1], "damaged"),
        (lambda data: data[:90], "damaged"),
    ],
)
def test_a_file_that_is_no_whole_database_is_refused(
    shop: World, harm: Callable[[bytes], bytes], code: str
) -> None:
    """A page that is cut off would read as rows of nothing."""
    file = shop.settings.places.landing / "shop.sqlite"
    file.write_bytes(harm(file.read_bytes()))
    [load] = shop.night(FIRST)
    assert (load.status, load.reason_code) == ("refused", code)


def test_a_database_that_lets_us_in_and_never_answers_is_refused(
    tmp_path: Path,
) -> None:
    """The night goes on without it, and tells of it; no secret is in what it tells."""
    contract = table(format="postgres", place="shop", **CONTRACT)
    with silence() as port:
        secret = SecretStr(f"host=127.0.0.1 port={port} user=x password=hunter2")
        world = World(
            tmp_path, contract, connections={"shop": secret}, connect_seconds=1
        )
        [load] = world.night(FIRST)
        assert (load.status, load.reason_code) == ("refused", "source_unreachable")
        assert load.reason == "the database did not answer within 1 s"
        with pytest.raises(UnreachableError) as held:
            hold_for_refusals(world.settings, world.company)
        assert "CLIENTELE_READ_SECONDS" in held.value.mend
        assert "hunter2" not in str(held.value)
    assert active_children() == []


def _server_programs() -> Path | None:
    """Return where PostgreSQL's programs are, installing them where that is allowed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found and os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {"DEBIAN_FRONTEND": "noninteractive", **os.environ}
        for command in (["update"], ["install", "-y", "postgresql"]):
            subprocess.run(  # noqa: S603 - fixed words
                ["apt-get", "-qq", *command],  # noqa: S607 - the machine's own
                env=quiet,
                check=False,
                capture_output=True,
                timeout=300,
            )
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server of the test's own, on a socket in a folder of its own."""
    programs = _server_programs()
    if programs is None:
        pytest.skip("no PostgreSQL server can be had here")
    folder = Path("/tmp") / f"clientele-pg-{os.getpid()}"  # noqa: S108 - short for a socket
    folder.mkdir(mode=0o700)
    as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    as_user = as_user if os.geteuid() == 0 else []
    if as_user:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)

    def run(*command: str) -> None:
        subprocess.run(  # noqa: S603 - fixed words
            [*as_user, *command], check=True, capture_output=True, timeout=120
        )

    data = folder / "data"
    try:
        run(str(programs / "initdb"), "-D", str(data), "-A", "trust", "-U", "shop")
        options = f"-c listen_addresses='' -k {folder} -c fsync=off"
        control = str(programs / "pg_ctl")
        run(
            control,
            "-D",
            str(data),
            "-o",
            options,
            "-w",
            "-l",
            f"{folder}/log",
            "start",
        )
        try:
            yield f"host={folder} user=shop dbname=postgres"
        finally:
            run(control, "-D", str(data), "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def empty_table(server: str, extensions: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Make the table anew at the server, attached as `pg`."""
    with duckdb.connect(config={"extension_directory": str(extensions)}) as source:
        import_extension("postgres_scanner", con=source)
        source.execute("load postgres_scanner")
        source.execute(f"attach '{server}' as pg (type postgres)")
        source.execute("drop table if exists pg.items")
        source.execute(
            "create table pg.items (id int, title text, changed_at timestamp)"
        )
        yield source


def test_postgres_is_read_from_where_the_cursor_stood(
    server: str, tmp_path: Path
) -> None:
    """Against a real server."""
    contract = table(format="postgres", place="shop", **CONTRACT)
    world = World(tmp_path, contract, connections={"shop": SecretStr(server)})
    with empty_table(server, tmp_path / "extensions") as source:
        source.executemany("insert into pg.items values (?, ?, ?::timestamp)", ITEMS)
    [load] = world.night(FIRST)
    assert (load.status, load.rows_loaded) == ("loaded", 2)
    [load] = world.night(SECOND)
    assert (load.rows_loaded, load.cursor_value) == (1, "2024-01-08 16:00:00")
    assert world.raw("id, title") == [("1", "bike"), ("2", ""), ("3", 'a "b", c')]


def test_a_table_that_is_locked_for_too_long_is_refused(
    server: str, tmp_path: Path
) -> None:
    """Who let us in may fall silent later; the next night reads from where it stood."""
    contract = table(format="postgres", place="shop", **CONTRACT)
    secret = {"shop": SecretStr(server)}
    world = World(tmp_path, contract, connections=secret, read_seconds=1)
    with empty_table(server, tmp_path / "extensions") as source:
        source.execute("begin")
        source.execute(
            "call postgres_execute('pg', 'lock table items in access exclusive mode')"
        )
        [load] = world.night(FIRST)
        assert load.reason_code == "source_unreachable"
        assert load.reason == "the database did not deliver its rows within 1 s"
        source.execute("rollback")
        [load] = world.night(FIRST)
        assert (load.status, load.rows_delivered) == ("loaded", 0)


def test_a_connection_that_is_not_set_is_wrong_use(tmp_path: Path) -> None:
    """The message names the variable to set."""
    world = World(tmp_path, table(format="postgres", place="shop", **CONTRACT))
    with pytest.raises(WrongUseError, match="CLIENTELE_CONNECTIONS__SHOP"):
        world.night(FIRST)


def test_the_secret_is_in_no_message(tmp_path: Path) -> None:
    """Neither in the ledger nor in what settings show."""
    secret = SecretStr("host=/nowhere user=x password=hunter2")
    contract = table(format="postgres", place="shop", **CONTRACT)
    world = World(tmp_path, contract, connections={"shop": secret})
    [load] = world.night(FIRST)
    assert load.reason_code == "source_unreachable"
    assert "hunter2" not in f"{load} {world.settings}"
