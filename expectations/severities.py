"""How severe each check is, what it tolerates, why, and what to do when it fails."""

from dataclasses import dataclass

from expectations.results import Severity


@dataclass(frozen=True, kw_only=True)
class Rule:
    """The severity of a check, its budget, the reason for both, and the mend.

    A check passes when at most `budget_rows` rows fail, or at most `budget_pct` percent
    of those looked at, whichever is more. `next_step` says what a person does when it
    does not pass, in a sentence or two.
    """

    severity: Severity
    reason: str
    next_step: str
    budget_pct: float = 0.0
    budget_rows: int = 0


def _error(
    reason: str, next_step: str, *, budget_pct: float = 0.0, budget_rows: int = 0
) -> Rule:
    return Rule(
        severity=Severity.ERROR,
        reason=reason,
        next_step=next_step,
        budget_pct=budget_pct,
        budget_rows=budget_rows,
    )


def _warning(
    reason: str, next_step: str, *, budget_pct: float = 0.0, budget_rows: int = 0
) -> Rule:
    return Rule(
        severity=Severity.WARNING,
        reason=reason,
        next_step=next_step,
        budget_pct=budget_pct,
        budget_rows=budget_rows,
    )


def _information(reason: str, next_step: str, *, budget_pct: float) -> Rule:
    return Rule(
        severity=Severity.INFORMATION,
        reason=reason,
        next_step=next_step,
        budget_pct=budget_pct,
    )


_REPORT = "The warehouse itself is at fault: keep the delivery and report it."
_REBUILD = (
    "Delete work.duckdb and run `clientele night`: it is made again from the archive. "
    "If it fails again, the model is wrong."
)
_LOOK_AT_DELIVERY = (
    "See `clientele quarantine`, and ask who delivers; mend the rows, or correct the "
    "contract."
)
_LOOK_AT_UNUSUAL = (
    "Look at the delivery and ask who delivers. If it is wrong, have it delivered "
    "again; if it is right, nothing is to be done: it soon becomes usual."
)
_LOOK_AT_MODEL = (
    "Ask the table for the rows that break it, and follow its lineage to the first "
    "table that has them: correct the model or the staging there."
)

BROKEN = (
    "The check could not run: read its message, correct the yml, the contract or the "
    "model that it names, and run `clientele night` again."
)
"""What to do about a check that is broken, whatever it checks."""

DOORS = {
    "columns_exist": _error(
        "Staging reads these columns by name.",
        "Run `clientele night` again, which adds the contract's columns to raw.",
    ),
    "key_is_not_blank": _error(
        "A row without its key can be tied to no record.", _REPORT
    ),
    "required_is_not_blank": _error(
        "Receiving sends such rows to quarantine.", _REPORT
    ),
    "value_is_accepted": _error("Receiving sends such rows to quarantine.", _REPORT),
    "key_is_unique_in_load": _error(
        "A full snapshot states each record once.",
        "Ask who delivers why a key comes twice; if that is so, correct `keys` of the "
        "contract.",
    ),
    "volume_is_within_limits": _error(
        "The contract says how many rows there may be.",
        "Ask who delivers; then deliver again, or change `rows` of the contract.",
    ),
    "blanks_are_within_limit": _warning(
        "The contract says how much of the column may be empty.",
        "Ask who delivers why the column is empty; then have it delivered again, or "
        "change `blanks` of the contract.",
    ),
    "volume_is_usual": _warning(
        "A table that brings far more or fewer rows than it did may have lost a part, "
        "or have sent one twice.",
        _LOOK_AT_UNUSUAL,
    ),
    "blanks_are_usual": _warning(
        "A column that is suddenly empty, or suddenly full, was changed at the source.",
        _LOOK_AT_UNUSUAL,
    ),
    "mix_is_usual": _warning(
        "Values in another mix than ever mean another population, or another meaning.",
        _LOOK_AT_UNUSUAL,
    ),
    "raw_rows_equal_ledger": _error("A row was lost, or loaded twice.", _REPORT),
    "quarantine_is_small": _warning(
        "A few bad rows are everyday; more are worth a call to whoever delivers. Rows "
        "that were mended or given up do not count.",
        _LOOK_AT_DELIVERY,
        budget_pct=1.0,
        budget_rows=5,
    ),
    "quarantine_is_bearable": _error(
        "So many bad rows mean that the delivery or its contract is wrong. A handful "
        "never holds a night back, however small the delivery.",
        _LOOK_AT_DELIVERY,
        budget_pct=20.0,
        budget_rows=20,
    ),
    "ledger_balances": _error("Every delivered row must be accounted for.", _REPORT),
    "quarantined_rows_are_kept": _error(
        "A refused row must be there to be mended.", _REPORT
    ),
}

