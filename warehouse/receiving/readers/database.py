"""Tables of a database, read by query: what is new since the cursor, as csv bytes.

The extract is written in one order, so that the same rows give the same bytes; from
there on it is a delivery like any file.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from warehouse.company import Company
from warehouse.database import identifier, literal
from warehouse.errors import WrongUseError
from warehouse.receiving.model import Delivery
from warehouse.receiving.readers.apart import ask_in_time
from warehouse.receiving.readers.asking import Question, ask
from warehouse.receiving.readers.parquet import quoted
from warehouse.receiving.reasons import Refusal
from warehouse.receiving.typing import typed_sql
from warehouse.receiving.unpack import check_sqlite
from warehouse.settings import Settings

LOCAL_FORMATS = frozenset({"sqlite"})
"""Databases that are files: reading them waits for nobody."""


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
                check_sqlite(folder / place)
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


def _question(delivery: Delivery, where: str, is_new: str, target: Path) -> Question:
    """Return what to ask for the rows that are new, in one order, as csv."""
    table = delivery.table
    relation = ".".join(
        ["shop", *(quoted(part) for part in (table.relation or "").split("."))]
    )
    columns = ", ".join(
        f"cast({quoted(column.delivered_as)} as varchar) as {identifier(column.name)}"
        for column in table.columns
    )
    keys = ", ".join(identifier(key) for key in [*table.keys, table.cursor or ""])
    names = ", ".join(
        f"coalesce({identifier(column.name)}, '') as {quoted(column.delivered_as)}"
        for column in table.columns
    )
    cursor = table.column(table.cursor or "")
    return Question(
        format=table.format,
        where=where,
        statements=(
            f"create or replace temp table extract as "  # noqa: S608
            f"select * from (select {columns} from {relation}) where {is_new} "
            f"order by {keys}",
            f"copy (select {names} from temp.extract) to {literal(str(target))} "  # noqa: S608
            "(format csv, header, delimiter ',', quote '\"', escape '\"', "
            "force_quote *)",
        ),
        last=f"select max_by({identifier(cursor.name)}, "  # noqa: S608
        f"{typed_sql(identifier(cursor.name), cursor)}) from temp.extract",
    )


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
        Refusal: The database cannot be read, or does not answer in time.
        MachineError: Disk or memory failed here.
        WrongUseError: Its connection is not set.
    """
    where = _where(settings, company, delivery)
    is_new = _is_new(company, delivery, since)
    question = _question(delivery, where, is_new, target)
    is_far = delivery.table.format not in LOCAL_FORMATS
    last = ask_in_time(settings, question) if is_far else ask(connection, question)
    return Extract(target, last if last is not None else since)
