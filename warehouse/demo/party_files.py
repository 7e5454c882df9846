"""The files about customers: what each source delivers of them on a day."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from warehouse.demo import bought_records, brokered_lists, known, own_records, slips
from warehouse.demo.book_records import organisations
from warehouse.demo.chance import Flags, Integers
from warehouse.demo.deliveries import Manner
from warehouse.demo.making import LATE_EVERY, Making
from warehouse.demo.presence import CHUNK, Presence, record_ids, registered_twice

NARROW_EVERY = 3
"""Every third day the web shop delivers changes with the changed columns only."""
NARROW_COLUMNS = [
    "registration_id",
    "full_name",
    "family_name",
    "given_name",
    "address_line",
    "postcode",
    "city",
    "region",
    "updated_at",
]


def write_party_files(making: Making, day: int) -> None:
    """Write what the sources deliver about customers on a day."""
    own_records.plant_interests(making.effects)
    slips.plant(making.effects)
    _registrations(making, day)
    _cards(making, day)
    _organisations(making, day)
    _lists(making, day)


def _parts(chosen: Integers) -> Iterator[Integers]:
    for start in range(0, max(len(chosen), 1), CHUNK):
        yield chosen[start : start + CHUNK]


def _new_and_changed(
    presence: Presence, source: str, day: int
) -> tuple[Integers, Integers]:
    """Return whom a source meets on a day, and of whom it learns a move or a name."""
    first = presence.first_day[source]
    changed: Flags = (presence.moved_day[source] == day) | (
        presence.renamed_day[source] == day
    )
    known = (first >= 0) & (first < day)
    return np.flatnonzero(first == day), np.flatnonzero(known & changed)


def _registrations(making: Making, day: int) -> None:
    presence, desk = making.presence, making.desk
    new, changed = _new_and_changed(presence, "web", day)
    is_narrow = day % NARROW_EVERY == NARROW_EVERY - 1
    whole = changed[:0] if is_narrow else changed
    desk.csv(
        "web.registrations",
        _registration_rows(presence, new, whole, day),
        name=f"registrations_{desk.date_of(day)}.csv",
        on_day=day,
        manner=Manner(key="registration_id"),
    )
    if is_narrow:
        changes = _changed_registrations(presence, changed, day)
        path = desk.csv(
            "web.registrations",
            [changes.select(NARROW_COLUMNS)],
            name=f"registrations_changes_{desk.date_of(day)}.csv",
            on_day=day,
        )
        desk.note("left_out", path, detail=f"has only {', '.join(NARROW_COLUMNS)}")


def _registration_rows(
    presence: Presence, new: Integers, changed: Integers, day: int
) -> Iterator[pa.Table]:
    """Yield newcomers, second registrations, corrections of the past, and changes."""
    held = np.flatnonzero(presence.first_day["web"] >= 0)
    corrected = held[presence.correction_day(held) == day]
    twice = new[registered_twice(presence.people, new)]
    for part in (*_parts(new), corrected):
        yield own_records.registrations(
            presence,
            part,
            on_day=day,
            updated_at=known.made_at(presence, "web", part),
        )
    yield own_records.registrations(
        presence,
        twice,
        on_day=day,
        updated_at=known.made_at(presence, "web", twice),
        is_second=True,
    )
    yield _changed_registrations(presence, changed, day)


def _changed_registrations(presence: Presence, changed: Integers, day: int) -> pa.Table:
    at = known.clock(presence, "web", changed, day)
    return own_records.registrations(presence, changed, on_day=day, updated_at=at)


def _cards(making: Making, day: int) -> None:
    presence, desk = making.presence, making.desk
    new, changed = _new_and_changed(presence, "member", day)

    def rows() -> Iterator[pa.Table]:
        for part in _parts(new):
            at = known.made_at(presence, "member", part)
            yield own_records.cards(presence, part, on_day=day, updated_at=at)
        at = known.clock(presence, "member", changed, day)
        yield own_records.cards(presence, changed, on_day=day, updated_at=at)

    is_late = day % LATE_EVERY == 2 and day + 2 < making.days
    path = desk.csv(
        "member.cards",
        rows(),
        name=f"cards_{desk.date_of(day)}.csv",
        on_day=day,
        folder_day=day + 2 if is_late else day,
        manner=Manner(key="member_id", encoding="gb18030"),
    )
    if day % LATE_EVERY == 1 and day + 1 < making.days:
        desk.repeat(path, day=day + 1, name=f"cards_{desk.date_of(day)}_again.csv")


def _organisations(making: Making, day: int) -> None:
    presence, desk = making.presence, making.desk
    first = presence.first_day["crm"]
    index = np.flatnonzero((first >= 0) & (first <= day))
    chance = making.people.chance
    leaves = 1 + chance.below(index, "leaves_on", making.days)
    left = chance.happens(index, "leaves", 0.03) & (leaves <= day)
    left &= leaves > first[index]
    for number in np.flatnonzero(left & (leaves == day)):
        record = record_ids("crm", index[number : number + 1])[0].as_py()
        desk.planted.add("deleted", "crm", record=record, detail=desk.date_of(day))
    rows = organisations(presence, index[~left], on_day=day)
    date = desk.date_of(day)
    desk.excel("crm.organisations", rows, name=f"organisations_{date}.xlsx", day=day)


def _lists(making: Making, day: int) -> None:
    presence, desk = making.presence, making.desk
    if day == making.days // 2:
        brokered_lists.plant(making.effects)
        desk.csv(
            "list_broker.lists",
            [brokered_lists.terms()],
            name=f"lists_{desk.date_of(day)}.csv",
            on_day=day,
        )
    for source, write, delimiter in (
        ("list_alpha", bought_records.alpha_names, ";"),
        ("list_beta", bought_records.beta_names, ","),
        ("list_broker", brokered_lists.names, ","),
    ):
        index = np.flatnonzero(presence.first_day[source] == day)
        if len(index):
            desk.csv(
                f"{source}.names",
                (write(presence, part) for part in _parts(index)),
                name=f"names_{desk.date_of(day)}.csv",
                on_day=day,
                manner=Manner(key="entry", delimiter=delimiter),
            )
