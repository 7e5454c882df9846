"""The profile of a load: counts beside the ledger, without a value of a person."""

from pathlib import Path

from receiving_world import World, table

COLUMNS = [
    {"name": "id", "description": "id"},
    {"name": "name", "description": "name", "pii": "name"},
    {"name": "sex", "description": "sex", "accepted_values": ["f", "m"]},
    {"name": "age", "description": "age", "data_type": "integer"},
    {"name": "town", "description": "town"},
    {"name": "note", "description": "note"},
]
HEADER = "id,name,sex,age,town,note\n"
PROFILE = """
select column_name, category, row_count from ledger.load_profile
where load_id = {load} order by all
"""
TOWNS = ("Ulm", "Hof", "")


def people(count: int) -> bytes:
    """Write so many people, none of whom has the same name or note."""
    lines = [
        f"{n},Ann {n},{'fm'[n % 2]},{n % 5},{TOWNS[n % 3]},said {n}\n"
        for n in range(count)
    ]
    return (HEADER + "".join(lines)).encode()


def profile(world: World, load: int) -> dict[str, dict[str, int]]:
    """Return the profile of a load, by column and category."""
    found: dict[str, dict[str, int]] = {}
    for name, category, count in world.rows(PROFILE.format(load=load)):
        found.setdefault(name, {})[category] = count
    return found


def test_a_profile_counts_and_looks_at_nobody(tmp_path: Path) -> None:
    """Personal columns and keys are given or blank; the rest is told by kind."""
    world = World(tmp_path, table(columns=COLUMNS, keys=["id"]))
    assert world.receive(people(60)).rows_loaded == 60
    assert profile(world, 1) == {
        "id": {"_given": 60},
        "name": {"_given": 60},
        "sex": {"f": 30, "m": 30},
        "age": {"0": 12, "2^0": 12, "2^1": 24, "2^2": 12},
        "town": {"": 20, "Hof": 20, "Ulm": 20},
        "note": {"_many": 60},
    }


def test_of_a_few_rows_no_text_is_told(tmp_path: Path) -> None:
    """Whether a text is one of a few cannot be seen in a handful of rows."""
    world = World(tmp_path, table(columns=COLUMNS, keys=["id"]))
    world.receive(people(6))
    found = profile(world, 1)
    assert found["town"] == {"": 2, "_given": 4}
    assert found["note"] == {"_given": 6}
    assert found["sex"] == {"f": 3, "m": 3}


def test_a_snapshot_is_profiled_whole_and_refused_rows_are_not(tmp_path: Path) -> None:
    """What came is counted, not what changed; what was refused did not come."""
    snapshot = table(columns=COLUMNS, keys=["id"], delivery="full")
    world = World(tmp_path, snapshot)
    world.receive(people(60))
    changed = people(60) + b"60,Bob,f,old,Ulm,said\n61,Cid,x,1,Ulm,said\n"
    load = world.receive(changed)
    assert (load.rows_loaded, load.rows_repeated, load.rows_quarantined) == (0, 60, 2)
    assert profile(world, 2) == profile(world, 1)


def test_how_a_load_is_judged_does_not_change_its_contract() -> None:
    """A budget is no reason to read a refused file again."""
    plain = table(columns=COLUMNS, keys=["id"])
    blanks = {"maximum_pct": 5, "reason": "half of them are asked"}
    own = {"severity": "error", "reason": "the boss looks at it"}
    judged = table(
        columns=[*COLUMNS[:-1], {**COLUMNS[-1], "blanks": blanks, "anomalies": own}],
        keys=["id"],
        anomalies=own,
        quarantine={"small_pct": 2, "bearable_pct": 50, "reason": "typed by hand"},
    )
    assert judged.version == plain.version
    assert table(columns=COLUMNS[:-1], keys=["id"]).version != plain.version
