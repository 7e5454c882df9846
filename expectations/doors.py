"""The checks at the doors: what was loaded tonight, held against its contract.

Receiving has refused or set aside what breaks the contract; the doors prove, on what
lies in raw, that it did, and that the ledger tells the truth. Only rows of the loads
asked for are read.
"""

# ruff: noqa: S608 - names come from the allow-list of `expectations.sql`, and from
# contracts and yml of this project; no value of a row enters a query.

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from expectations.engine import Options, run_suites
from expectations.results import CheckResult, OnResult, Stage
from expectations.severities import RULES
from expectations.sql import numbers, quoted, relation, texts
from expectations.suites import Check, RowPromise, Suite, counted, scanned

LEDGER = relation("ledger", "load")
QUARANTINE = relation("quarantine", "row")
DELIVERY_COLUMNS = ("_load_id", "_row", "_delivered_on", "_known_at", "_is_deleted")

Contract = Mapping[str, Any]


def run_doors(
    archive: Path,
    manifest: Mapping[str, Any],
    *,
    load_ids: Sequence[int],
    options: Options | None = None,
    on_result: OnResult | None = None,
) -> list[CheckResult]:
    """Check the raw rows, and the ledger, of some loads.

    Args:
        archive: The archive's file; nobody in this process may have it open to write.
        manifest: dbt's manifest, whose sources hold the contracts.
        load_ids: The loads of the night.
        options: Settings of DuckDB, such as `temp_directory`.
        on_result: Called with each result as it comes.

    Returns:
        One result per check; none when there are no loads.
    """
    if not load_ids:
        return []
    loaded = _loads_by_table(archive, load_ids)
    sources = [
        node
        for node in manifest["sources"].values()
        if (node["source_name"], node["name"]) in loaded
    ]
    suites = [
        table_suite(node, load_ids=loaded[node["source_name"], node["name"]])
        for node in sources
    ]
    return run_suites(
        archive,
        [*suites, ledger_suite(load_ids)],
        stage=Stage.DOOR,
        options=options,
        on_result=on_result,
    )


def _loads_by_table(
    archive: Path, load_ids: Sequence[int]
) -> dict[tuple[str, str], list[int]]:
    with duckdb.connect(str(archive), read_only=True) as connection:
        rows = connection.execute(
            f"""
            select source_name, table_name, list(load_id order by load_id)
            from {LEDGER}
            where load_id in (select unnest(?)) and status = 'loaded'
            group by source_name, table_name
            """,
            [list(load_ids)],
        ).fetchall()
    return {(source, table): loads for source, table, loads in rows}


def _contract(node: Mapping[str, Any]) -> Contract:
    found: Contract = node.get("config", {}).get("meta", {}).get("contract", {})
    return found


def table_suite(node: Mapping[str, Any], *, load_ids: Sequence[int]) -> Suite:
    """Make the suite of one raw table from its contract.

    Args:
        node: The table's node among the manifest's sources.
        load_ids: The loads whose rows to check.
    """
    raw = relation(node["schema"], node["name"])
    rows = f"{raw} where _load_id in {numbers(load_ids)}"
    contract = _contract(node)
    checks = [
        _columns_exist(node),
        *scanned(rows, _row_promises(node)),
        _volume(contract.get("rows", {}), load_ids),
        _raw_rows_equal_ledger(rows, load_ids),
        *_quarantine_shares(load_ids),
    ]
    if contract.get("delivery") == "full":
        checks.append(_key_is_unique_in_load(rows, contract["keys"]))
    return Suite(
        name=f"door.{node['source_name']}.{node['name']}",
        table=f"{node['schema']}.{node['name']}",
        rows=f"select * from {rows}",
        checks=checks,
    )


def ledger_suite(load_ids: Sequence[int]) -> Suite:
    """Make the suite of the ledger's own rows of some loads."""
    rows = f"{LEDGER} where load_id in {numbers(load_ids)}"
    balance = f"""
        select
            count(*) as rows_checked,
            count(*) filter (
                where rows_delivered
                    <> rows_loaded + rows_quarantined + rows_repeated
            ) as rows_failed
        from {rows}
    """
    kept = f"""
        select
            count(*) as rows_checked,
            count(*) filter (
                where rows_quarantined <> coalesce(rows_kept, 0)
            ) as rows_failed
        from {LEDGER} as load
        left join (
            select load_id, count(distinct row_number) as rows_kept
            from {QUARANTINE}
            where load_id in {numbers(load_ids)}
            group by load_id
        ) as kept using (load_id)
        where load_id in {numbers(load_ids)}
    """
    return Suite(
        name="door.ledger",
        table="ledger.load",
        rows=f"select * from {rows}",
        checks=[
            counted(
                "ledger_balances",
                "Delivered rows are loaded, quarantined or repeated.",
                balance,
            ),
            counted(
                "quarantined_rows_are_kept",
                "Every quarantined row of the ledger lies in quarantine.",
                kept,
            ),
        ],
    )


