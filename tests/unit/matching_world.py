"""Hand-made states of records, as the identification gives them to the matching."""

from typing import Any

import duckdb
import pyarrow as pa

from warehouse.identity.matching import Artefact, score
from warehouse.identity.matching.features import PROFILE
from warehouse.standardization import (
    organisation_key,
    organisation_latin,
    person_key,
    person_latin,
    text,
)

FOREVER = 2**62
LEGAL_FORMS = "ltd\nlimited\n有限公司\n有限责任公司"
DATES = {"birth_date"}
FLAGS = {"has_mixed_scripts"}
NUMBERS = ("state", "record", "since", "until")


def profiles(
    connection: duckdb.DuckDBPyConnection, states: list[dict[str, Any]]
) -> None:
    """Make the tables `profile` and `newer`, whose states are those marked `is_new`.

    Args:
        connection: Where to.
        states: What is stated; `name` is written as a source writes it. What is left
            out is null, each state is of a record of its own, and all hold for ever.
    """
    rows = [
        {"record": number, "since": 1, "until": FOREVER, "party_kind": "person"}
        | named(stated)
        | {"state": number}
        for number, stated in enumerate(states, start=1)
    ]
    columns = (*NUMBERS, "source_name", "party_kind", *PROFILE, "is_new")
    table = pa.table({c: [row.get(c) for row in rows] for c in columns})
    connection.register("stated", table)
    typed = [f"cast({column} as {kind(column)}) as {column}" for column in columns]
    connection.table("stated").project(", ".join(typed)).to_view("typed")
    connection.execute("create or replace temp table profile as from typed")
    connection.execute("drop view typed")
    connection.execute(
        "create or replace temp table newer as select state from profile where is_new"
    )
    connection.unregister("stated")


def kind(column: str) -> str:
    """Return the type of a column of the profile."""
    if column in NUMBERS:
        return "bigint"
    if column in DATES:
        return "date"
    return "boolean" if column in {*FLAGS, "is_new"} else "varchar"


def named(stated: dict[str, Any]) -> dict[str, Any]:
    """Return what is stated, with the comparable forms of its name."""
    if "name" not in stated:
        return stated
    written = text(stated["name"]) or ""
    if stated.get("party_kind") == "organisation":
        key = organisation_key(written, LEGAL_FORMS)
        return {"name_key": key, "name_latin": organisation_latin(key or "")} | stated
    key = person_key(written)
    return {"name_key": key, "name_latin": person_latin(key or "")} | stated


def scored(
    connection: duckdb.DuckDBPyConnection, artefact: Artefact, new: str = "profile"
) -> list[tuple[Any, ...]]:
    """Score the profiles, and return the rows of `scored` in order."""
    score(connection, artefact, new=new, everyone="profile")
    return connection.execute(
        "select * from scored order by left_state, right_state"
    ).fetchall()
