"""Deliveries received into the archive: an asset per table of a contract."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import dagster as dg

from pipelines.dates import dates_of_run
from pipelines.partitions import business_dates
from pipelines.resources import RETRY, WRITER_POOL, House, failing_for_people
from warehouse import receiving
from warehouse.contracts import SourceContract, TableContract
from warehouse.identity.own_key import assert_own_key
from warehouse.receiving import Load

LEDGER_KEY = dg.AssetKey(["ledger", "load"])
REFUSED_KEY = dg.AssetKey(["ledger", "refused"])
DECISIONS_KEY = dg.AssetKey(["raw_steward", "quarantine_decisions"])


def raw_key(source_name: str, table_name: str) -> dg.AssetKey:
    """Return the asset key of a raw table."""
    return dg.AssetKey([f"raw_{source_name}", table_name])


def _spec(
    source: SourceContract, table: TableContract, partitions: dg.PartitionsDefinition
) -> dg.AssetSpec:
    return dg.AssetSpec(
        key=raw_key(source.name, table.name),
        description=table.description,
        group_name=f"raw_{source.name}",
        kinds={"duckdb", table.format.replace("json_lines", "json")},
        partitions_def=partitions,
        metadata={
            "delivery": table.delivery.value,
            "contract_version": table.version,
            "source_kind": source.kind,
        },
    )


def _ledger_specs(partitions: dg.PartitionsDefinition) -> list[dg.AssetSpec]:
    described = {
        LEDGER_KEY: "One row per delivery: what came, and what became of its rows.",
        REFUSED_KEY: "One row per refused row or delivery, and what became of it.",
    }
    return [
        dg.AssetSpec(
            key=key,
            description=description,
            group_name="ledger",
            kinds={"duckdb"},
            partitions_def=partitions,
            deps=[LEDGER_KEY, DECISIONS_KEY] if key == REFUSED_KEY else [],
        )
        for key, description in described.items()
    ]


def receive_dates(house: House, dates: list[date]) -> list[Load]:
    """Receive all that waits for the dates, one date after the other.

    Raises:
        WrongUseError: The id key is not the one of before.
        HeldError: A delivery is refused and not mended; what others brought is kept.
            An UnreachableError when it is for nothing but a source that is down.
    """

    def tell(business_date: date) -> None:
        number = dates.index(business_date) + 1
        house.progress.advance(f"Receiving {business_date} ({number} of {len(dates)})")

    assert_own_key(house.settings, house.company)
    loads = receiving.receive_dates(
        house.settings, house.company, dates, clock=house.clock, on_date=tell
    )
    receiving.hold_for_refusals(house.settings, house.company)
    return loads


def _earlier_partitions(
    loads: list[Load], partition_keys: Sequence[str]
) -> Iterator[dg.AssetMaterialization]:
    """Say which partitions the run filled beside those it was asked for."""
    filled = {
        (raw_key(load.source_name, load.table_name), load.business_date.isoformat())
        for load in loads
    }
    for key, partition in sorted(filled, key=str):
        if partition not in partition_keys:
            yield dg.AssetMaterialization(key, partition=partition)


def _results(
    loads: list[Load], keys: Sequence[dg.AssetKey]
) -> Iterator[dg.MaterializeResult[Any]]:
    for key in keys:
        came = [
            load for load in loads if raw_key(load.source_name, load.table_name) == key
        ]
        yield dg.MaterializeResult(
            asset_key=key,
            metadata={
                "deliveries": len(came),
                "rows_loaded": sum(load.rows_loaded for load in came),
                "rows_quarantined": sum(load.rows_quarantined for load in came),
                "rows_repeated": sum(load.rows_repeated for load in came),
            },
        )
    yield dg.MaterializeResult(
        asset_key=LEDGER_KEY, metadata={"deliveries": len(loads)}
    )
    yield dg.MaterializeResult(asset_key=REFUSED_KEY)


def make_receive(house: House) -> dg.AssetsDefinition:
    """Make the assets of raw from the company's contracts."""
    partitions = business_dates(house.company.time_zone)
    specs = [
        _spec(source, table, partitions)
        for source in house.company.sources
        for table in source.tables
    ]

    @dg.multi_asset(
        name="receive",
        specs=[*specs, *_ledger_specs(partitions)],
        pool=WRITER_POOL,
        retry_policy=RETRY,
        backfill_policy=dg.BackfillPolicy.single_run(),
    )
    def receive(
        context: dg.AssetExecutionContext, house: dg.ResourceParam[House]
    ) -> Iterator[dg.MaterializeResult[Any]]:
        """Verify, keep and append each delivery of the dates."""
        dates = dates_of_run(context.run.tags, context.partition_keys)
        may_retry = context.retry_number < RETRY.max_retries
        with (
            house.progress.step("receive"),
            failing_for_people(context.log.error, may_retry=may_retry),
        ):
            loads = receive_dates(house, dates)
        for earlier in _earlier_partitions(loads, context.partition_keys):
            context.log_event(earlier)
        yield from _results(loads, [spec.key for spec in specs])

    return receive
