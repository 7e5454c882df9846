"""Evidence gathered from the input layer, for the records that a night touches.

Every value that a record ever stated counts, until a later delivery states the same
moment of the record anew. Personal data stays in temporary tables of the session; what
leaves it here are numbers.
"""

from dataclasses import dataclass

import duckdb
import numpy as np

from warehouse.identity import (
    key_statements,
    link_statements,
    pair_statements,
    profile_statements,
    record_statements,
    shared_statements,
)
from warehouse.identity.evidence import (
    FOREVER,
    NOBODY,
    Bans,
    Births,
    Floats,
    Integers,
    Links,
    Records,
)
from warehouse.identity.near import choose_everybody, choose_party, find_shared
from warehouse.identity.policy import KEY_RULES, REASONS, RULES
from warehouse.identity.similarity import (
    Matcher,
    Period,
    find_periods,
    new_models,
    score_pairs,
)


@dataclass(frozen=True)
class Gathered:
    """What there is to replay: loads in order, and the evidence they may change."""

    loads: list[int]
    records: Records
    links: Links
    births: Births
    bans: Bans
    reason: Integers


def find_pending(connection: duckdb.DuckDBPyConnection) -> list[int]:
    """Return the loads that are not identified yet, in order.

    These are the loads with party rows, a steward's decisions or models.
    """
    for table, (delivered, columns) in record_statements.STEWARD_TABLES.items():
        found = connection.execute(
            "select count(*) from information_schema.tables"
            " where table_catalog = 'work' and table_schema = 'input'"
            " and table_name = ?",
            [delivered],
        ).fetchone()
        connection.execute(f"create or replace temp table {table} ({columns})")
        if found and found[0]:
            # The input table has columns that identification does not ask for.
            names = ", ".join(connection.table(table).columns)
            source = connection.table(f"work.input.{delivered}")
            source.project(names).insert_into(f"temp.main.{table}")
    connection.execute(record_statements.PENDING)
    rows = connection.execute("select load_id from pending order by load_id").fetchall()
    return [load for (load,) in rows]


def gather(
    connection: duckdb.DuckDBPyConnection,
    loads: list[int],
    *,
    last_load: int,
    unique_sources: list[str],
    matcher: Matcher,
) -> Gathered:
    """Gather the evidence of every record that the loads may move.

    Args:
        connection: A session with `work` and `archive` attached and `pending` made.
        loads: The pending loads.
        last_load: The last load identified before them; 0 when there is none.
        unique_sources: Sources that hold no customer twice.
        matcher: Who says how alike records are.
    """
    periods = find_periods(connection, matcher, loads)
    find_shared(connection, periods)
    connection.execute(shared_statements.LOG_SHARED)
    choose_party(connection, periods, last_load=last_load)
    connection.execute(record_statements.DECIDED, {"forever": FOREVER})
    _profile(connection)
    score_pairs(connection, matcher, periods, last_load=last_load)
    _find_touched(connection, periods, last_load=last_load)
    _gather_links(connection, last_load=last_load)
    connection.execute(link_statements.CANDIDATES, {"unique_sources": unique_sources})
    records = _read_records(connection)
    return Gathered(
        loads=loads,
        records=records,
        links=_read_links(connection, records.number),
        births=_read_births(connection, records.number),
        bans=_read_bans(connection, records.number),
        reason=_numbers(connection, "select reason from item order by item")["reason"],
    )


