"""Which source knows which customer, since when, and what it has learnt by when."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from warehouse.demo.chance import Chance, Flags, Integers
from warehouse.demo.columns import Column, join, number
from warehouse.demo.population import Population

WEB, MEMBER, CRM, ALPHA, BETA, BROKER = 1, 2, 4, 8, 16, 32
SOURCES = {
    "web": WEB,
    "member": MEMBER,
    "crm": CRM,
    "list_alpha": ALPHA,
    "list_beta": BETA,
    "list_broker": BROKER,
}
PERSON_SHARES = {
    WEB: 30,
    MEMBER: 28,
    ALPHA: 7,
    BETA: 5,
    WEB | MEMBER: 15,
    WEB | ALPHA: 4,
    MEMBER | ALPHA: 4,
    MEMBER | BETA: 3,
    WEB | BETA: 2,
    WEB | MEMBER | ALPHA: 1.5,
    WEB | MEMBER | ALPHA | BETA: 0.5,
}
ORGANISATION_SHARES = {
    CRM: 55,
    WEB: 10,
    BETA: 5,
    CRM | WEB: 12,
    CRM | BETA: 14,
    CRM | WEB | BETA: 4,
}
BROKERED_PCT = 1.2
BROKERED_PERSONS, BROKERED_FIRMS = 120, 600
"""A small company's broker offers more of it, so that no list is empty."""
MAXIMUM_CRM = 4_000
"""A whole book of organisations is delivered every day, so their number is kept low."""
NEVER = 10_000
CHUNK = 200_000
TWICE_PCT = 2
MOVED_PCT = 10
RENAMED_PCT = 3
CORRECTED_PCT = 0.5
TOLD_BIRTH_PCT = 80


@dataclass(frozen=True)
class Presence:
    """What each source knows, by the day of the demo that it came to know it.

    Attributes:
        known_by: Per customer, the sources that hold it, as bits.
        first_day: Per source and customer, the day of the first delivery; below zero
            never.
        moved_day: Per source and customer, from which day on it has the later address.
        renamed_day: The same for the later name.
    """

    people: Population
    days: int
    known_by: npt.NDArray[np.uint8]
    first_day: dict[str, npt.NDArray[np.int16]]
    moved_day: dict[str, npt.NDArray[np.int16]]
    renamed_day: dict[str, npt.NDArray[np.int16]]

    def holds(self, source: str, index: Integers) -> Flags:
        """Return which customers a source ever holds."""
        flags: Flags = (self.known_by[index] & SOURCES[source]) > 0
        return flags

    def has_moved(self, source: str, index: Integers, day: int) -> Flags:
        """Return for whom a source has the later address on a day."""
        flags: Flags = self.moved_day[source][index] <= day
        return flags

    def is_renamed(self, source: str, index: Integers, day: int) -> Flags:
        """Return for whom a source has the later name on a day."""
        flags: Flags = self.renamed_day[source][index] <= day
        return flags

    def correction_day(self, index: Integers) -> Integers:
        """Return the day on which the web shop corrects a birth date; else NEVER."""
        chance = self.people.chance
        still = (self.moved_day["web"][index] >= NEVER) & (
            self.renamed_day["web"][index] >= NEVER
        )
        wrong = chance.happens(index, "corrected", CORRECTED_PCT / 100) & still
        wrong &= ~self.people.is_organisation(index)
        wrong &= chance.happens(index, "web:born", TOLD_BIRTH_PCT / 100)
        first = self.first_day["web"][index].astype(np.int64)
        wait = 1 + chance.below(index, "corrected_after", max(self.days - 1, 1))
        day = first + wait
        return np.where(wrong & (day < self.days), day, NEVER)


