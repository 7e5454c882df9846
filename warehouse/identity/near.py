"""Chooses what a night reads: everybody, or the records that it may need to look at.

With everybody chosen the result is the same. Which records are then touched is decided
later and exactly; here it is only made sure that nobody who matters is left out.
"""

from collections.abc import Iterable

import duckdb

from warehouse.identity import key_statements, near_statements, record_statements
from warehouse.identity.evidence import FOREVER
from warehouse.identity.policy import MAXIMUM_HOLDERS
from warehouse.identity.profile_statements import STATED_AS
from warehouse.identity.similarity import Period

_LIMITS = {"too_many": MAXIMUM_HOLDERS + 1, "forever": FOREVER}


def choose_party(
    connection: duckdb.DuckDBPyConnection, periods: list[Period], *, last_load: int
) -> None:
    """Make `party`, the rows to read, and `dead_key`, the keys that too many hold.

    Args:
        connection: A session with `shared`, `decision` and `pending` made.
        periods: The models in their periods.
        last_load: The last load identified; 0 to read everybody.
    """
    if not last_load or any(period.since > last_load for period in periods):
        choose_everybody(connection)
        return
    connection.execute(near_statements.CROWDED)
    _state_frontier(connection)
    connection.execute(key_statements.DEAD_KEYS, _LIMITS)
    since = {"last_load": last_load}
    connection.execute(near_statements.CHANGED, since)
    connection.execute(near_statements.NEAR)
    _add_comparable(connection, periods, last_load=last_load)
    used = [period.model for period in periods if period.until > last_load]
    links = {"least": min(model.link_from for model in used)}
    while _count(connection, "frontier"):
        _state_frontier(connection)
        connection.execute(near_statements.LIVE_MAILBOXES, since)
        connection.execute(near_statements.REACHED, since | links)
        _advance(connection)
    connection.execute("create or replace temp table frontier as select * from near")
    reviews = {"least": min(model.review_from for model in used)}
    connection.execute(near_statements.FAR, reviews)
    _advance(connection)
    connection.execute("create or replace temp table frontier as select * from near")
    _state_frontier(connection, STATED_AS)


def choose_everybody(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `party` of all rows, what they state, and the keys that too many hold."""
    connection.execute(near_statements.EVERYBODY)
    _state(connection)
    connection.execute(key_statements.DEAD_KEYS, _LIMITS)


def _add_comparable(
    connection: duckdb.DuckDBPyConnection, periods: list[Period], *, last_load: int
) -> None:
    """Add whom the frontier may be compared with, and make all of them the frontier."""
    connection.execute(near_statements.DELTAS)
    rules = {
        (period.model.party_kind, columns)
        for period in periods
        if period.until > last_load
        for columns in period.model.blocking
    }
    compared = {name for _, columns in rules for name in columns}
    _state_frontier(connection, compared | set(near_statements.KEY_COLUMNS))
    for party_kind, columns in sorted(rules):
        statement = near_statements.comparable(party_kind, columns)
        since = {"last_load": last_load} if "$last_load" in statement else {}
        connection.execute(statement, since)
        connection.execute("insert into near select * from reached")
    connection.execute("create or replace temp table frontier as select * from near")


def _state(
    connection: duckdb.DuckDBPyConnection, columns: Iterable[str] = STATED_AS
) -> None:
    """Make the tables of what the chosen records state."""
    connection.execute(record_statements.RECORDS, {"forever": FOREVER})
    names = ", ".join(f"party.{name}" for name in columns)
    connection.execute(record_statements.STATING.format(columns=names))
    connection.execute(key_statements.HOLDING)


def _state_frontier(
    connection: duckdb.DuckDBPyConnection,
    columns: Iterable[str] = near_statements.KEY_COLUMNS,
) -> None:
    asked = sorted(columns)
    connection.execute(near_statements.ROWS.substitute(columns=", ".join(asked)))
    _state(connection, asked)


def _advance(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(near_statements.ADVANCE)
    connection.execute(near_statements.REMEMBER)


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    found = connection.table(table).aggregate("count(*)").fetchone()
    return int(found[0]) if found else 0
