"""Identifies the loads that wait: one session, one transaction, one log.

The log is what replaying every load in order gives. A night adds the changes of the
loads it has not seen; when a load older than one already identified turns up (a company
mapped one more of its tables), or the rules or the standard forms are no longer those
that it was made by, the log is made again from the first load.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace

import duckdb
import numpy as np
import pyarrow as pa

from warehouse.company import Company
from warehouse.database import attach, session, transaction
from warehouse.identity import log_statements
from warehouse.identity.evidence import NOBODY, Integers
from warehouse.identity.footing import has_moved, rules_hash
from warehouse.identity.gathering import Gathered, find_pending, gather
from warehouse.identity.ids import read_key
from warehouse.identity.policy import ALONE, REASONS, RULES
from warehouse.identity.replay import Changes, Replay
from warehouse.identity.similarity import Matcher, ShippedMatcher
from warehouse.keyed_hash import define, hash_parameters
from warehouse.settings import Settings


@dataclass(frozen=True)
class IdentityOutcome:
    """What identification did.

    `customers_after` is `customers_before + new + split - merged`.

    Attributes:
        records_seen: Records that the new loads made known or changed.
        customers_before: Customers before.
        new: Customers that new records founded.
        merged: Customers that became part of another.
        split: Customers divided off another, un-merged ones among them.
        customers_after: Customers after.
        seconds: How long it took.
    """

    records_seen: int
    customers_before: int
    new: int
    merged: int
    split: int
    customers_after: int
    seconds: float


def identify(
    settings: Settings, company: Company, matcher: Matcher | None = None
) -> IdentityOutcome:
    """Link the records of every load that is not identified yet.

    Reads `input_party` and, where they exist, `input_identity_decision` and
    `input_match_model` of the work database, and appends to the tables of schema
    `identity` of the archive.

    Args:
        settings: Where both databases are; the caller holds the writer's lock.
        company: Whose sources and key to use.
        matcher: Who says how alike records are; by default the product's own.
    """
    started = time.perf_counter()
    places = settings.places
    key = read_key(places.secrets, is_sample=company.is_sample)
    unique_sources = [source.name for source in company.sources if source.is_unique]
    rules = rules_hash(unique_sources)
    with session(settings, write=places.archive, alias="archive") as connection:
        attach(connection, places.work, alias="work")
        define(connection, key)
        with transaction(connection):
            loads, last_load = _waiting(connection, rules)
            before = _count(connection, log_statements.COUNT_CUSTOMERS)
            if not loads:
                return _outcome(started, before)
            gathered = gather(
                connection,
                loads,
                last_load=last_load,
                unique_sources=unique_sources,
                matcher=matcher or ShippedMatcher(),
            )
            seen = _count(connection, log_statements.COUNT_SEEN)
            changes = _replay(gathered)
            alone = _write(connection, changes, key)
            connection.execute(log_statements.ADVANCE, {"rules": rules})
    return _outcome(started, before, seen=seen, alone=alone, changes=changes)


def _waiting(
    connection: duckdb.DuckDBPyConnection, rules: str
) -> tuple[list[int], int]:
    """Return the loads to identify and the last load identified before them."""
    loads = find_pending(connection)
    last_load = _count(connection, log_statements.LAST_LOAD)
    is_older = bool(loads) and loads[0] < last_load
    if has_moved(connection, rules) or is_older:
        connection.execute(log_statements.FORGET_THE_LOG)
        return find_pending(connection), 0
    return loads, last_load


def _replay(gathered: Gathered) -> list[Changes]:
    replay = Replay(
        gathered.records,
        gathered.links,
        gathered.births,
        gathered.bans,
        reason=gathered.reason,
    )
    changes = list(replay.run(gathered.loads))
    number = gathered.records.number
    return [_numbered(change, number) for change in changes]


def _numbered(change: Changes, number: Integers) -> Changes:
    """Return the change with the records' numbers in place of their positions."""
    return replace(
        change,
        record=number[change.record],
        founder=number[change.founder],
        previous=np.where(change.previous == NOBODY, NOBODY, number[change.previous]),
    )


def _write(
    connection: duckdb.DuckDBPyConnection, changes: list[Changes], key: bytes
) -> int:
    """Append the changes to the log; return how many new records stand alone."""
    connection.register("moved", _moves(changes))
    connection.register("held", _held(changes))
    connection.execute(log_statements.CHANGES, {"alone": ALONE})
    alone = _count(connection, log_statements.COUNT_ALONE)
    connection.execute(log_statements.FOUNDED, hash_parameters(key))
    connection.execute(log_statements.LOG_CHANGES)
    connection.execute(
        log_statements.LOG_HELD, {"rules": list(RULES), "reasons": list(REASONS)}
    )
    connection.execute(log_statements.MINT)
    return alone


def _moves(changes: list[Changes]) -> pa.Table:
    rules = np.array([*RULES, ALONE])
    return pa.table(
        {
            "load_id": np.repeat(
                [change.load for change in changes],
                [len(change.record) for change in changes],
            ),
            "record": np.concatenate([change.record for change in changes]),
            "founder": np.concatenate([change.founder for change in changes]),
            "previous": np.concatenate([change.previous for change in changes]),
            "match_rule": rules[np.concatenate([change.rule for change in changes])],
            "match_probability": np.concatenate(
                [change.probability for change in changes]
            ),
        }
    )


def _held(changes: list[Changes]) -> pa.Table:
    return pa.table(
        {
            "load_id": np.repeat(
                [change.load for change in changes],
                [len(change.item) for change in changes],
            ),
            "item": np.concatenate([change.item for change in changes]),
            "reason": np.concatenate([change.reason for change in changes]),
            "match_probability": np.concatenate(
                [change.item_probability for change in changes]
            ),
        }
    )


def _count(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0


def _outcome(
    started: float,
    before: int,
    *,
    seen: int = 0,
    alone: int = 0,
    changes: Iterable[Changes] = (),
) -> IdentityOutcome:
    changed = list(changes)
    new = alone + sum(change.new for change in changed)
    merged = sum(change.merged for change in changed)
    split = sum(change.split for change in changed)
    return IdentityOutcome(
        records_seen=seen,
        customers_before=before,
        new=new,
        merged=merged,
        split=split,
        customers_after=before + new + split - merged,
        seconds=round(time.perf_counter() - started, 3),
    )
