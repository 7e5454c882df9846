"""How severe each check is, what it tolerates, and why: the one place to look it up."""

from dataclasses import dataclass

from expectations.results import Severity


@dataclass(frozen=True, kw_only=True)
class Rule:
    """The severity of a check, its budget, and the reason for both.

    A check passes when at most `budget_rows` rows fail, or at most `budget_pct` percent
    of those looked at, whichever is more.
    """

    severity: Severity
    reason: str
    budget_pct: float = 0.0
    budget_rows: int = 0


def _error(reason: str, *, budget_pct: float = 0.0, budget_rows: int = 0) -> Rule:
    return Rule(
        severity=Severity.ERROR,
        reason=reason,
        budget_pct=budget_pct,
        budget_rows=budget_rows,
    )


def _warning(reason: str, *, budget_pct: float = 0.0, budget_rows: int = 0) -> Rule:
    return Rule(
        severity=Severity.WARNING,
        reason=reason,
        budget_pct=budget_pct,
        budget_rows=budget_rows,
    )


DOORS = {
    "columns_exist": _error("Staging reads these columns by name."),
    "key_is_not_blank": _error("A row without its key can be tied to no record."),
    "required_is_not_blank": _error("Receiving sends such rows to quarantine."),
    "value_is_accepted": _error("Receiving sends such rows to quarantine."),
    "key_is_unique_in_load": _error("A full snapshot states each record once."),
    "volume_is_within_limits": _error("The contract says how many rows there may be."),
    "raw_rows_equal_ledger": _error("A row was lost, or loaded twice."),
    "quarantine_is_small": _warning(
        "A few bad rows are everyday; more are worth a call to whoever delivers.",
        budget_pct=1.0,
        budget_rows=5,
    ),
    "quarantine_is_bearable": _error(
        "So many bad rows mean that the delivery or its contract is wrong. A handful "
        "never holds a night back, however small the delivery.",
        budget_pct=20.0,
        budget_rows=20,
    ),
    "ledger_balances": _error("Every delivered row must be accounted for."),
    "quarantined_rows_are_kept": _error("A refused row must be there to be mended."),
}

PROMISES = {
    "unique": _error("A key that occurs twice multiplies every join on it."),
    "unique_together": _error("A key that occurs twice multiplies every join on it."),
    "not_null": _error("Readers were promised a value."),
    "relationships": _error("A reference to nothing is lost by every inner join."),
    "accepted_values": _error("Readers were promised these values and no other."),
    "versions_do_not_overlap": _error("Two versions in force at once count twice."),
    "versions_are_contiguous": _error("An event in a gap finds no version."),
    "versions_are_contiguous_when_known": _error(
        "A question about the past finds no answer, or two."
    ),
    "holds_for_every_row": _error("The yml states it of every row."),
    "adds_up_to": _error("Two tables that say the same must say the same."),
    "has_as_many_rows_as": _error("A join in the making lost or doubled rows."),
}

TOTALS = {
    "loads_equal_ledger": _error("What was loaded must be known to the readers."),
    "sales_equal_input": _error("A sale was lost, or counted twice."),
    "join_keeps_rows": _error("A join that adds or drops rows falsifies every sum."),
    "measures_add_up": _error("Dashboards and facts must say the same."),
    "customer_changes_add_up": _error("The change of the base must be explained."),
    "unknown_member_exists": _error("A fact without a member points at it."),
    "count_does_not_fall": _warning(
        "Corrections and deletions at the source happen, and merges of customers; "
        "somebody should know."
    ),
    "count_does_not_collapse": _error(
        "Corrections take back a few rows; a part of the table means that something "
        "upstream was lost.",
        budget_pct=1.0,
    ),
}

RULES = DOORS | PROMISES | TOTALS