def make_profiles(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the temp table `profile`: what each record states, from load to load.

    Args:
        connection: A session with `work` attached.
    """
    find_shared(connection)
    choose_everybody(connection)
    _profile(connection)


def _profile(connection: duckdb.DuckDBPyConnection) -> None:
    forever = {"forever": FOREVER}
    connection.execute(profile_statements.SPANS, forever)
    connection.execute(shared_statements.CROWD)
    connection.execute(profile_statements.CUT, forever)
    connection.execute(profile_statements.PROFILE)


def _find_touched(
    connection: duckdb.DuckDBPyConnection, periods: list[Period], *, last_load: int
) -> None:
    """Find the records that the loads may move, and whoever they may meet."""
    since = {"last_load": last_load}
    connection.execute(key_statements.LIVE_KEYS, since | {"forever": FOREVER})
    connection.execute(key_statements.MEMBERS)
    connection.execute(key_statements.MATES)
    used = [period for period in periods if period.until > last_load]
    connection.execute(
        pair_statements.KNOWN_PAIRS,
        {
            "models": [period.model.model_key for period in used],
            "least": min(period.model.review_from for period in used),
        },
    )
    if not last_load:
        connection.execute(key_statements.EVERYBODY)
        return
    connection.execute(key_statements.HOLDERS)
    least = min(period.model.link_from for period in used)
    connection.execute(key_statements.EDGES, {"least": least})
    connection.execute(
        key_statements.TOUCHED,
        since | {"forever": FOREVER, "kinds": new_models(periods, last_load)},
    )
    grown = True
    while grown:
        added = connection.execute(key_statements.TOUCHED_TOO).fetchone()
        grown = bool(added and added[0])


def _gather_links(connection: duckdb.DuckDBPyConnection, *, last_load: int) -> None:
    """Make the dated links of the touched records, and what is held back of them."""
    since = {"last_load": last_load}
    connection.execute(link_statements.ASSERTED, since | {"forever": FOREVER})
    connection.execute(link_statements.EVIDENCE, {"rules": list(KEY_RULES)})
    connection.execute(pair_statements.WANTED_TO_LINK)
    connection.execute(profile_statements.HASHED)
    connection.execute(pair_statements.ALIKE, since)
    names = {"rules": list(RULES), "reasons": list(REASONS)}
    connection.execute(link_statements.LINKS, names | since)
    connection.execute(link_statements.ITEMS, names)


def _numbers(connection: duckdb.DuckDBPyConnection, query: str) -> dict[str, Integers]:
    columns = connection.execute(query).fetchnumpy()
    return {
        name: np.ma.filled(values, NOBODY).astype(np.int64)
        for name, values in columns.items()
    }


def _read_records(connection: duckdb.DuckDBPyConnection) -> Records:
    found = _numbers(connection, "select * from candidate order by record")
    number, founder = found["record"], found["founder"]
    is_far = found["is_far"].astype(bool)
    known = np.where(founder == NOBODY, NOBODY, np.searchsorted(number, founder))
    return Records(
        number=number,
        first_load=found["first_load"],
        unique_source=found["unique_source"],
        founder=np.where(is_far, np.arange(len(number)), known),
        is_far=is_far,
    )


def _read_links(connection: duckdb.DuckDBPyConnection, number: Integers) -> Links:
    found = connection.execute(
        """
        select one, other, rule, probability, link.reason, item, since, until
        from link
        inner join item using (one, other, rule)
        order by belief
        """
    ).fetchnumpy()
    probability: Floats = np.asarray(found["probability"], dtype=np.float64)
    return Links(
        left=np.searchsorted(number, found["one"]),
        right=np.searchsorted(number, found["other"]),
        rule=np.asarray(found["rule"], dtype=np.int64),
        probability=probability,
        reason=np.asarray(found["reason"], dtype=np.int64),
        item=np.asarray(found["item"], dtype=np.int64),
        since=np.asarray(found["since"], dtype=np.int64),
        until=np.asarray(found["until"], dtype=np.int64),
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


def _read_bans(connection: duckdb.DuckDBPyConnection, number: Integers) -> Bans:
    found = _numbers(
        connection,
        """
        select one, other, since, until
        from decided
        where
            verdict = 'never'
            and one in (select record from candidate)
            and other in (select record from candidate)
        order by one, other, since
        """,
    )
    return Bans(
        left=np.searchsorted(number, found["one"]),
        right=np.searchsorted(number, found["other"]),
        since=found["since"],
        until=found["until"],
    )
