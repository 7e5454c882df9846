"""Which model says how alike records are, since when, and the scores it gave.

A model is an event of its load: from there on it alone counts. Pairs are scored once
per model and kept; a night scores what is new to it against everybody.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import duckdb

from warehouse.database import literal
from warehouse.identity import pair_statements, profile_statements
from warehouse.identity.evidence import FOREVER
from warehouse.identity.matching import artefact, scoring
from warehouse.identity.matching.trusting import trusted

PARTY_KINDS = ("person", "organisation")


class Model(Protocol):
    """What identification asks of a model; probabilities between 0 and 1."""

    @property
    def model_key(self) -> str:
        """Its name."""
        ...

    @property
    def party_kind(self) -> str:
        """Whom it compares."""
        ...

    @property
    def link_from(self) -> float:
        """Probability from which two records of two sources are linked."""
        ...

    @property
    def link_within_from(self) -> float:
        """Probability from which two records of one source are linked."""
        ...

    @property
    def review_from(self) -> float:
        """Probability from which a steward is asked."""
        ...

    @property
    def blocking(self) -> tuple[tuple[str, ...], ...]:
        """Which columns must be equal for two states to be compared."""
        ...

    def to_json(self) -> str:
        """Return it as text."""
        ...


class Matcher(Protocol):
    """Where models come from, and who scores with them."""

    def shipped(self, party_kind: str) -> Model:
        """Return the model that comes with the product."""
        ...

    def read(self, text: str) -> Model:
        """Return the model that was written as text."""
        ...

    def trusts(self, text: str, *, model_key: str, party_kind: str) -> bool:
        """Return whether a model that was delivered may come into use."""
        ...

    def score(
        self,
        connection: duckdb.DuckDBPyConnection,
        model: Model,
        *,
        new: str,
        everyone: str,
    ) -> None:
        """Make temp table `scored` of the pairs with a state of `new`."""
        ...


class ShippedMatcher:
    """The matcher of the house: Splink's model, trained parameters, own blocking."""

    def shipped(self, party_kind: str) -> Model:
        """Return the model that comes with the product."""
        return artefact.shipped(party_kind)

    def read(self, text: str) -> Model:
        """Return the model that was written as text."""
        return artefact.Artefact.from_json(text)

    def trusts(self, text: str, *, model_key: str, party_kind: str) -> bool:
        """Return whether a model that was delivered may come into use."""
        found = trusted(text, model_key=model_key, party_kind=party_kind)
        return found is not None

    def score(
        self,
        connection: duckdb.DuckDBPyConnection,
        model: Model,
        *,
        new: str,
        everyone: str,
    ) -> None:
        """Make temp table `scored` of the pairs with a state of `new`."""
        read = artefact.Artefact.from_json(model.to_json())
        scoring.score(connection, read, new=new, everyone=everyone)


@dataclass(frozen=True)
class Period:
    """A model, from the load at which it came into use until the next one's."""

    model: Model
    since: int
    until: int


@dataclass(frozen=True)
class _Event:
    load: int
    party_kind: str
    model_key: str
    content: str


def find_periods(
    connection: duckdb.DuckDBPyConnection, matcher: Matcher, loads: list[int]
) -> list[Period]:
    """Return the models in their periods, and keep those that the loads bring.

    Args:
        connection: A session with the tables of what is delivered and `pending`.
        matcher: Where models come from.
        loads: The pending loads.
    """
    periods: list[Period] = []
    for party_kind in PARTY_KINDS:
        events = _in_use(connection, party_kind)
        brought = _brought(connection, party_kind, events, matcher, loads[0])
        _keep(connection, brought)
        events = sorted([*events, *brought], key=lambda event: event.load)
        starts = [0, *(event.load for event in events[1:])]
        ends = [*starts[1:], FOREVER]
        periods.extend(
            Period(matcher.read(event.content), since, until)
            for event, since, until in zip(events, starts, ends, strict=True)
        )
    _tell(connection, periods)
    return periods