def _columns_exist(node: Mapping[str, Any]) -> Check:
    return Check(
        name="columns_exist",
        says="Raw has every column of the contract.",
        severity=RULES["columns_exist"].severity,
        expectation="ExpectTableColumnsToMatchSet",
        arguments={
            "column_set": [*DELIVERY_COLUMNS, *node["columns"]],
            "exact_match": False,
        },
    )


def _row_promises(node: Mapping[str, Any]) -> list[RowPromise]:
    contract = _contract(node)
    is_empty_blank = contract.get("null_token", "") == ""
    promises = []
    for name, column in node["columns"].items():
        stated = _contract(column)
        empty = f"{quoted(name)} = ''" if is_empty_blank else "false"
        absent = f"{quoted(name)} is null"
        if name in contract.get("keys", []):
            promises.append(
                RowPromise(
                    name=f"key_is_not_blank_{name}",
                    says=f"The key {name} is never blank.",
                    rule=RULES["key_is_not_blank"],
                    fails=f"{absent} or {empty}",
                    column=name,
                )
            )
        elif stated.get("is_required"):
            blank = empty if stated.get("is_optional") else f"({absent} or {empty})"
            promises.append(
                RowPromise(
                    name=f"required_is_not_blank_{name}",
                    says=f"The required {name} is never blank.",
                    rule=RULES["required_is_not_blank"],
                    fails=f"_row > 0 and not _is_deleted and {blank}",
                    column=name,
                )
            )
        if values := stated.get("accepted_values"):
            promises.append(
                RowPromise(
                    name=f"value_is_accepted_{name}",
                    says=f"{name} holds only values that the contract accepts.",
                    rule=RULES["value_is_accepted"],
                    fails=f"nullif(trim({quoted(name)}), '') "
                    f"not in {texts(str(value) for value in values)}",
                    column=name,
                )
            )
    return promises


def _volume(limits: Mapping[str, Any], load_ids: Sequence[int]) -> Check:
    minimum, maximum = int(limits.get("minimum") or 0), limits.get("maximum")
    too_many = f"or rows_delivered > {int(maximum)}" if maximum is not None else ""
    return counted(
        "volume_is_within_limits",
        f"A delivery has at least {minimum} rows"
        + (f" and at most {maximum}." if maximum is not None else "."),
        f"""
        select
            count(*) as rows_checked,
            count(*) filter (
                where rows_delivered < {minimum} {too_many}
            ) as rows_failed,
            min(rows_delivered) || ' to ' || max(rows_delivered) || ' rows' as observed
        from {LEDGER}
        where load_id in {numbers(load_ids)}
        """,
    )


def _raw_rows_equal_ledger(rows: str, load_ids: Sequence[int]) -> Check:
    return counted(
        "raw_rows_equal_ledger",
        "Raw holds as many rows of each load as the ledger says were loaded.",
        f"""
        select
            count(*) as rows_checked,
            count(*) filter (
                where rows_loaded <> coalesce(rows_held, 0)
            ) as rows_failed
        from {LEDGER} as load
        left join (
            select _load_id as load_id, count(*) filter (where _row > 0) as rows_held
            from {rows}
            group by _load_id
        ) as held using (load_id)
        where load_id in {numbers(load_ids)}
        """,
    )


def _quarantine_shares(load_ids: Sequence[int]) -> list[Check]:
    return [
        _quarantine_share("quarantine_is_small", load_ids),
        _quarantine_share("quarantine_is_bearable", load_ids),
    ]


def _quarantine_share(name: str, load_ids: Sequence[int]) -> Check:
    rule = RULES[name]
    return counted(
        name,
        f"At most {rule.budget_pct:g} % of the rows of a delivery are quarantined.",
        f"""
        select
            max_by(rows_delivered, excess) as rows_checked,
            max_by(rows_quarantined, excess) as rows_quarantined,
            round(max(pct), 2) || ' %' as observed
        from (
            select
                rows_delivered,
                rows_quarantined,
                100.0 * rows_quarantined / nullif(rows_delivered, 0) as pct,
                rows_quarantined - greatest(
                    {rule.budget_rows}, rows_delivered * {rule.budget_pct} / 100
                ) as excess
            from {LEDGER}
            where load_id in {numbers(load_ids)}
        ) as loads
        """,
        measure="rows_quarantined",
    )


def _key_is_unique_in_load(rows: str, keys: Sequence[str]) -> Check:
    columns = ", ".join(["_load_id", *(quoted(key) for key in keys)])
    return counted(
        "key_is_unique_in_load",
        f"A full snapshot states each {' and '.join(keys)} once.",
        f"""
        select
            sum(occurrences) as rows_checked,
            sum(occurrences) filter (where occurrences > 1) as rows_failed
        from (
            select count(*) as occurrences from {rows} and _row > 0 group by {columns}
        ) as keyed
        """,
    )
