"""The truth about the made-up customers: who they are, where they live, what changes.

A customer is an index. Customers come in blocks of twenty, of whom the first five live
in two households, so that a quarter shares a home. What the sources make of the truth
is in `warehouse.demo.presence` and `warehouse.demo.known`.
"""

from dataclasses import dataclass

import numpy as np

from warehouse.demo import vocabulary as words
from warehouse.demo.chance import Chance, Flags, Integers

BLOCK = 20
HEADS = np.array([0, 0, 2, 2, 2, *range(5, BLOCK)])
"""Position in the block of the head of each household."""
HOUSED = 5
ORGANISATION_PCT = 8
MAXIMUM_ORGANISATIONS = 20_000
FIRST_BIRTH = -10_957
"""1940-01-01 in days since 1970."""
BIRTH_DAYS = 25_000
IDS_PER_DAY = 400
SLOT_HALVES = (2_500, 4_000)
"""Two numbers whose product is the number of birth slots."""
SLOT_ROUNDS = 4


@dataclass(frozen=True)
class Population:
    """The customers of the made-up company.

    Attributes:
        chance: What decides all.
        size: Number of customers.
    """

    chance: Chance
    size: int

    def position(self, index: Integers) -> Integers:
        """Return the place of each customer within its block."""
        return index % BLOCK

    def head(self, index: Integers) -> Integers:
        """Return the head of the household that each customer lives in."""
        place = self.position(index)
        head: Integers = index - place + HEADS[place]
        return head

    def is_organisation(self, index: Integers) -> Flags:
        """Return which customers are organisations."""
        share = min(ORGANISATION_PCT / 100, MAXIMUM_ORGANISATIONS / self.size)
        chosen = self.chance.happens(
            index, "organisation", share * BLOCK / (BLOCK - HOUSED)
        )
        flags: Flags = chosen & (self.position(index) >= HOUSED)
        return flags

    def home(self, index: Integers) -> Integers:
        """Return the ordinal in `CITIES` of the city where each customer lives."""
        weights = [city.weight for city in words.CITIES]
        return self.chance.weighted(self.head(index), "city", weights)

    def is_chinese(self, index: Integers) -> Flags:
        """Return which customers have a Chinese name: those at home in China."""
        names = [city.country_code in ("CN", "HK") for city in words.CITIES]
        flags: Flags = np.array(names)[self.home(index)]
        return flags

    def twin_of(self, index: Integers) -> Integers:
        """Return whose birth date each customer shares; mostly the customer's own."""
        place = self.position(index)
        is_twin = (place == 4) & self.chance.happens(index // BLOCK, "twins", 0.2)
        return np.where(is_twin | self.is_namesake(index), index - 1, index)

    def is_namesake(self, index: Integers) -> Flags:
        """Return which customers have name and birth date of the one before them."""
        pair = (self.position(index) == 7) & self.chance.happens(
            index // BLOCK, "namesakes", 0.1
        )
        before = np.maximum(index - 1, 0)
        alike = self.is_chinese(index) & self.is_chinese(before)
        persons = ~self.is_organisation(index) & ~self.is_organisation(before)
        flags: Flags = pair & alike & persons
        return flags

    def _named_as(self, index: Integers) -> Integers:
        return np.where(self.is_namesake(index), index - 1, index)

    def is_male(self, index: Integers) -> Flags:
        """Return which customers are men."""
        return self.chance.happens(self._named_as(index), "male", 0.48)

    def birth_day(self, index: Integers) -> Integers:
        """Return the date of birth in days since 1970."""
        return FIRST_BIRTH + self._birth_slot(self.twin_of(index)) // IDS_PER_DAY

    def _birth_slot(self, index: Integers) -> Integers:
        # A bijection, for two customers with one id number would be one by right: each
        # round moves one half by what chance makes of the other (a Feistel network).
        low, high = SLOT_HALVES
        near, far = index % low, index // low % high
        for turn in range(SLOT_ROUNDS):
            far = (far + self.chance.below(near, f"birth_far_{turn}", high)) % high
            near = (near + self.chance.below(far, f"birth_near_{turn}", low)) % low
        return far * low + near

    def id_ordinal(self, index: Integers) -> Integers:
        """Return the three digits that tell ids of one place and day apart."""
        own = self.twin_of(index) == index
        slot = self._birth_slot(index) % IDS_PER_DAY
        half = np.where(own, slot, IDS_PER_DAY + slot % (499 - IDS_PER_DAY))
        return 2 * half + self.is_male(index)

    def family_ordinal(self, index: Integers, is_renamed: Flags) -> Integers:
        """Return the ordinal of the family name in its list of a hundred or fewer.

        Args:
            index: Whose name.
            is_renamed: Where the name after its change is meant.
        """
        place = self.position(index)
        with_head = (
            (place == 3) | (place == 4) | ((place == 1) & ~self.is_chinese(index))
        )
        owner = np.where(with_head, self.head(index), self._named_as(index))
        first = self.chance.below(owner, "family", 1_000_000)
        later = self.chance.below(index, "family_later", 1_000_000)
        return np.where(is_renamed, later, first)

    def given_ordinal(self, index: Integers) -> tuple[Integers, Integers]:
        """Return the ordinals of the given name and of its second character."""
        owner = self._named_as(index)
        return (
            self.chance.below(owner, "given", 1_000_000),
            self.chance.below(owner, "given_second", 1_000_000),
        )
