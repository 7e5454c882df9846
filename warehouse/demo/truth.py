"""The truth beside the deliveries: who is who, what was planted. Only tests read it."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet

from warehouse.demo.chance import Flags, Integers
from warehouse.demo.columns import either, join, number
from warehouse.demo.feedback import DEAD_MAILBOX_PCT, WRONG_NUMBER_PCT
from warehouse.demo.known import TYPO_PCT
from warehouse.demo.making import Making
from warehouse.demo.presence import (
    CHUNK,
    MOVED_PCT,
    NEVER,
    RENAMED_PCT,
    SOURCES,
    Presence,
    record_ids,
    registered_twice,
)
from warehouse.demo.slips import slipped

RECORDS = pa.schema(
    [
        ("source_name", pa.string()),
        ("source_record_id", pa.string()),
        ("party_id", pa.string()),
        ("household_id", pa.string()),
    ]
)
PLANTED = pa.schema(
    [
        ("kind", pa.string()),
        ("source_name", pa.string()),
        ("source_record_id", pa.string()),
        ("delivery", pa.string()),
        ("detail", pa.string()),
    ]
)


def write_truth(making: Making, folder: Path) -> int:
    """Write who is who and what was planted; return the number of party records."""
    presence, planted = making.presence, making.desk.planted
    folder.mkdir(parents=True, exist_ok=True)
    making.effects.write(folder)
    count = 0
    with (
        parquet.ParquetWriter(folder / "records.parquet", RECORDS) as records,
        parquet.ParquetWriter(folder / "planted.parquet", PLANTED) as faults,
    ):
        for start in range(0, presence.people.size, CHUNK):
            stop = min(start + CHUNK, presence.people.size)
            index = np.arange(start, stop, dtype=np.int64)
            for source in SOURCES:
                held = index[presence.first_day[source][index] >= 0]
                table = _records(presence, source, held)
                records.write_table(table)
                count += len(table)
                for kind, flags in _kinds(presence, source, held).items():
                    faults.write_table(_planted(kind, source, held[flags]))
        columns = list(zip(*planted.rows, strict=True)) or [()] * len(PLANTED)
        faults.write_table(
            pa.table([pa.array(list(c), pa.string()) for c in columns], PLANTED)
        )
    return count


def _records(presence: Presence, source: str, index: Integers) -> pa.Table:
    ids = record_ids(source, index)
    if source == "web":
        twice = index[registered_twice(presence.people, index)]
        ids = pa.concat_arrays([ids, record_ids(source, twice, is_second=True)])
        index = np.concatenate([index, twice])
    people = presence.people
    home = join("h", number(people.head(index), 8))
    return pa.table(
        [
            pa.array([source] * len(index), pa.string()),
            ids,
            join("p", number(index, 8)),
            either(people.is_organisation(index), pa.scalar(None, pa.string()), home),
        ],
        RECORDS,
    )


def _kinds(presence: Presence, source: str, index: Integers) -> dict[str, Flags]:
    people, chance = presence.people, presence.people.chance
    place = people.position(index)
    kinds = {
        "typo_in_name": chance.happens(index, f"{source}:typo_name", TYPO_PCT / 100),
        "typo_in_address": chance.happens(
            index, f"{source}:typo_address", TYPO_PCT / 100
        ),
        "moved": chance.happens(index, "moved", MOVED_PCT / 100),
        "move_learnt": presence.moved_day[source][index] < presence.days,
        "renamed": chance.happens(index, "renamed", RENAMED_PCT / 100),
        "name_learnt": presence.renamed_day[source][index] < presence.days,
        "dead_mailbox": chance.happens(index, "dead_mailbox", DEAD_MAILBOX_PCT / 100),
        "wrong_number": chance.happens(index, "wrong_number", WRONG_NUMBER_PCT / 100),
        "twin": (people.twin_of(index) != index) & (place == 4),
        "namesake": people.is_namesake(index),
        **slipped(people, source, index),
    }
    if source == "web":
        kinds["corrected"] = presence.correction_day(index) < NEVER
        kinds["registered_twice"] = registered_twice(people, index)
    return kinds


def _planted(kind: str, source: str, index: Integers) -> pa.Table:
    count = len(index)
    return pa.table(
        [
            pa.array([kind] * count, pa.string()),
            pa.array([source] * count, pa.string()),
            record_ids(source, index),
            pa.array([""] * count, pa.string()),
            pa.array([""] * count, pa.string()),
        ],
        PLANTED,
    )
