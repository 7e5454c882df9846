"""Asks the last release for all that is known of one customer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

from warehouse.dossier.sections import Section, sections
from warehouse.errors import ClienteleError
from warehouse.publication.reading import open_release
from warehouse.settings import Settings
from warehouse.stewardship.people import find_records
from warehouse.stewardship.wording import RULES


@dataclass(frozen=True)
class Part:
    """A part of a dossier, answered.

    Attributes:
        name: Its name for programs.
        title: Its title for people.
        columns: Names of its columns.
        rows: Its rows.
    """

    name: str
    title: str
    columns: list[str]
    rows: list[tuple[Any, ...]]

    def records(self) -> list[dict[str, Any]]:
        """Return the rows as a program reads them."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


@dataclass(frozen=True)
class Dossier:
    """One customer whole.

    Attributes:
        customer_id: The customer.
        words: How the records came to be one, in words.
        parts: What is known, part by part.
    """

    customer_id: str
    words: list[str]
    parts: list[Part]

    def as_dict(self) -> dict[str, Any]:
        """Return all of it for a program."""
        told: dict[str, Any] = {part.name: part.records() for part in self.parts}
        return {"customer_id": self.customer_id, "identity": self.words, **told}


def read_dossier(
    settings: Settings, named: str, *, restricted: bool = False, events: int = 20
) -> Dossier:
    """Return what the last release knows of a customer.

    Args:
        settings: Whose release to read.
        named: The id of the customer, or one of its records as `source:record_id`.
        restricted: True to read personal columns too.
        events: How many events the timeline shows, the latest first.

    Raises:
        WrongUseError: Nothing is published, or the release knows no such customer.
        ClienteleError: The release is older than this version.
    """
    with open_release(settings, restricted=restricted) as connection:
        customer_id = find_records(connection, named)[0].customer_id
        records = find_records(connection, customer_id)
        given = {"customer_id": customer_id, "events": events}
        parts = [
            _answer(connection, section, given)
            for section in sections(restricted=restricted)
        ]
    words = [
        f"{each.name}: {RULES[each.match_rule]} "
        f"(rule {each.match_rule}, probability {each.match_probability:.6f})."
        for each in records
    ]
    return Dossier(customer_id, words, parts)


def _answer(
    connection: duckdb.DuckDBPyConnection, section: Section, given: Mapping[str, object]
) -> Part:
    named = {name: value for name, value in given.items() if f"${name}" in section.sql}
    try:
        found = connection.execute(section.sql, named)
    except duckdb.CatalogException as error:
        raise ClienteleError(
            "the release was made by an earlier version, which had no such table",
            where=section.title,
            mend="Run `clientele night`, which publishes one that has it.",
        ) from error
    columns = [column[0] for column in found.description or []]
    return Part(section.name, section.title, columns, found.fetchall())
