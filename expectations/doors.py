"""The checks at the doors: what was loaded tonight, held against its contract.

Receiving has refused or set aside what breaks the contract; the doors prove, on what
lies in raw, that it did, and that the ledger tells the truth. Only rows of the loads
asked for are read.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from expectations.engine import Options, run_suites
from expectations.limits import LEDGER
from expectations.raw_tables import table_suite
from expectations.results import CheckResult, OnResult, Stage
from expectations.sql import filled, numbers, relation
from expectations.suites import Check, Suite, counted
from expectations.unusual import unusual_checks
from expectations.usual import judge

QUARANTINE = relation("quarantine", "row")


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
    usual = judge(archive, load_ids)
    suites = [
        table_suite(
            node,
            load_ids=loaded[node["source_name"], node["name"]],
            more=unusual_checks(node, usual),
        )
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
            filled(
                """
                select source_name, table_name, list(load_id order by load_id)
                from $ledger
                where load_id in (select unnest(?)) and status = 'loaded'
                group by source_name, table_name
                """,
                ledger=LEDGER,
            ),
            [list(load_ids)],
        ).fetchall()
    return {(source, table): loads for source, table, loads in rows}


def ledger_suite(load_ids: Sequence[int]) -> Suite:
    """Make the suite of the ledger's own rows of some loads."""
    loads = numbers(load_ids)
    return Suite(
        name="door.ledger",
        table="ledger.load",
        rows=f"{LEDGER} where load_id in {loads}",
        checks=[_ledger_balances(loads), _quarantined_rows_are_kept(loads)],
    )


def _ledger_balances(loads: str) -> Check:
    return counted(
        "ledger_balances",
        "Delivered rows are loaded, quarantined or repeated.",
        filled(
            """
            select
                count(*) as rows_checked,
                count(*) filter (
                    where rows_delivered
                        <> rows_loaded + rows_quarantined + rows_repeated
                ) as rows_failed
            from $ledger
            where load_id in $loads
            """,
            ledger=LEDGER,
            loads=loads,
        ),
    )


def _quarantined_rows_are_kept(loads: str) -> Check:
    return counted(
        "quarantined_rows_are_kept",
        "Every quarantined row of the ledger lies in quarantine.",
        filled(
            """
            select
                count(*) as rows_checked,
                count(*) filter (
                    where rows_quarantined <> coalesce(rows_kept, 0)
                ) as rows_failed
            from $ledger as load
            left join (
                select load_id, count(distinct row_number) as rows_kept
                from $quarantine
                where load_id in $loads
                group by load_id
            ) as kept using (load_id)
            where load_id in $loads
            """,
            ledger=LEDGER,
            quarantine=QUARANTINE,
            loads=loads,
        ),
    )