PROMISES = {
    "unique": _error(
        "A key that occurs twice multiplies every join on it.", _LOOK_AT_MODEL
    ),
    "unique_together": _error(
        "A key that occurs twice multiplies every join on it.", _LOOK_AT_MODEL
    ),
    "not_null": _error("Readers were promised a value.", _LOOK_AT_MODEL),
    "has_no_nulls_in": _error("Readers were promised a value.", _LOOK_AT_MODEL),
    "relationships": _error(
        "A reference to nothing is lost by every inner join.",
        "Find the keys without a member; the dimension lost them, or the fact did not "
        "fall back to `_unknown`.",
    ),
    "accepted_values": _error(
        "Readers were promised these values and no other.",
        "Map the new value in staging, or add it to the yml and tell the readers.",
    ),
    "versions_do_not_overlap": _error(
        "Two versions in force at once count twice.", _REBUILD
    ),
    "versions_are_contiguous": _error("An event in a gap finds no version.", _REBUILD),
    "versions_are_contiguous_when_known": _error(
        "A question about the past finds no answer, or two.", _REBUILD
    ),
    "holds_for_every_row": _error("The yml states it of every row.", _LOOK_AT_MODEL),
    "adds_up_to": _error("Two tables that say the same must say the same.", _REBUILD),
    "has_as_many_rows_as": _error(
        "A join in the making lost or doubled rows.", _REBUILD
    ),
}

TOTALS = {
    "loads_equal_ledger": _error(
        "What was loaded must be known to the readers.", _REBUILD
    ),
    "sales_equal_input": _error("A sale was lost, or counted twice.", _REBUILD),
    "events_equal_input": _error("An event was lost, or counted twice.", _REBUILD),
    "sale_amounts_equal_input": _error(
        "Money was lost, doubled, or taken for another currency.", _REBUILD
    ),
    "records_have_one_customer": _error(
        "A record without a customer is missed, one with two counts twice.", _REBUILD
    ),
    "customers_have_few_records": _warning(
        "Likeness alone never joins more than 30 records; exact keys do, and then a "
        "number or a code is more often shared than a person so busy.",
        "Ask `clientele identity explain` why they are one, and part them by "
        "`clientele identity decide`, or have the shared value refused.",
    ),
    "consents_do_not_contradict": _warning(
        "Only one of the two can be right; a rule chooses, which knows no better.",
        "Ask the source which word was given, and have it delivered once.",
    ),
    "customers_are_known": _information(
        "Anonymous sales and calls are everyday; how many says how far what is known "
        "of customers reaches.",
        "Nothing has to be done; more cards shown at the till lower it.",
        budget_pct=25.0,
    ),
    "join_keeps_rows": _error(
        "A join that adds or drops rows falsifies every sum.",
        "Find the keys that the dimension has twice or not at all; its own checks say "
        "more.",
    ),
    "measures_add_up": _error("Dashboards and facts must say the same.", _REBUILD),
    "customer_changes_add_up": _error(
        "The change of the base must be explained.", _REBUILD
    ),
    "unknown_member_exists": _error(
        "A fact without a member points at it.", _LOOK_AT_MODEL
    ),
    "count_does_not_fall": _warning(
        "Corrections and deletions at the source happen, and merges of customers; "
        "somebody should know.",
        "Look in `clientele status` at what was deleted or merged tonight, and ask "
        "the source if that was meant.",
    ),
    "count_does_not_collapse": _error(
        "Corrections take back a few rows; a part of the table means that something "
        "upstream was lost.",
        "Compare tonight's deliveries with those before, and have what is lost "
        "delivered again; where it is meant, say `may_shrink` in the table's yml.",
        budget_pct=1.0,
    ),
}

RULES = DOORS | PROMISES | TOTALS
