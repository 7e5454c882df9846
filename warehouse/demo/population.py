"""The truth about the made-up customers: who they are, where they live, what changes.

A customer is an index. Customers come in blocks of twenty, of whom the first five live in
two households, so that a quarter shares a home. What the sources make of the truth is in
`warehouse.demo.presence` and `warehouse.demo.records`.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc
from pypinyin import lazy_pinyin

from warehouse.demo import vocabulary as words
from warehouse.demo.chance import Chance, Flags, Integers
from warehouse.demo.columns import Column, choose, either, join, number

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
CHARACTERS, TRADITIONAL, PINYIN = 0, 1, 2


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
        return index - place + HEADS[place]

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
        # A bijection: two customers with one id number would be one by right.
        return (index * 7_654_321 + 12_345) % (BIRTH_DAYS * IDS_PER_DAY)

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


@dataclass(frozen=True)
class Name:
    """A person's name as a source writes it."""

    full: Column
    family: Column
    given: Column
    latin: Column
    """Lower-case letters only, for e-mail addresses."""


def person_names(
    people: Population,
    index: Integers,
    *,
    is_renamed: Flags,
    has_typo: Flags,
    form: Integers,
) -> Name:
    """Return the names of persons.

    Args:
        people: The population.
        index: Whose names.
        is_renamed: Where the name after its change is meant.
        has_typo: Where one part is mistaken for its neighbour.
        form: CHARACTERS, TRADITIONAL or PINYIN, for Chinese names.
    """
    male, chinese = people.is_male(index), people.is_chinese(index)
    family = people.family_ordinal(index, is_renamed)
    first, second = people.given_ordinal(index)
    in_family = people.chance.happens(index, "typo_in_family", 0.3)
    family = family ^ (has_typo & in_family)
    first = first ^ (has_typo & ~in_family)
    family_han = _pick(list(words.FAMILY_CHINESE), family)
    given_han = either(
        male,
        _given_chinese(words.GIVEN_CHINESE_MALE, first, second),
        _given_chinese(words.GIVEN_CHINESE_FEMALE, first, second),
    )
    given_latin = either(
        male,
        _pick(words.GIVEN_LATIN_MALE, first),
        _pick(words.GIVEN_LATIN_FEMALE, first),
    )
    family_latin = _pick(words.FAMILY_LATIN, family)
    family_written = _in_form(family_han, form)
    given_written = _in_form(given_han, form)
    gap = either(form == PINYIN, " ", "")
    return Name(
        full=either(
            chinese,
            join(family_written, gap, given_written),
            join(given_latin, " ", family_latin),
        ),
        family=either(chinese, family_written, family_latin),
        given=either(chinese, given_written, given_latin),
        latin=pc.utf8_lower(
            either(
                chinese,
                join(_pinyin(family_han), _pinyin(given_han)),
                join(given_latin, ".", family_latin),
            )
        ),
    )


def _pick(names: list[str], ordinal: Integers) -> Column:
    return choose(names, ordinal % len(names))


