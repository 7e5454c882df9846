"""Looking for damage: in the releases, the delivered bytes, and the archive.

Nothing is mended here. Each finding says what is wrong, where, and what to do.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse.database import attach, identifier, session
from warehouse.errors import ClienteleError
from warehouse.locking import one_writer
from warehouse.publication.release import (
    Release,
    current_folder,
    file_sha256,
    read_release,
    release_folders,
)
from warehouse.settings import Settings

_SHA256 = re.compile(r"^[0-9a-f]{64}$")
_PUBLISH_ANEW = (
    "Go back with `clientele rollback` if it is the current one; the next "
    "`clientele night` publishes anew."
)
_RESTORE = "Restore it from a backup, then run `clientele verify` again."


@dataclass(frozen=True)
class Finding:
    """Damage that was found.

    Attributes:
        what: What is wrong.
        where: File, table or load.
        mend: What to do about it.
    """

    what: str
    where: str
    mend: str


def verify(settings: Settings, *, deep: bool = False) -> list[Finding]:
    """Hold everything that is kept against what was written down about it.

    Args:
        settings: Whose places to look through.
        deep: True to read every block of every database too.

    Returns:
        What was found; nothing when all is well.

    Raises:
        ClienteleError: A night is running, which writes the archive.
    """
    with one_writer(settings):
        findings = [
            *_current(settings),
            *_releases(settings, deep=deep),
            *_deliveries(settings),
        ]
        if settings.places.archive.is_file():
            findings += _archive(settings, deep=deep)
        elif release_folders(settings):
            findings.append(
                Finding("there is no archive", str(settings.places.archive), _RESTORE)
            )
    return findings


def _current(settings: Settings) -> Iterator[Finding]:
    current = current_folder(settings)
    complete = release_folders(settings)
    if current is not None and current not in complete:
        yield Finding(
            "`current` leads to no complete release", str(current), _PUBLISH_ANEW
        )
    if current is None and complete:
        yield Finding(
            "there are releases, but none is current",
            str(settings.places.current),
            "Choose one with `clientele rollback --to NAME`.",
        )


def _releases(settings: Settings, *, deep: bool) -> Iterator[Finding]:
    for folder in release_folders(settings):
        try:
            release = read_release(folder)
        except ClienteleError as error:
            yield Finding(error.what, error.where, _PUBLISH_ANEW)
            continue
        yield from _release_files(release)
        if deep:
            for file in (release.marts, release.restricted):
                yield from _blocks(settings, file, mend=_PUBLISH_ANEW)


def _release_files(release: Release) -> Iterator[Finding]:
    for name, facts in release.files.items():
        file = release.folder / name
        if not file.is_file():
            yield Finding("a file of a release is missing", str(file), _PUBLISH_ANEW)
        elif file_sha256(file) != facts.sha256:
            yield Finding(
                "a file of a release is not as it was written", str(file), _PUBLISH_ANEW
            )


def _deliveries(settings: Settings) -> Iterator[Finding]:
    for file in _delivered_files(settings):
        if file_sha256(file) != file.name:
            yield Finding(
                "delivered bytes are not what they were",
                str(file),
                f"{_RESTORE} The rows already loaded are not touched by it.",
            )


def _delivered_files(settings: Settings) -> Iterable[Path]:
    folder = settings.places.deliveries
    return sorted(path for path in folder.rglob("*") if _SHA256.match(path.name))


def _archive(settings: Settings, *, deep: bool) -> list[Finding]:
    archive = settings.places.archive
    with session(settings) as connection:
        try:
            attach(connection, archive, alias="archive")
            findings = [
                *_unbalanced(connection),
                *_missing_bytes(settings, connection),
                *_miscounted(connection),
            ]
        except duckdb.Error as error:
            return [
                Finding(f"the archive cannot be read: {error}", str(archive), _RESTORE)
            ]
    if deep:
        findings += _blocks(settings, archive, mend=_RESTORE)
    return findings


def _unbalanced(connection: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    loads = connection.execute(
        """
        select load_id from archive.ledger.load
        where rows_delivered <> rows_loaded + rows_quarantined + rows_repeated
        order by load_id
        """
    ).fetchall()
    for [load_id] in loads:
        yield Finding(
            "delivered rows are not those loaded, quarantined and repeated",
            f"load {load_id}",
            _RESTORE,
        )


def _missing_bytes(
    settings: Settings, connection: duckdb.DuckDBPyConnection
) -> Iterator[Finding]:
    kept = {file.name for file in _delivered_files(settings)}
    loads = connection.execute(
        "select min(load_id), sha256 from archive.ledger.load "
        "where status = 'loaded' group by sha256 order by min(load_id)"
    ).fetchall()
    for load_id, sha256 in loads:
        if sha256 not in kept:
            yield Finding(
                f"the delivered bytes {sha256} are missing", f"load {load_id}", _RESTORE
            )


def _miscounted(connection: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    """Compare the ledger with the rows that lie in raw and in quarantine."""
    raw = connection.execute(
        """
        select schema_name, table_name from duckdb_tables()
        where database_name = 'archive' and starts_with(schema_name, 'raw_')
        order by all
        """
    ).fetchall()
    for schema, table in raw:
        loads = connection.execute(
            f"""
            with held as (
                select _load_id as load_id, count(*) as row_count
                from archive.{identifier(schema)}.{identifier(table)}
                where _row > 0
                group by _load_id
            ),

            stated as (
                select load_id, rows_loaded from archive.ledger.load
                where source_name = ? and table_name = ? and rows_loaded > 0
            )

            select load_id from held full join stated using (load_id)
            where held.row_count is distinct from stated.rows_loaded
            order by load_id
            """,  # noqa: S608
            [schema.removeprefix("raw_"), table],
        ).fetchall()
        for [load_id] in loads:
            yield Finding(
                f"{schema}.{table} holds other rows than the ledger says",
                f"load {load_id}",
                _RESTORE,
            )
    yield from _miscounted_quarantine(connection)


def _miscounted_quarantine(connection: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    loads = connection.execute(
        """
        with held as (
            select load_id, count(distinct row_number) as row_count
            from archive.quarantine.row
            group by load_id
        ),

        stated as (
            select load_id, rows_quarantined from archive.ledger.load
            where rows_quarantined > 0
        )

        select load_id from held full join stated using (load_id)
        where held.row_count is distinct from stated.rows_quarantined
        order by load_id
        """
    ).fetchall()
    for [load_id] in loads:
        yield Finding(
            "the quarantine holds other rows than the ledger says",
            f"load {load_id}",
            _RESTORE,
        )


def _blocks(settings: Settings, file: Path, *, mend: str) -> Iterator[Finding]:
    """Read every value, so that DuckDB holds each block against its checksum."""
    with session(settings) as connection:
        try:
            attach(connection, file, alias="looked_at")
            tables = connection.execute(
                "select schema_name, table_name from duckdb_tables() "
                "where database_name = 'looked_at'"
            ).fetchall()
            for schema, table in tables:
                connection.execute(
                    f"select bit_xor(hash(every)) from "  # noqa: S608
                    f"looked_at.{identifier(schema)}.{identifier(table)} as every"
                )
        except duckdb.Error as error:
            yield Finding(f"a database cannot be read: {error}", str(file), mend)
