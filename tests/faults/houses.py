"""A small company that receives, to be hurt, and held against an unhurt one."""

import os
from pathlib import Path
from typing import Any

from receiving_world import PEOPLE, World, table

from warehouse.receiving import last_load
from warehouse.receiving.ledger_copy import is_copied

HEADER = b"id,name\n"
DELIVERED = {
    "people-1": HEADER + b"".join(b"%d,A %d\n" % (n, n * n) for n in range(40_000)),
    "people-2": HEADER + b"".join(b"%d,B\n" % n for n in range(2_000)),
    "people-3": HEADER + b"7,C\n8,D,too long\n",
    "people-4": HEADER + b"9,E\n",
}
LEDGER = """
select
    load_id, delivered_name, status, rows_delivered, rows_loaded, rows_quarantined,
    rows_repeated
from ledger.load order by load_id
"""
RAW = """
select id, name, _load_id, _row, _delivered_on, _is_deleted, _record_hash
from raw_crm.people order by _load_id, _row
"""

Content = dict[str, list[Any]]


def open_world(folder: Path, **settings: Any) -> World:  # noqa: ANN401 - any setting
    """Return a company with deliveries that wait."""
    contract = table(delivery="delta", keys=["id"], columns=PEOPLE[:2])
    world = World(folder, contract, threads=2, **settings)
    for name, data in DELIVERED.items():
        os.utime(world.deliver(data, name), (0, 0))
    return world


def content(world: World) -> Content:
    """Return what the archive holds, times of runs aside."""
    kept = world.settings.places.deliveries.iterdir()
    return {
        "raw": world.rows(RAW),
        "ledger": world.rows(LEDGER),
        "quarantine": world.quarantine(),
        "files": sorted(each.name for each in kept),
    }


def assert_heals(world: World, unhurt: Content) -> None:
    """Run the next night, and hold what there is against the unhurt company."""
    world.night()
    found = content(world)
    differing = [part for part in unhurt if found[part] != unhurt[part]]
    assert differing == [], f"{differing} differ"
    assert world.waits() == [], "deliveries still wait"
    last = last_load(world.settings)
    assert last is not None
    assert is_copied(world.settings, last.load_id), "the copy of the ledger is old"