def take_presence(people: Population, days: int) -> Presence:
    """Decide for every customer which source knows it and since when."""
    known_by = np.zeros(people.size, np.uint8)
    tables = [
        {source: np.full(people.size, start, np.int16) for source in SOURCES}
        for start in (-1, NEVER, NEVER)
    ]
    for start in range(0, people.size, CHUNK):
        index = np.arange(start, min(start + CHUNK, people.size), dtype=np.int64)
        known_by[index] = _known_by(people, index)
        moved = change_day(people.chance, index, "moved", MOVED_PCT, days)
        renamed = change_day(people.chance, index, "renamed", RENAMED_PCT, days)
        for source, bit in SOURCES.items():
            held = (known_by[index] & bit) > 0
            first = _first_day(people.chance, index, source, days)
            tables[0][source][index] = np.where(held, first, -1)
            for table, change in ((tables[1], moved), (tables[2], renamed)):
                table[source][index] = _learnt(people.chance, index, source, change)
    return Presence(people, days, known_by, *tables)


def _known_by(people: Population, index: Integers) -> npt.NDArray[np.uint8]:
    chance = people.chance
    person = np.array(list(PERSON_SHARES), np.uint8)[
        chance.weighted(index, "known_by", list(PERSON_SHARES.values()))
    ]
    organisation = np.array(list(ORGANISATION_SHARES), np.uint8)[
        chance.weighted(index, "known_by", list(ORGANISATION_SHARES.values()))
    ]
    expected = 0.85 * min(0.08 * people.size, 20_000)
    outside = ~chance.happens(index, "in_crm", MAXIMUM_CRM / max(expected, 1))
    as_member = (organisation & CRM > 0) & outside
    organisation = np.where(as_member, organisation ^ CRM | MEMBER, organisation)
    is_organisation = people.is_organisation(index)
    known_by = np.where(is_organisation, organisation, person)
    share = np.where(is_organisation, BROKERED_FIRMS, BROKERED_PERSONS) / people.size
    brokered = chance.share(index, "brokered") < np.maximum(share, BROKERED_PCT / 100)
    return np.where(brokered, known_by | BROKER, known_by).astype(np.uint8)


def _first_day(chance: Chance, index: Integers, source: str, days: int) -> Integers:
    if source == "list_alpha":
        return np.full(len(index), min(1, days - 1))
    if source == "list_beta":
        return np.full(len(index), days * 2 // 3)
    if source == "list_broker":
        return np.full(len(index), days // 2)
    later = 1 + chance.below(index, f"first_{source}", max(days - 1, 1))
    new = chance.happens(index, f"new_{source}", 0.15) & (days > 1)
    return np.where(new, later, 0)


def change_day(
    chance: Chance, index: Integers, purpose: str, share_pct: float, days: int
) -> Integers:
    """Return when the truth changes: half before the first day, half after it."""
    changed = chance.happens(index, purpose, share_pct / 100)
    day = chance.below(index, f"{purpose}_day", 2 * days) - days
    return np.where(changed, day, NEVER)


def _learnt(chance: Chance, index: Integers, source: str, day: Integers) -> Integers:
    if source.startswith("list_"):
        return np.full(len(index), NEVER)
    lag = chance.below(index, f"lag_{source}", 3)
    told = chance.happens(index, f"told_{source}", 0.8)
    return np.where(told & (day < NEVER), day + lag, NEVER)


def record_ids(source: str, index: Integers, *, is_second: bool = False) -> Column:
    """Return the ids under which a source keeps its customers.

    Args:
        source: The source.
        index: The customers.
        is_second: For the second record of who registered twice.
    """
    shift = 500_000_000 if is_second else 0
    if source == "web":
        return join("W", number((index + shift) * 387_420_489 % 1_000_000_007, 10))
    if source == "member":
        return join("M", number((index + shift) * 48_828_125 % 1_000_000_007, 10))
    if source == "crm":
        return join("ORG-", number((index + shift) * 7_919 % 10_000_019, 8))
    if source == "list_alpha":
        return join("A", number((index + shift) * 16_807 % 1_000_000_007, 10))
    if source == "list_beta":
        return join("B-", number((index + shift) * 69_621 % 1_000_000_007, 10))
    return join("L", number((index + shift) * 40_692 % 1_000_000_007, 10))


def card_numbers(index: Integers) -> Column:
    """Return the numbers printed on the cards, which are no ids of records."""
    return join("88", number(index * 40_353_607 % 1_000_000_007, 10))


def registered_twice(people: Population, index: Integers) -> Flags:
    """Return who registered on the web a second time, under another id."""
    return people.chance.happens(index, "twice", TWICE_PCT / 100)
