"""Tables of a database, read by query: what is new since the cursor, as csv bytes.

The extract is written in one order, so that the same rows give the same bytes; from
there on it is a delivery like any file.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
from duckdb_extensions import import_extension

from warehouse.company import Company
from warehouse.contracts import TableContract
from warehouse.database import identifier, literal
from warehouse.errors import WrongUseError
from warehouse.receiving.model import Delivery
from warehouse.receiving.readers.parquet import quoted
from warehouse.receiving.reasons import Refusal
from warehouse.receiving.typing import typed_sql
from warehouse.settings import Settings

_SCANNERS = {"sqlite": "sqlite_scanner", "postgres": "postgres_scanner"}


@dataclass(frozen=True)
class Extract:
    """The rows that a database delivered.

    Args:
        path: Their csv file.
        cursor_value: The last value of the cursor, or the one before if none is new.
    """

    path: Path
    cursor_value: str | None


def _where(settings: Settings, company: Company, delivery: Delivery) -> str:
    place = delivery.table.place
    if delivery.table.format == "sqlite":
        for folder in (company.landing_folder(settings), company.folder):
            if (folder / place).is_file():
                return str(folder / place)
        raise Refusal("source_unreachable", f"there is no database file {place!r}")
    secret = settings.connections.get(place.lower())
    if secret is None:
        raise WrongUseError(
            f"the connection '{place}' is not set",
            where=f"{delivery.source.name}.{delivery.table.name}",
            mend=f"Set CLIENTELE_CONNECTIONS__{place.upper()} in the environment.",
        )
    return secret.get_secret_value()


def _is_new(company: Company, delivery: Delivery, since: str | None) -> str:
    table = delivery.table
    column = table.column(table.cursor or "")
    value = typed_sql(identifier(column.name), column)
    conditions = []
    if since is not None:
        conditions.append(f"{value} > {typed_sql(literal(since), column)}")
    end = delivery.business_date + timedelta(days=1)
    if column.data_type == "date":
        conditions.append(f"{value} < date {literal(end.isoformat())}")
    if column.data_type == "timestamp":
        midnight = datetime(end.year, end.month, end.day, tzinfo=company.zone)
        until = midnight.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ")
        conditions.append(f"{value} < timestamp {literal(until)}")
    # What has no place in the order would else never be read, and nobody would know.
    return f"({' and '.join(conditions) or 'true'}) or {value} is null"


def _copy_rows(
    connection: duckdb.DuckDBPyConnection,
    delivery: Delivery,
    relation: str,
    is_new: str,
    target: Path,
) -> str | None:
    table = delivery.table
    columns = ", ".join(
        f"cast({quoted(column.delivered_as)} as varchar) as {identifier(column.name)}"
        for column in table.columns
    )
    keys = ", ".join(identifier(key) for key in [*table.keys, table.cursor or ""])
    connection.execute(
        f"create or replace temp table extract as "  # noqa: S608
        f"select * from (select {columns} from {relation}) where {is_new} "
        f"order by {keys}"
    )
    names = ", ".join(
        f"coalesce({identifier(column.name)}, '') as {quoted(column.delivered_as)}"
        for column in table.columns
    )
    connection.execute(
        f"copy (select {names} from temp.extract) to {literal(str(target))} "  # noqa: S608
        "(format csv, header, delimiter ',', quote '\"', escape '\"', force_quote *)"
    )
    cursor = table.column(table.cursor or "")
    last = connection.execute(
        f"select max_by({identifier(cursor.name)}, "  # noqa: S608
        f"{typed_sql(identifier(cursor.name), cursor)}) from temp.extract"
    ).fetchone()
    return str(last[0]) if last and last[0] is not None else None


def _attach(
    connection: duckdb.DuckDBPyConnection, table: TableContract, where: str
) -> None:
    """Attach the database as `shop`; an error hides its cause, which holds secrets."""
    try:
        import_extension(_SCANNERS[table.format], con=connection)
        connection.execute(f"load {_SCANNERS[table.format]}")
        if table.format == "sqlite":
            connection.execute("set sqlite_all_varchar = true")
        connection.execute(
            f"attach {literal(where)} as shop (type {table.format}, read_only)"
        )
    except duckdb.Error:
        raise Refusal("source_unreachable", "the database cannot be opened") from None


def extract(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    company: Company,
    delivery: Delivery,
    *,
    since: str | None,
    target: Path,
) -> Extract:
    """Write what is new in a database's table to a csv file.

    Args:
        connection: The session of the load.
        settings: Where connections are.
        company: Whose calendar says when the business date ends.
        delivery: The table and the date to read it for.
        since: The cursor's last value, none for everything.
        target: The file to write.

    Raises:
        Refusal: The database cannot be read.
        WrongUseError: Its connection is not set.
    """
    table = delivery.table
    _attach(connection, table, _where(settings, company, delivery))
    try:
        parts = (table.relation or "").split(".")
        relation = ".".join(["shop", *(quoted(part) for part in parts)])
        is_new = _is_new(company, delivery, since)
        last = _copy_rows(connection, delivery, relation, is_new, target)
    except duckdb.Error as error:
        raise Refusal("unreadable", "the table is not as its contract says") from error
    finally:
        connection.execute("detach shop")
    return Extract(target, last if last is not None else since)
