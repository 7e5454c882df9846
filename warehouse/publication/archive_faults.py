"""What is wrong with an archive: its ledger, its references, its blocks.

The same is asked of the archive in a home and of that in a backup; what to do about it
differs, so whoever asks says it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse.database import attach, identifier, session
from warehouse.settings import Settings

_IS_BEGUN = """
select 1 from duckdb_tables()
where database_name = 'archive' and schema_name = 'ledger' and table_name = 'load'
"""
"""A first night that was killed at once leaves an archive without tables."""
_RAW = """
select schema_name, table_name from duckdb_tables()
where database_name = 'archive' and starts_with(schema_name, 'raw_')
order by all
"""
_REFERRING = """
select schema_name, table_name from duckdb_columns()
where
    database_name = 'archive' and column_name = 'load_id'
    and schema_name = 'identity' and table_name <> 'progress'
order by all
"""
_UNBALANCED = """
select load_id from archive.ledger.load
where rows_delivered <> rows_loaded + rows_quarantined + rows_repeated
order by load_id
"""
_KEPT = """
select min(load_id), sha256, max(byte_count) from archive.ledger.load
where sha256 <> '' group by sha256 order by min(load_id)
"""
_QUARANTINED = """
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
_UNMINTED = """
select count(distinct customer_id) from archive.identity.link_change
anti join archive.identity.minted using (customer_id)
"""
_COPIED = """
with known as (select max(load_id) as load_id from copy.ledger.load)

from (
    from copy.ledger.load
    except all
    from archive.ledger.load
)
union all
from (
    from archive.ledger.load where load_id <= (select load_id from known)
    except all
    from copy.ledger.load
)
"""


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


def archive_faults(
    settings: Settings, archive: Path, kept: dict[str, int], *, mend: str
) -> list[Finding]:
    """Hold an archive against itself, and against the delivered bytes beside it.

    Args:
        settings: Threads, memory and temporary space.
        archive: The archive; nobody may have it open to write.
        kept: The bytes of each delivered file that is kept, by its sha256.
        mend: What to do about whatever is found.
    """
    with session(settings) as connection:
        try:
            attach(connection, archive, alias="archive")
            is_begun = connection.execute(_IS_BEGUN).fetchone()
            return list(_faults(connection, kept, mend)) if is_begun else []
        except duckdb.Error as error:
            return [Finding(f"the archive cannot be read: {error}", str(archive), mend)]


def block_faults(settings: Settings, file: Path, *, mend: str) -> Iterator[Finding]:
    """Read every value, so that DuckDB holds each block against its checksum.

    Args:
        settings: Threads, memory and temporary space.
        file: A database that nobody has open to write.
        mend: What to do about a block that is damaged.
    """
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


def copy_faults(
    settings: Settings, archive: Path, copy: Path, *, mend: str
) -> Iterator[Finding]:
    """Hold the copy of the ledger against the ledger, as far as it goes.

    A copy that ends before the ledger does is what a killed night leaves.
    """
    with session(settings) as connection:
        try:
            attach(connection, archive, alias="archive")
            attach(connection, copy, alias="copy")
            if connection.execute(_COPIED).fetchone():
                yield Finding(
                    "the copy of the ledger says other things", str(copy), mend
                )
        except duckdb.Error as error:
            yield Finding(
                f"the copy of the ledger cannot be read: {error}", str(copy), mend
            )


def _faults(
    connection: duckdb.DuckDBPyConnection, kept: dict[str, int], mend: str
) -> Iterator[Finding]:
    yield from _unbalanced(connection, mend)
    yield from _missing_bytes(connection, kept, mend)
    yield from _miscounted(connection, mend)
    yield from _unknown(connection, mend)


def _unbalanced(connection: duckdb.DuckDBPyConnection, mend: str) -> Iterator[Finding]:
    for [load_id] in connection.execute(_UNBALANCED).fetchall():
        yield Finding(
            "delivered rows are not those loaded, quarantined and repeated",
            f"load {load_id}",
            mend,
        )


def _missing_bytes(
    connection: duckdb.DuckDBPyConnection, kept: dict[str, int], mend: str
) -> Iterator[Finding]:
    for load_id, sha256, byte_count in connection.execute(_KEPT).fetchall():
        if sha256 not in kept:
            yield Finding(
                f"the delivered bytes {sha256} are missing", f"load {load_id}", mend
            )
        elif kept[sha256] != byte_count:
            yield Finding(
                f"the ledger says {byte_count} bytes, {kept[sha256]} are kept",
                f"load {load_id}",
                mend,
            )


def _miscounted(connection: duckdb.DuckDBPyConnection, mend: str) -> Iterator[Finding]:
    """Compare the ledger with the rows that lie in raw and in quarantine."""
    for schema, table in connection.execute(_RAW).fetchall():
        loads = connection.execute(
            f"""
            with held as (
                select
                    _load_id as load_id,
                    count(*) filter (where _row > 0) as row_count
                from archive.{identifier(schema)}.{identifier(table)}
                group by _load_id
            ),

            stated as (
                select load_id, rows_loaded from archive.ledger.load
                where source_name = ? and table_name = ?
            )

            select load_id from held full join stated using (load_id)
            where coalesce(held.row_count, 0) is distinct from stated.rows_loaded
            order by load_id
            """,  # noqa: S608
            [schema.removeprefix("raw_"), table],
        ).fetchall()
        for [load_id] in loads:
            yield Finding(
                f"{schema}.{table} holds other rows than the ledger says",
                f"load {load_id}",
                mend,
            )
    for [load_id] in connection.execute(_QUARANTINED).fetchall():
        yield Finding(
            "the quarantine holds other rows than the ledger says",
            f"load {load_id}",
            mend,
        )


def _unknown(connection: duckdb.DuckDBPyConnection, mend: str) -> Iterator[Finding]:
    """Look for what names a load or a customer that is not there."""
    ledger = connection.execute("select load_id from archive.ledger.load").fetchall()
    loads = {load_id for [load_id] in ledger}
    for schema, table in connection.execute(_REFERRING).fetchall():
        name = f"archive.{identifier(schema)}.{identifier(table)}"
        named = connection.table(name).aggregate("load_id, count(*) as row_count")
        rows = sum(n for load_id, n in named.fetchall() if load_id not in loads)
        if rows:
            yield Finding(
                f"{rows} rows name a load of no ledger row", f"{schema}.{table}", mend
            )
    [[customers]] = connection.execute(_UNMINTED).fetchall()
    if customers:
        yield Finding(
            f"{customers} customers have an id that was never minted",
            "identity.link_change",
            mend,
        )
