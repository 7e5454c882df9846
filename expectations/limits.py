"""The limits that a contract states of its own at the doors, each with its reason."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from expectations.results import Severity
from expectations.severities import RULES, Rule
from expectations.sql import filled, numbers, relation, text, texts
from expectations.suites import Check, counted

LEDGER = relation("ledger", "load")
REFUSED = relation("ledger", "refused")
PROFILE = relation("ledger", "load_profile")
MENDED = "starts_with(load.delivered_name, '_mended/')"
"""True of a load that is a row or more that a person mended, and no delivery whole."""
LET_IN = ("too_few_rows", "too_many_rows", "shrinkage")
"""Why a delivery is refused that comes in unchanged only by a person's word."""

Contract = Mapping[str, Any]


def contract_of(node: Mapping[str, Any]) -> Contract:
    """Return what the contract states of a table or a column of the manifest."""
    found: Contract = node.get("config", {}).get("meta", {}).get("contract", {})
    return found


def tolerated(rule: Rule, stated: Contract | None) -> Rule:
    """Return the rule with severity and reason of a contract that says its own."""
    if not stated:
        return rule
    return replace(
        rule,
        severity=Severity(stated.get("severity", rule.severity)),
        reason=str(stated["reason"]),
    )


def quarantine_shares(stated: Contract | None, load_ids: Sequence[int]) -> list[Check]:
    """Make the checks of what went to quarantine, with the contract's own limits.

    Args:
        stated: `quarantine` of the contract, if it says anything.
        load_ids: The loads to check.
    """
    rules = {
        name: RULES[name] for name in ("quarantine_is_small", "quarantine_is_bearable")
    }
    if stated:
        rules = {
            name: replace(
                rule,
                budget_pct=float(stated[f"{name.removeprefix('quarantine_is_')}_pct"]),
                reason=str(stated["reason"]),
            )
            for name, rule in rules.items()
        }
    return [_quarantine_share(name, rule, load_ids) for name, rule in rules.items()]


def _quarantine_share(name: str, rule: Rule, load_ids: Sequence[int]) -> Check:
    return counted(
        name,
        f"Of a delivery, at most {rule.budget_pct:g} % or {rule.budget_rows} rows "
        "wait in quarantine.",
        filled(
            """
            select
                max_by(rows_delivered, (excess, load_id)) as rows_checked,
                max_by(rows_waiting, (excess, load_id)) as rows_waiting,
                round(max(pct), 2) || ' %' as observed
            from (
                select
                    load_id,
                    rows_delivered,
                    rows_quarantined - coalesce(rows_ended, 0) as rows_waiting,
                    100.0 * rows_waiting / nullif(rows_delivered, 0) as pct,
                    rows_waiting - greatest(
                        $budget_rows, rows_delivered * $budget_pct / 100
                    ) as excess
                from $ledger as load
                left join (
                    select load_id, count(*) as rows_ended
                    from $refused
                    where row_number > 0 and state <> 'waiting'
                    group by load_id
                ) as ended using (load_id)
                where load_id in $load_ids
            ) as loads
            """,
            budget_rows=rule.budget_rows,
            budget_pct=rule.budget_pct,
            ledger=LEDGER,
            refused=REFUSED,
            load_ids=numbers(load_ids),
        ),
        rule=rule,
        measure="rows_waiting",
    )


def volume_limit(limits: Contract, load_ids: Sequence[int]) -> Check:
    """Make the check of how many rows a delivery has.

    Mended rows are no delivery, and bytes that were refused for their volume before
    have come in because a person said so, or by another contract: neither is judged.

    Args:
        limits: `rows` of the contract.
        load_ids: The loads to check.
    """
    minimum, maximum = int(limits.get("minimum") or 0), limits.get("maximum")
    too_many = f"or rows_delivered > {int(maximum)}" if maximum is not None else ""
    return counted(
        "volume_is_within_limits",
        f"A delivery has at least {minimum} rows"
        + (f" and at most {maximum}." if maximum is not None else "."),
        filled(
            """
            select
                count(*) as rows_checked,
                count(*) filter (
                    where rows_delivered < $minimum $too_many
                ) as rows_failed,
                min(rows_delivered) || ' to ' || max(rows_delivered) as observed
            from $ledger as load
            anti join (
                select source_name, table_name, business_date, sha256
                from $ledger
                where status = 'refused' and reason_code in $let_in
            ) as refused using (source_name, table_name, business_date, sha256)
            where load_id in $load_ids and not $mended
            """,
            minimum=minimum,
            too_many=too_many,
            ledger=LEDGER,
            let_in=texts(LET_IN),
            load_ids=numbers(load_ids),
            mended=MENDED,
        ),
    )


def blank_limits(node: Mapping[str, Any], load_ids: Sequence[int]) -> list[Check]:
    """Make the checks of columns whose contract limits what may be blank.

    Args:
        node: The table's node among the manifest's sources.
        load_ids: The loads to check.
    """
    stated = {
        name: contract_of(column).get("blanks")
        for name, column in node["columns"].items()
    }
    return [
        _blank_limit(name, limit, load_ids) for name, limit in stated.items() if limit
    ]


def _blank_limit(name: str, limit: Contract, load_ids: Sequence[int]) -> Check:
    """Make the check of a column that may be blank only so far, by delivery."""
    maximum = float(limit["maximum_pct"])
    return counted(
        f"blanks_are_within_limit_{name}",
        f"Of a delivery, at most {maximum:g} % of {name} are blank.",
        filled(
            """
            select
                count(*) as rows_checked,
                count(*) filter (pct > $maximum) as rows_failed,
                round(max(pct), 2) || ' %' as observed
            from (
                select
                    100.0 * sum(row_count) filter (category = '') / sum(row_count)
                        as pct
                from $profile
                inner join $ledger as load using (load_id)
                where load_id in $load_ids and column_name = $name and not $mended
                group by load_id
            ) as loads
            """,
            maximum=maximum,
            ledger=LEDGER,
            mended=MENDED,
            profile=PROFILE,
            load_ids=numbers(load_ids),
            name=text(name),
        ),
        rule=tolerated(RULES["blanks_are_within_limit"], limit),
        column=name,
    )
