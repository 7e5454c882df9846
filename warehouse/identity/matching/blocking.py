"""Which pairs are compared at all, and how many that may be.

A rule is a set of columns that must all be equal. Its pairs are counted by the holders
of each value before any pair is made, so that a value which too many hold is named
instead of filling the night. The count is an upper bound: states of one record, and
states that no load asserts together, are in it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import Template

import duckdb

from warehouse.database import identifier, literal
from warehouse.errors import ClienteleError

LEAST_BUDGET = 1_000_000
PAIRS_PER_STATE = 50

Rule = tuple[str, ...]

NEW_STATES = Template(
    """
create or replace temp table matching_new as
select state, record, since, until, $columns
from $everyone as states
where
    states.party_kind = $party_kind
    and states.state in (select newer.state from $new as newer)
"""
)
STATE_COUNTS = Template(
    """
select
    (select count(*) from $everyone where party_kind = $party_kind) as all_states,
    (select count(*) from matching_new) as new_states
"""
)

COUNT = Template(
    """
with held_by_new as (
    select $columns, count(*) as new_states
    from matching_new
    where $stated
    group by $columns
),

held_by_all as (
    select
        $columns,
        count(*) as all_states,
        min(record) as a_record,
        min_by(source_name, record) as its_source
    from $everyone
    semi join held_by_new using ($columns)
    where party_kind = $party_kind
    group by $columns
),

counted as (
    select
        *,
        new_states * (all_states - new_states)
            + (new_states * (new_states - 1)) // 2 as pairs
    from held_by_new
    inner join held_by_all using ($columns)
    where all_states > 1
)

select
    coalesce(sum(pairs), 0) as pairs,
    max_by(all_states, (pairs, all_states, -a_record)) as holders,
    max_by(a_record, (pairs, all_states, -a_record)) as a_record,
    max_by(its_source, (pairs, all_states, -a_record)) as its_source,
    max_by(concat_ws(chr(31), $columns), (pairs, all_states, -a_record)) as worst
from counted
"""
)

PAIRS = Template(
    """
select
    least(newer.state, other.state) as left_state,
    greatest(newer.state, other.state) as right_state
from matching_new as newer
inner join $everyone as other
    on $same
where
    other.party_kind = $party_kind
    and newer.record <> other.record
    and newer.since < other.until
    and other.since < newer.until
    $once
"""
)

BLOCKED = Template(
    """
create or replace temp table matching_blocked as
with found as (
$pairs
)

select distinct left_state, right_state from found
"""
)


@dataclass(frozen=True)
class Counted:
    """How many pairs a rule would bring together, at most.

    Attributes:
        rule: The columns of the rule.
        pairs: The pairs.
        holders: How many states hold the value that brings the most.
        record: One record that holds it.
        source_name: The source of that record.
        worst: That value, masked.
    """

    rule: Rule
    pairs: int
    holders: int
    record: int
    source_name: str
    worst: str

    @property
    def name(self) -> str:
        """Return the rule in words."""
        return " and ".join(self.rule)


class PairBudgetError(ClienteleError):
    """More pairs would be compared than may be; nothing was compared.

    Attributes:
        counted: The rule that brings the most, with one record that holds the value.
    """

    def __init__(self, counted: Counted, what: str, *, where: str, mend: str) -> None:
        """Keep the count beside the words."""
        super().__init__(what, where=where, mend=mend)
        self.counted = counted


def masked(value: str) -> str:
    """Return what may be shown of a value: its first character and its length."""
    return " and ".join(
        f"{part[:1]}*** ({len(part)} characters)" for part in _parts(value)
    )


def _parts(value: str) -> list[str]:
    return value.split(chr(31))


def budget_of(state_count: int) -> int:
    """Return how many pairs may be compared for a number of states."""
    return max(LEAST_BUDGET, PAIRS_PER_STATE * state_count)


def block(
    connection: duckdb.DuckDBPyConnection,
    rules: Sequence[Rule],
    *,
    party_kind: str,
    new: str,
    everyone: str,
) -> list[Counted]:
    """Make temp table `matching_blocked(left_state, right_state)`, each pair once.

    Args:
        connection: The session that holds the tables.
        rules: Which columns must be equal, per rule.
        party_kind: Whose states are paired.
        new: The table whose states are paired with all others.
        everyone: The table of all states, those of `new` among them.

    Returns:
        What each rule was counted to bring together.

    Raises:
        PairBudgetError: The pairs would exceed the budget; nothing was compared.
    """
    names = {"everyone": identifier(everyone), "party_kind": literal(party_kind)}
    columns = sorted({column for rule in rules for column in rule})
    connection.execute(
        NEW_STATES.substitute(
            names, new=identifier(new), columns=", ".join(map(identifier, columns))
        )
    )
    all_states, new_states = connection.execute(
        STATE_COUNTS.substitute(names)
    ).fetchall()[0]
    counted = [_count(connection, rule, names) for rule in rules]
    _assert_within(counted, budget_of(all_states))
    once = "and newer.state < other.state" if new_states == all_states else ""
    pairs = "union all".join(
        PAIRS.substitute(names, same=_same(rule), once=once) for rule in rules
    )
    connection.execute(BLOCKED.substitute(pairs=pairs))
    return counted


def _count(
    connection: duckdb.DuckDBPyConnection, rule: Rule, names: Mapping[str, str]
) -> Counted:
    columns = ", ".join(map(identifier, rule))
    stated = " and ".join(f"{identifier(column)} is not null" for column in rule)
    pairs, holders, record, source, worst = connection.execute(
        COUNT.substitute(names, columns=columns, stated=stated)
    ).fetchall()[0]
    return Counted(
        rule, int(pairs), holders or 0, record or 0, source or "", masked(worst or "")
    )


def _same(rule: Rule) -> str:
    return " and ".join(
        f"newer.{identifier(column)} = other.{identifier(column)}" for column in rule
    )


def _assert_within(counted: Sequence[Counted], budget: int) -> None:
    total = sum(one.pairs for one in counted)
    if total <= budget:
        return
    worst = max(counted, key=lambda one: (one.pairs, one.rule))
    raise PairBudgetError(
        worst,
        f"{total:,} pairs of records would be compared, and the budget is {budget:,}: "
        f"{worst.pairs:,} of them share {worst.name}, and {worst.holders:,} hold the "
        f"value {worst.worst}",
        where=f"matching; one that holds it is record {worst.record} of source "
        f"{worst.source_name}",
        mend="List the value as shared by many, so that it is no evidence; or correct "
        "it at its source.",
    )
