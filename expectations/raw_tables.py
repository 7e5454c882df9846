"""The suite of one raw table, made from its contract in the manifest."""

from collections.abc import Mapping, Sequence
from typing import Any

from expectations.limits import (
    LEDGER,
    blank_limits,
    contract_of,
    quarantine_shares,
    volume_limit,
)
from expectations.severities import RULES
from expectations.sql import filled, numbers, quoted, relation, texts
from expectations.suites import Check, RowPromise, Suite, counted, scanned

DELIVERY_COLUMNS = ("_load_id", "_row", "_delivered_on", "_known_at", "_is_deleted")


def table_suite(
    node: Mapping[str, Any], *, load_ids: Sequence[int], more: Sequence[Check] = ()
) -> Suite:
    """Make the suite of one raw table from its contract.

    Args:
        node: The table's node among the manifest's sources.
        load_ids: The loads whose rows to check.
        more: Checks of the table that are made elsewhere.
    """
    raw = relation(node["schema"], node["name"])
    rows = f"{raw} where _load_id in {numbers(load_ids)}"
    contract = contract_of(node)
    checks = [
        _columns_exist(node),
        *scanned(rows, _row_promises(node)),
        volume_limit(contract.get("rows", {}), load_ids),
        _raw_rows_equal_ledger(rows, load_ids),
        *quarantine_shares(contract.get("quarantine"), load_ids),
        *blank_limits(node, load_ids),
        *more,
    ]
    if contract.get("delivery") == "full":
        checks.append(_key_is_unique_in_load(rows, contract["keys"]))
    return Suite(
        name=f"door.{node['source_name']}.{node['name']}",
        table=f"{node['schema']}.{node['name']}",
        rows=rows,
        checks=checks,
    )


def _columns_exist(node: Mapping[str, Any]) -> Check:
    return Check(
        name="columns_exist",
        says="Raw has every column of the contract.",
        rule=RULES["columns_exist"],
        expectation="ExpectTableColumnsToMatchSet",
        arguments={
            "column_set": [*DELIVERY_COLUMNS, *node["columns"]],
            "exact_match": False,
        },
    )


def _row_promises(node: Mapping[str, Any]) -> list[RowPromise]:
    contract = contract_of(node)
    promises = []
    for name, column in node["columns"].items():
        stated = contract_of(column)
        # Where the source has another token for nothing, an empty text is a value.
        has_empty_values = contract.get("null_token", "") != ""
        empty = "false" if has_empty_values else f"{quoted(name)} = ''"
        absent = "false" if stated.get("is_optional") else f"{quoted(name)} is null"
        if name in contract.get("keys", []):
            promises.append(_key_is_not_blank(name, f"{absent} or {empty}"))
        elif stated.get("is_required"):
            promises.append(_required_is_not_blank(name, f"{absent} or {empty}"))
        if stated.get("accepted_values"):
            promises.append(_value_is_accepted(name, stated["accepted_values"]))
    return promises


def _key_is_not_blank(name: str, blank: str) -> RowPromise:
    return RowPromise(
        name=f"key_is_not_blank_{name}",
        says=f"The key {name} is never blank.",
        rule=RULES["key_is_not_blank"],
        fails=blank,
        column=name,
    )


def _required_is_not_blank(name: str, blank: str) -> RowPromise:
    return RowPromise(
        name=f"required_is_not_blank_{name}",
        says=f"The required {name} is never blank.",
        rule=RULES["required_is_not_blank"],
        fails=f"_row > 0 and not _is_deleted and ({blank})",
        column=name,
    )


def _value_is_accepted(name: str, values: Sequence[object]) -> RowPromise:
    accepted = texts(str(value) for value in values)
    return RowPromise(
        name=f"value_is_accepted_{name}",
        says=f"{name} holds only values that the contract accepts.",
        rule=RULES["value_is_accepted"],
        fails=f"nullif(trim({quoted(name)}), '') not in {accepted}",
        column=name,
    )


def _raw_rows_equal_ledger(rows: str, load_ids: Sequence[int]) -> Check:
    return counted(
        "raw_rows_equal_ledger",
        "Raw holds as many rows of each load as the ledger says were loaded.",
        filled(
            """
            select
                count(*) as rows_checked,
                count(*) filter (
                    where rows_loaded <> coalesce(rows_held, 0)
                ) as rows_failed
            from $ledger as load
            left join (
                select
                    _load_id as load_id,
                    count(*) filter (where _row > 0) as rows_held
                from $rows
                group by _load_id
            ) as held using (load_id)
            where load_id in $load_ids
            """,
            ledger=LEDGER,
            rows=rows,
            load_ids=numbers(load_ids),
        ),
    )


def _key_is_unique_in_load(rows: str, keys: Sequence[str]) -> Check:
    columns = ", ".join(["_load_id", *(quoted(key) for key in keys)])
    return counted(
        "key_is_unique_in_load",
        f"A full snapshot states each {' and '.join(keys)} once.",
        filled(
            """
            select
                sum(occurrences) as rows_checked,
                sum(occurrences) filter (where occurrences > 1) as rows_failed
            from (
                select count(*) as occurrences from $rows and _row > 0 group by $columns
            ) as keyed
            """,
            rows=rows,
            columns=columns,
        ),
    )
