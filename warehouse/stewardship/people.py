"""The records and customers that a person names, found in the last release."""

from dataclasses import dataclass

import duckdb

from warehouse.errors import WrongUseError

_FIND = """
with linked as (
    select
        source_name,
        source_record_id,
        customer_id,
        match_rule,
        match_probability,
        min(known_from) over (partition by source_name, source_record_id) as since,
        known_to
    from descriptive.bridge_customer_identity
),

kinds as (
    select customer_id, min(party_kind) as party_kind
    from descriptive.dim_customer
    where is_current
    group by customer_id
)

select
    source_name,
    source_record_id,
    customer_id,
    party_kind,
    match_rule,
    match_probability
from linked
left join kinds using (customer_id)
where
    known_to = timestamp '9999-12-31'
    and (
        customer_id = $named
        or (source_name = $source_name and source_record_id = $record_id)
    )
order by since, source_name, source_record_id
"""


@dataclass(frozen=True)
class Named:
    """A record as the last release knows it.

    Attributes:
        source_name: Its source.
        record_id: Its id within the source.
        customer_id: The customer behind it now.
        party_kind: Whether that is a person or an organisation.
        match_rule: What linked it there.
        match_probability: How probable that link is.
    """

    source_name: str
    record_id: str
    customer_id: str
    party_kind: str | None
    match_rule: str
    match_probability: float

    @property
    def name(self) -> str:
        """Return the record as people name it."""
        return f"{self.source_name}:{self.record_id}"


def find_records(connection: duckdb.DuckDBPyConnection, named: str) -> list[Named]:
    """Return the records that a person means: one, or all of a customer, oldest first.

    Args:
        connection: A session on the last release.
        named: `source:record id`, or the id of a customer.

    Raises:
        WrongUseError: The release knows neither.
    """
    source_name, _, record_id = named.partition(":")
    rows = connection.execute(
        _FIND, {"named": named, "source_name": source_name, "record_id": record_id}
    ).fetchall()
    if not rows:
        raise WrongUseError(
            "the last release knows no such record or customer",
            where=named,
            mend="Write a record as `source:record_id`, such as `web:W0387420489`, or "
            "give a customer_id. A record that waits for a night is not known yet.",
        )
    return [
        Named(source, record, customer, kind, rule, float(probability))
        for source, record, customer, kind, rule, probability in rows
    ]
