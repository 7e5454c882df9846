"""Deliveries that were refused and not mended yet: they hold the publication."""

from pathlib import Path

from warehouse.company import Company
from warehouse.errors import HeldError, UnreachableError
from warehouse.receiving.keeping import modified_at
from warehouse.receiving.ledger_copy import read_copy
from warehouse.receiving.model import Load
from warehouse.receiving.reasons import MENDS
from warehouse.settings import Settings

_OPEN = """
select load.*
from ledger.load as load
inner join ledger.refused as refused
    on load.load_id = refused.load_id and refused.row_number = 0
where refused.state = 'waiting'
order by load.load_id
"""

SHOWN = 5


def open_refusals(settings: Settings, company: Company) -> list[Load]:
    """List the refused deliveries that still lie there as they were refused.

    One is closed when it is delivered again, mended or accepted, when a person gives it
    up, or takes its file out of the landing folder. Reads the copy of the ledger.

    Args:
        settings: Where the company's data lies.
        company: Whose landing folder to look into.
    """
    with read_copy(settings) as connection:
        if connection is None:
            return []
        found = connection.execute(_OPEN)
        names = [column[0] for column in found.description or []]
        refused = [
            Load(**dict(zip(names, row, strict=True))) for row in found.fetchall()
        ]
    return [
        load
        for load in refused
        if _lies_there(company.landing_of(load.source_name, settings), load)
    ]


def hold_for_refusals(settings: Settings, company: Company) -> None:
    """Hold the publication while a refused delivery is not mended.

    Raises:
        HeldError: At least one is not; an UnreachableError when all of them are sources
            that do not answer.
    """
    refused = open_refusals(settings, company)
    if not refused:
        return
    first = refused[0]
    is_silence = all(load.reason_code == "source_unreachable" for load in refused)
    error = UnreachableError if is_silence else HeldError
    told = [_told(load) for load in refused[:SHOWN]]
    more = [f"and {len(refused) - SHOWN} more"] if len(refused) > SHOWN else []
    raise error(
        f"{len(refused)} deliveries are refused: {'; '.join([*told, *more])}",
        where=f"{company.landing_folder(settings)}",
        mend=f"{first.mend or MENDS['unreadable']} To go on without it: "
        f"`clientele quarantine give-up {first.load_id} --why ...`, and run the night "
        "again. The version before stays published.",
    )


def _told(load: Load) -> str:
    name = f"{load.business_date}/{load.delivered_name}"
    return f"{name} (load {load.load_id}): {load.reason}"


def _lies_there(landing: Path, load: Load) -> bool:
    if load.modified_at is None:
        return True
    file = landing / load.business_date.isoformat() / load.delivered_name
    return (
        file.is_file()
        and file.stat().st_size == load.byte_count
        and modified_at(file) == load.modified_at
    )
