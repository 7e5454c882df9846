"""Evidence gathered from the input layer, for the records that a night touches.

Every value that a record ever stated counts, until a later delivery states the same
moment of the record anew. Personal data stays in temporary tables of the session; what
leaves it here are numbers.
"""

from dataclasses import dataclass

import duckdb
import numpy as np

from warehouse.identity import key_statements, link_statements
from warehouse.identity.evidence import NOBODY, Births, Integers, Links, Records
from warehouse.identity.policy import MAXIMUM_HOLDERS, RULES

FOREVER = int(np.iinfo(np.int64).max)


@dataclass(frozen=True)
class Gathered:
    """What there is to replay: loads in order, and the evidence they may change."""

    loads: list[int]
    last_load: int
    records: Records
    links: Links
    births: Births


def find_pending(connection: duckdb.DuckDBPyConnection) -> list[int]:
    """Return the loads with party rows that are not identified yet, in order."""
    connection.execute(key_statements.PENDING)
    rows = connection.execute("select load_id from pending order by load_id").fetchall()
    return [load for (load,) in rows]


def gather(
    connection: duckdb.DuckDBPyConnection,
    loads: list[int],
    *,
    last_load: int,
    unique_sources: list[str],
) -> Gathered:
    """Gather the evidence of every record that the loads may move.

    Args:
        connection: A session with `work` and `archive` attached and `pending` made.
        loads: The pending loads.
        last_load: The last load identified before them; 0 when there is none.
        unique_sources: Sources that hold no customer twice.
    """
    connection.execute(key_statements.RECORDS, {"forever": FOREVER})
    connection.execute(key_statements.STATED)
    connection.execute(key_statements.HELD_KEYS, {"rules": list(RULES)})
    connection.execute(
        key_statements.SHARED_KEYS,
        {
            "rules": list(RULES),
            "too_many": MAXIMUM_HOLDERS + 1,
            "forever": FOREVER,
            "last_load": last_load,
        },
    )
    connection.execute(key_statements.HOLDERS)
    connection.execute(key_statements.MEMBERS)
    _close_over(connection)
    connection.execute(
        link_statements.ASSERTED, {"forever": FOREVER, "last_load": last_load}
    )
    connection.execute(link_statements.EVIDENCE, {"rules": list(RULES)})
    sources = {"unique_sources": unique_sources}
    connection.execute(link_statements.LINKS, {"rules": list(RULES), **sources})
    connection.execute(link_statements.CANDIDATES, sources)
    records = _read_records(connection)
    return Gathered(
        loads=loads,
        last_load=last_load,
        records=records,
        links=_read_links(connection, records.number),
        births=_read_births(connection, records.number),
    )


def _close_over(connection: duckdb.DuckDBPyConnection) -> None:
    """Add to the touched records whoever shares a key or a customer with them."""
    connection.execute(key_statements.TOUCHED)
    grown = True
    while grown:
        added = connection.execute(key_statements.TOUCHED_TOO).fetchone()
        grown = bool(added and added[0])


def _numbers(connection: duckdb.DuckDBPyConnection, query: str) -> dict[str, Integers]:
    columns = connection.execute(query).fetchnumpy()
    return {
        name: np.ma.filled(values, NOBODY).astype(np.int64)
        for name, values in columns.items()
    }


def _read_records(connection: duckdb.DuckDBPyConnection) -> Records:
    found = _numbers(connection, "select * from candidate order by record")
    number, founder = found["record"], found["founder"]
    return Records(
        number=number,
        first_load=found["first_load"],
        unique_source=found["unique_source"],
        founder=np.where(founder == NOBODY, NOBODY, np.searchsorted(number, founder)),
    )


def _read_links(connection: duckdb.DuckDBPyConnection, number: Integers) -> Links:
    found = _numbers(connection, "select * from link order by belief")
    return Links(
        left=np.searchsorted(number, found["one"]),
        right=np.searchsorted(number, found["other"]),
        rule=found["rule"],
        since=found["since"],
        until=found["until"],
    )


def _read_births(connection: duckdb.DuckDBPyConnection, number: Integers) -> Births:
    found = _numbers(
        connection,
        """
        select record, epoch_us(cast(value as date)) // 86400000000 as day, since, until
        from asserted
        inner join candidate using (record)
        where attribute = 'birth_date'
        order by record, day, since
        """,
    )
    return Births(
        record=np.searchsorted(number, found["record"]),
        day=found["day"],
        since=found["since"],
        until=found["until"],
    )