def _in_use(connection: duckdb.DuckDBPyConnection, party_kind: str) -> list[_Event]:
    rows = connection.execute(
        """
        select load_id, party_kind, model_key, content
        from archive.identity.model_in_use
        where party_kind = ?
        order by load_id
        """,
        [party_kind],
    ).fetchall()
    return [_Event(*row) for row in rows]


def _brought(
    connection: duckdb.DuckDBPyConnection,
    party_kind: str,
    known: list[_Event],
    matcher: Matcher,
    first: int,
) -> list[_Event]:
    """Return the models that come into use with the pending loads.

    The shipped one does when no other was in use, or when it follows a shipped one; a
    company's own model stays until another is delivered. A delivered one that is not to
    be trusted, or that has the name of another, never does: scores are kept by name.
    """
    shipped = matcher.shipped(party_kind)
    named = {shipped.model_key: shipped.to_json()}
    named |= {event.model_key: event.content for event in reversed(known)}
    delivered = [
        _Event(load, party_kind, key, content)
        for load, key, content in connection.execute(
            """
            select load_id, last(model_key order by load_row),
                last(content order by load_row)
            from model
            where party_kind = ? and not coalesce(is_deleted, false)
            group by load_id
            order by load_id
            """,
            [party_kind],
        ).fetchall()
        if matcher.trusts(content, model_key=key, party_kind=party_kind)
        and named.setdefault(key, content) == content
    ]
    past = {event.load for event in known}
    brought = [event for event in delivered if event.load not in past]
    is_own = known and known[-1].model_key in {event.model_key for event in delivered}
    is_used = shipped.model_key in {event.model_key for event in known}
    if is_own or is_used or first in {event.load for event in brought}:
        return brought
    ours = _Event(first, party_kind, shipped.model_key, shipped.to_json())
    return [ours, *brought]


def _keep(connection: duckdb.DuckDBPyConnection, events: Iterable[_Event]) -> None:
    for event in events:
        connection.execute(
            """
            insert into archive.identity.model_in_use by name
            select load_id, known_at, $party_kind as party_kind,
                $model_key as model_key, $content as content
            from pending
            where load_id = $load
            """,
            {
                "load": event.load,
                "party_kind": event.party_kind,
                "model_key": event.model_key,
                "content": event.content,
            },
        )


def _tell(connection: duckdb.DuckDBPyConnection, periods: list[Period]) -> None:
    """Make the periods known to the statements."""
    connection.execute(pair_statements.PERIODS)
    for period in periods:
        model = period.model
        connection.execute(
            "insert into model_period values (?, ?, ?, ?, ?, ?, ?)",
            [
                model.model_key,
                model.party_kind,
                period.since,
                period.until,
                model.link_from,
                model.link_within_from,
                model.review_from,
            ],
        )


def score_pairs(
    connection: duckdb.DuckDBPyConnection,
    matcher: Matcher,
    periods: list[Period],
    *,
    last_load: int,
) -> None:
    """Score what is new in each period against everybody, and keep the pairs.

    Args:
        connection: A session with `profile` made.
        matcher: Who scores.
        periods: The models in their periods.
        last_load: The last load whose pairs are kept already.
    """
    for period in periods:
        if period.until <= last_load:
            continue
        connection.execute(
            pair_statements.STATES_OF_MODEL.format(
                since=int(period.since),
                until=int(period.until),
                party_kind=literal(period.model.party_kind),
            )
        )
        connection.execute(pair_statements.NEW_STATES, {"last_load": last_load})
        found = connection.execute("select count(*) from new_state").fetchone()
        if not found or not found[0]:
            continue
        matcher.score(connection, period.model, new="new_state", everyone="model_state")
        connection.execute(pair_statements.WANTED_TO_KEEP)
        connection.execute(profile_statements.HASHED)
        connection.execute(
            pair_statements.KEEP,
            {"model_key": period.model.model_key, "since": period.since},
        )


def new_models(periods: list[Period], last_load: int) -> list[str]:
    """Return the kinds of party for which another model came into use."""
    return sorted(
        {period.model.party_kind for period in periods if period.since > last_load}
    )
