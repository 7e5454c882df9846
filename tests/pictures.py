"""What a release says of things as they are so now, by the digests of its tables.

What tells of the nights themselves, and since when something is known, is no part of
it. A release that got the same deliveries in another order must give the same picture;
there ids and keys are told by the records behind them, as which id survives a merge may
differ.
"""

from collections.abc import Mapping
from pathlib import Path

import duckdb

from warehouse.database import attach, identifier
from warehouse.digest import digest_table

DATABASES = ("marts", "restricted")
OF_THE_NIGHTS = (
    *("agg_source_quality", "dim_load", "fct_identity_change", "fct_match_pair"),
)
"""Tables that tell what nights brought and did, as all those of quality do."""

OPEN = {
    "bridge_customer_identity": "known_to = timestamp '9999-12-31'",
    "bridge_household_member": "known_to = timestamp '9999-12-31'",
    "hist_consent": "known_to = timestamp '9999-12-31'",
    "hist_customer": "known_to = timestamp '9999-12-31'",
    "fct_attribute_value": "is_standing",
}
KEY_OF = {
    "hist_consent": "consent_history_key",
    "hist_customer": "customer_history_key",
    "fct_attribute_value": "attribute_value_key",
}
KNOWN_TIME = ("known_from", "known_to")
TOLD_APART = {
    "bridge_customer_identity": ("customer_identity_key", "match_rule"),
    "bridge_household_member": ("household_member_key",),
    "hist_customer": ("customer_history_key",),
    "dim_contact_point": ("age_in_days", "confidence", "as_of_date"),
    "dim_source": ("measured_reliability",),
    "fct_attribute_value": ("last_load_key", "last_known_at", "confidence"),
    "fct_registration": ("load_key",),
}
"""Columns that say since when, by what or how late something is known, and what was
learnt of the sources on the way; known time itself never counts."""

OF_ARRIVAL = (
    *("load_key", "last_load_key", "load_row", "customer_id_at_load"),
    *("known_at", "first_known_at", "last_known_at", "first_seen_at"),
)
"""Columns that say which delivery told of something, when, and what was known then."""

IN_ANY_ORDER = {
    # Keys made from ids or from known time, to which nothing points.
    "bridge_household_member": ("household_member_key",),
    "fct_alert": ("alert_key",),
    "fct_contact_point_status": ("contact_point_status_key",),
    "fct_household_event": ("household_event_key",),
    "hist_customer": ("customer_history_key",),
    # Who comes first is alone, and who comes to him is linked by a rule.
    "bridge_customer_identity": (
        *("customer_identity_key", "match_rule", "match_probability"),
    ),
    # What is learnt of a source is seen from the last load that taught anything.
    "dim_source": ("measured_reliability",),
    "fct_attribute_value": ("confidence",),
}
"""Columns that another order of arrival changes, beside those of arrival."""

STATED = {
    "contact_point_key": """
        select contact_point_key, concat_ws(' ', member, contact_type_code, value_hash)
        from marts.descriptive.dim_contact_point
        inner join told on customer_id = id
    """,
    "customer_behaviour_key": """
        select customer_behaviour_key, concat_ws(' ', member, valid_from)
        from marts.behavioural.dim_customer_behaviour
        inner join told on customer_id = id
    """,
    "customer_key": """
        select customer_key, concat_ws(' ', member, valid_from)
        from marts.descriptive.dim_customer
        inner join told on customer_id = id
    """,
    "household_key": """
        select household_key, concat_ws(' ', member, valid_from)
        from marts.descriptive.dim_household
        inner join told on household_id = id
    """,
}
"""What stands for a key that is made from an id: keys and their words, by column."""

IDS = """
create or replace temp table told as
with customers as (
    select
        customer_id as id,
        string_agg(
            concat_ws(':', source_name, source_record_id), '+'
            order by source_name, source_record_id
        ) as member
    from marts.descriptive.bridge_customer_identity
    where known_to = timestamp '9999-12-31'
    group by customer_id
),

households as (
    select
        household_id as id,
        string_agg(
            concat_ws(' ', customers.member, valid_from, valid_to), '+'
            order by customers.member, valid_from
        ) as member
    from marts.descriptive.bridge_household_member
    inner join customers on customer_id = customers.id
    where known_to = timestamp '9999-12-31'
    group by household_id
)

from customers
union all
from households
"""
"""Who is behind an id: a customer is its records, a household its members."""


def _tell_ids(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `told`: what stands for each id, and each key made from one."""
    connection.execute(IDS)
    for query in STATED.values():
        connection.execute(f"insert into told {query}")


def _told(column: str) -> str:
    """Return the expression of a column in which ids are told by who is behind them."""
    name = identifier(column)
    if column not in STATED and not column.endswith(("customer_id", "household_id")):
        return name
    return f"coalesce((select any_value(member) from told where id = {name}), {name})"  # noqa: S608


def _so_now(database: str, schema: str, table: str) -> str:
    """Return the condition on rows that are so now, as far as is known."""
    condition = OPEN.get(table, "true")
    if database == "restricted" and table in KEY_OF:
        key = KEY_OF[table]
        return (
            f"{key} in (select {key} from marts.{schema}.{table} "  # noqa: S608
            f"where {condition})"
        )
    return condition


def _tables(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str, str]]:
    return connection.execute(
        "select database_name, schema_name, table_name from duckdb_tables() "
        "where list_contains($databases, database_name) "
        "and schema_name <> 'quality' "
        "and not list_contains($of_the_nights, table_name) order by all",
        {"databases": DATABASES, "of_the_nights": OF_THE_NIGHTS},
    ).fetchall()


def picture(release: Path, *, in_any_order: bool = False) -> dict[str, str]:
    """Digest all that is published and so now, but for what tells of the nights.

    Args:
        release: The folder of the release.
        in_any_order: Whether it is held against one whose deliveries came in another
            order: then ids are told by records, and what says which delivery told of
            something does not count; ages and confidence of contact points do.
    """
    found = {}
    with duckdb.connect() as connection:
        for name in DATABASES:
            attach(connection, release / f"{name}.duckdb", alias=name)
        if in_any_order:
            _tell_ids(connection)
        for database, schema, table in _tables(connection):
            left_out = IN_ANY_ORDER if in_any_order else TOLD_APART
            rows = connection.table(f"{database}.{schema}.{table}").filter(
                _so_now(database, schema, table)
            )
            if in_any_order:
                left_out = left_out | {table: (*left_out.get(table, ()), *OF_ARRIVAL)}
                rows = rows.project(
                    ", ".join(f"{_told(c)} as {identifier(c)}" for c in rows.columns)
                )
            rows.create_view("so_now")
            found[f"{database}.{table}"] = digest_table(
                connection,
                "so_now",
                leave_out=(*KNOWN_TIME, *left_out.get(table, ())),
            )
    return found


def differing(one: Mapping[str, str], other: Mapping[str, str]) -> set[str]:
    """Name the tables that differ."""
    return {name for name in one | other if one.get(name) != other.get(name)}
