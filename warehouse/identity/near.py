"""Chooses what a night reads: everybody, or the records that it may need to look at.

With everybody chosen the result is the same. Which records are then touched is decided
later and exactly; here it is only made sure that nobody who matters is left out.
"""

from collections.abc import Iterable

import duckdb

from warehouse.identity import (
    key_statements,
    near_statements,
    record_statements,
    shared_statements,
)
from warehouse.identity.evidence import FOREVER
from warehouse.identity.policy import MAXIMUM_HOLDERS, MAXIMUM_SHARING
from warehouse.identity.profile_statements import STATED_AS
from warehouse.identity.similarity import Model, Period

_LIMITS = {"too_many": MAXIMUM_HOLDERS + 1, "forever": FOREVER}


def find_shared(
    connection: duckdb.DuckDBPyConnection, periods: Iterable[Period] = ()
) -> None:
    """Make `shared`, the values that too many hold, and `numbered`, what rows state.

    Args:
        connection: A session with `work` attached.
        periods: The models by whose rules records are looked up later.
    """
    columns = {
        name for period in periods for rule in period.model.blocking for name in rule
    }
    connection.execute(shared_statements.numbered(sorted(columns)))
    connection.execute(shared_statements.COMMON)
    connection.execute(shared_statements.SHARED)
    common = connection.execute(shared_statements.MOST).fetchall()
    for attribute, row_count in common:
        if row_count > MAXIMUM_SHARING.get(attribute, row_count):
            connection.execute(shared_statements.shared(attribute))


def choose_party(
    connection: duckdb.DuckDBPyConnection, periods: list[Period], *, last_load: int
) -> None:
    """Make `party`, the rows to read, and `dead_key`, the keys that too many hold.

    Args:
        connection: A session with `numbered`, `shared`, `decision` and `pending` made.
        periods: The models in their periods.
        last_load: The last load identified; 0 to read everybody.
    """
    if not last_load or any(period.since > last_load for period in periods):
        choose_everybody(connection)
        return
    since = {"last_load": last_load}
    _find_dead(connection, last_load=last_load)
    used = [period.model for period in periods if period.until > last_load]
    links = {"least": min(model.link_from for model in used)}
    reviews = {"least": min(model.review_from for model in used)}
    connection.execute(near_statements.LIKENESS, reviews)
    connection.execute(near_statements.BELONGING)
    connection.execute(near_statements.CHANGED, since)
    connection.execute(near_statements.NEAR)
    _add_comparable(connection, used, last_load=last_load)
    while _count(connection, "frontier"):
        connection.execute(near_statements.TOLD)
        connection.execute(near_statements.MAILBOXES)
        connection.execute(near_statements.REACHED, links)
        _advance(connection)
    connection.execute(near_statements.ALL_NEAR)
    connection.execute(near_statements.FAR, reviews)
    _advance(connection)
    connection.execute(near_statements.ALL_NEAR)
    connection.execute("drop table numbered")
    _state_frontier(connection, STATED_AS)


def choose_everybody(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `party` of all rows, what they state, and the keys that too many hold."""
    connection.execute(near_statements.EVERYBODY)
    connection.execute("drop table numbered")
    _state(connection, STATED_AS)
    connection.execute(key_statements.DEAD_KEYS, _LIMITS)


def _find_dead(connection: duckdb.DuckDBPyConnection, *, last_load: int) -> None:
    """Find the keys that too many hold, and the values that lead to nobody."""
    connection.execute(near_statements.CROWDED)
    _state_frontier(connection, near_statements.KEY_COLUMNS)
    connection.execute(key_statements.DEAD_KEYS, _LIMITS)
    connection.execute(near_statements.DEAD_VALUES, {"last_load": last_load})


def _add_comparable(
    connection: duckdb.DuckDBPyConnection, models: list[Model], *, last_load: int
) -> None:
    """Add whom the frontier may be compared with, and make all of them the frontier."""
    connection.execute(near_statements.TOLD)
    connection.execute(near_statements.DELTAS)
    rules = {(model.party_kind, rule) for model in models for rule in model.blocking}
    for party_kind, columns in sorted(rules):
        statement = near_statements.comparable(party_kind, columns)
        since = {"last_load": last_load} if "$last_load" in statement else {}
        connection.execute(statement, since)
        connection.execute(near_statements.ADD)
    connection.execute(near_statements.ALL_NEAR)


def _state(connection: duckdb.DuckDBPyConnection, columns: Iterable[str]) -> None:
    """Make the tables of what the chosen records state."""
    connection.execute(record_statements.RECORDS, {"forever": FOREVER})
    names = ", ".join(f"party.{name}" for name in columns)
    connection.execute(record_statements.STATING.format(columns=names))
    connection.execute(key_statements.HOLDING)


def _state_frontier(
    connection: duckdb.DuckDBPyConnection, columns: Iterable[str]
) -> None:
    asked = ", ".join(columns)
    connection.execute(near_statements.rows(asked))
    _state(connection, columns)


def _advance(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(near_statements.ADVANCE)
    connection.execute(near_statements.REMEMBER)


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    found = connection.table(table).aggregate("count(*)").fetchone()
    return int(found[0]) if found else 0
