"""Random histories of parties: changes, corrections, repeats, late and lost fields."""

import random
from datetime import date, datetime, timedelta
from typing import TypeVar

from oracle.edges import World
from oracle.rows import DecisionRow, ModelRow, PartyRow

T = TypeVar("T")

FIRST_DAY = date(2026, 1, 1)
SOURCES = ("unique", "web", "shop")
OPTIONAL = (
    *("national_id", "member_number", "email", "full_name", "birth_date"),
    *("address_line", "postcode", "city"),
)


def random_history(
    seed: int, *, rows: int = 24, loads: int = 6, records: int = 9
) -> list[PartyRow]:
    """Return the party rows of some loads; few distinct values, so that many meet.

    Args:
        seed: What the history follows from.
        rows: How many rows.
        loads: Over how many loads.
        records: How many records there may be.
    """
    chance = random.Random(seed)  # noqa: S311
    history: list[PartyRow] = []
    for number in range(1, rows + 1):
        if history and chance.random() < 0.15:
            history.append(_repeated(chance, chance.choice(history), number, loads))
        else:
            history.append(_random_row(chance, number, loads, records))
    return history


def random_world(
    seed: int, *, rows: int = 24, loads: int = 6, records: int = 9
) -> World:
    """Return a history with decisions, some withdrawn, and now and then a model.

    Args:
        seed: What the world follows from.
        rows: How many rows of parties.
        loads: Over how many loads.
        records: How many records there may be.
    """
    chance = random.Random(seed)  # noqa: S311
    history = random_history(seed, rows=rows, loads=loads, records=records)
    decisions = [
        DecisionRow(
            load_id=1 + chance.randrange(loads),
            load_row=number,
            left=_record(chance.randrange(min(records, 5))),
            right=_record(5 + chance.randrange(3)),
            verdict=chance.choice(["must", "must", "never", "withdrawn"]),
            decided_at=_midnight(FIRST_DAY + timedelta(days=chance.randrange(3))),
        )
        for number in range(chance.randrange(6))
    ]
    models = [
        ModelRow(load_id, "second" if number % 2 == 0 else "first")
        for number, load_id in enumerate(
            sorted(chance.sample(range(2, loads + 1), chance.randrange(3)))
        )
    ]
    return World(history, decisions, models)


def _record(number: int) -> tuple[str, str]:
    return SOURCES[number % len(SOURCES)], f"r{number}"


def _random_row(
    chance: random.Random, number: int, loads: int, records: int
) -> PartyRow:
    record = chance.randrange(records)
    delivered_on = FIRST_DAY + timedelta(days=chance.randrange(4))
    is_delta = chance.random() < 0.3
    left_out = tuple(name for name in OPTIONAL if is_delta and chance.random() < 0.5)
    values: dict[str, str | None] = {
        "national_id": _maybe(chance, 0.3, f"n{chance.randrange(5)}"),
        "organisation_code": _maybe(chance, 0.1, f"o{chance.randrange(3)}"),
        "member_number": _maybe(chance, 0.3, f"m{chance.randrange(5)}"),
        "email": _maybe(chance, 0.7, f"e{chance.randrange(3)}@x.com"),
        "full_name": _maybe(chance, 0.9, f"name {chance.randrange(2)}"),
        "address_line": _maybe(chance, 0.5, f"street {chance.randrange(3)}"),
        "postcode": _maybe(chance, 0.5, chance.choice(["100080", "200001", "none"])),
        "city": _maybe(chance, 0.5, f"city {chance.randrange(2)}"),
    }
    born = _maybe(chance, 0.5, date(1980, 1, 1 + chance.randrange(3)))
    return PartyRow(
        load_id=1 + chance.randrange(loads),
        load_row=number,
        source_name=_record(record)[0],
        source_record_id=_record(record)[1],
        delivered_on=delivered_on,
        valid_from=_midnight(FIRST_DAY + timedelta(days=chance.randrange(4))),
        is_deleted=chance.random() < 0.08,
        left_out=left_out,
        party_kind="organisation"
        if record == 0 or chance.random() < 0.01
        else "person",
        birth_date=None if "birth_date" in left_out else born,
        has_mixed_scripts="full_name" not in left_out and chance.random() < 0.1,
        **{name: None if name in left_out else value for name, value in values.items()},
    )


def _repeated(
    chance: random.Random, row: PartyRow, number: int, loads: int
) -> PartyRow:
    again = {"load_id": 1 + chance.randrange(loads), "load_row": number}
    return PartyRow(**(row.__dict__ | again))


def _maybe(chance: random.Random, probability: float, value: T) -> T | None:
    return value if chance.random() < probability else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time())