def _given_chinese(characters: str, first: Integers, second: Integers) -> Column:
    letters = list(characters)
    more = ["", *letters]
    chosen = np.where(second % 4 == 0, 0, 1 + second // 4 % len(letters))
    return join(_pick(letters, first), choose(more, chosen))


def _in_form(text: Column, form: Integers) -> Column:
    traditional = _mapped(text, lambda word: word.translate(words.TRADITIONAL))
    spelled = pc.utf8_capitalize(_pinyin(text))
    return either(
        form == PINYIN, spelled, either(form == TRADITIONAL, traditional, text)
    )


def _pinyin(text: Column) -> Column:
    return _mapped(text, lambda word: "".join(lazy_pinyin(word)))


def _mapped(text: Column, change: object) -> Column:
    """Apply a change to the distinct texts of a column."""
    coded = pc.dictionary_encode(text)
    changed = [change(word) for word in coded.dictionary.to_pylist()]  # type: ignore[operator]
    return choose(changed, coded.indices.to_numpy(zero_copy_only=False))


def organisation_names(
    people: Population, index: Integers, *, has_typo: Flags, is_renamed: Flags
) -> tuple[Column, Column]:
    """Return the full and the short names of organisations."""
    chance, chinese = people.chance, people.is_chinese(index)
    brand = chance.below(index, "brand", len(words.BRANDS_CHINESE)) ^ 0
    brand = np.where(is_renamed, (brand + 5) % len(words.BRANDS_CHINESE), brand)
    trade = people.chance.below(index, "industry", len(words.INDUSTRIES))
    serial = number(index % 9_000 + 1_000)
    cities = people.home(index)
    short_han = join(
        choose(words.BRANDS_CHINESE, brand), choose(words.TRADES_CHINESE, trade)
    )
    short_latin = join(
        choose(words.BRANDS_LATIN, brand), " ", choose(words.TRADES_LATIN, trade)
    )
    legal_han = either(has_typo, "有限责任公司", "有限公司")
    legal_latin = either(has_typo, " Limited", " Ltd")
    city = choose([place.name for place in words.CITIES], cities)
    full = either(
        chinese,
        join(city, short_han, "第", serial, "号", legal_han),
        join(short_latin, " ", serial, legal_latin),
    )
    return full, either(
        chinese, join(short_han, serial), join(short_latin, " ", serial)
    )


@dataclass(frozen=True)
class Address:
    """Where a customer lives, as a source writes it."""

    line: Column
    postcode: Column
    city: Column
    region: Column
    country: Column
    dialling: Column
    city_ordinal: Integers


def addresses(
    people: Population,
    index: Integers,
    *,
    has_moved: Flags,
    has_typo: Flags,
    form: Integers,
) -> Address:
    """Return addresses; who moves stays in the same city.

    Args:
        people: The population.
        index: Whose addresses.
        has_moved: Where the address after the move is meant.
        has_typo: Where the street is mistaken for its neighbour.
        form: How a Chinese address is written, as in `person_names`.
    """
    chance, head = people.chance, people.head(index)
    ordinal = people.home(index)
    salt = [
        np.where(
            has_moved,
            chance.below(index, f"later_{part}", 1_000_000),
            chance.below(head, part, 1_000_000),
        )
        for part in ("street", "house", "flat", "post")
    ]
    street, house, flat, post = salt
    street = street ^ has_typo
    city = choose([place.name for place in words.CITIES], ordinal)
    house_text, flat_text = (
        number(house % 998 + 1),
        number(flat % 28 * 100 + flat % 6 + 101),
    )
    han = join(
        city,
        "市",
        _pick(words.STREETS_CHINESE, street),
        house_text,
        "号",
        flat_text,
        "室",
    )
    latin = join(
        number(flat % 90 + 1), "/", house_text, " ", _pick(words.STREETS_LATIN, street)
    )
    chinese = people.is_chinese(index)
    written_form = np.where(form == TRADITIONAL, TRADITIONAL, CHARACTERS)
    count = np.array([place.postcode_count for place in words.CITIES])[ordinal]
    width = np.array([place.postcode_digits for place in words.CITIES])[ordinal]
    running = post % count + 1
    digits = either(
        width == 2, number(running, 2), either(width == 1, number(running), "")
    )
    return Address(
        line=either(chinese, _street_form(han, written_form), latin),
        postcode=join(
            choose([place.postcode_prefix for place in words.CITIES], ordinal),
            digits,
            choose([place.postcode_suffix for place in words.CITIES], ordinal),
        ),
        city=city,
        region=choose([place.region for place in words.CITIES], ordinal),
        country=choose([place.country_code for place in words.CITIES], ordinal),
        dialling=choose([place.dialling for place in words.CITIES], ordinal),
        city_ordinal=ordinal,
    )


def _street_form(line: Column, form: Integers) -> Column:
    simple, full = "国号区东广庆学园", "國號區東廣慶學園"
    traditional = line
    for before, after in zip(simple, full, strict=True):
        traditional = pc.replace_substring(traditional, before, after)
    return either(form == TRADITIONAL, traditional, line)
