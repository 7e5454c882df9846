"""What it takes to write every table that a night leaves, once, and nothing else.

Run as a process of its own, `rewriting.py HOME`. DuckDB reads each table of archive,
work database and current release, finished as it stands, and writes it to a file that
is removed again: no delivery is read, nothing is computed, checked or compared. A build
that leaves these tables in DuckDB on this machine cannot take less. The last line is
one line of JSON: how many tables and rows.
"""

import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import duckdb

from warehouse.database import attach, identifier, session
from warehouse.settings import Settings


def files(settings: Settings) -> Iterator[Path]:
    """Yield the databases that a night leaves.

    Raises:
        SystemExit: Nothing is published yet.
    """
    places = settings.places
    if not places.current.is_dir():
        raise SystemExit("There is no release: run `make night` first.")
    yield places.archive
    yield places.work
    yield from sorted(places.current.resolve().glob("*.duckdb"))


def tables(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Name the tables of the database that is attached as `finished`."""
    return connection.execute(
        "select schema_name, table_name from duckdb_tables() "
        "where database_name = 'finished' and not internal order by all"
    ).fetchall()


def rewrite(connection: duckdb.DuckDBPyConnection, target: Path) -> tuple[int, int]:
    """Write each table of `finished` into a file; return how many, and their rows."""
    attach(connection, target, alias="again", read_only=False, is_recovered=False)
    count = rows = 0
    for schema, table in tables(connection):
        source = f"finished.{identifier(schema)}.{identifier(table)}"
        found = connection.execute(f"create table again.written as from {source}")
        rows += found.fetchall()[0][0]
        count += 1
        connection.execute("checkpoint again")
        connection.execute("drop table again.written")
    connection.execute("detach again")
    return count, rows


def main(home: str) -> None:
    """Write all tables of a home again and say how many there were."""
    settings = Settings(company="demo", home=Path(home))
    found = []
    for file in files(settings):
        with (
            tempfile.TemporaryDirectory(dir=home) as folder,
            session(settings) as connection,
        ):
            connection.execute("set preserve_insertion_order = false")
            attach(connection, file, alias="finished")
            found.append(rewrite(connection, Path(folder) / "again.duckdb"))
    count, rows = (sum(each) for each in zip(*found, strict=True))
    print(json.dumps({"tables": count, "rows": rows}))


if __name__ == "__main__":
    main(*sys.argv[1:])
