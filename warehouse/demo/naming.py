"""How names of persons and organisations are written, with the errors of the source."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc
from pypinyin import lazy_pinyin

from warehouse.demo import vocabulary as words
from warehouse.demo.chance import Flags, Integers
from warehouse.demo.columns import Column, choose, either, join, number
from warehouse.demo.population import Population

CHARACTERS, TRADITIONAL, PINYIN = 0, 1, 2
"""How a Chinese name is written."""


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
    family_han = pick(list(words.FAMILY_CHINESE), family)
    family_latin = pick(words.FAMILY_LATIN, family)
    given_han, given_latin = _given_names(male, first, second)
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


def pick(names: Sequence[str], ordinal: Integers) -> Column:
    """Return a word of the list per ordinal, which may be larger than the list."""
    return choose(names, ordinal % len(names))


def _given_names(
    male: Flags, first: Integers, second: Integers
) -> tuple[Column, Column]:
    """Return given names in characters and in letters."""
    han = either(
        male,
        _given_chinese(words.GIVEN_CHINESE_MALE, first, second),
        _given_chinese(words.GIVEN_CHINESE_FEMALE, first, second),
    )
    latin = either(
        male,
        pick(words.GIVEN_LATIN_MALE, first),
        pick(words.GIVEN_LATIN_FEMALE, first),
    )
    return han, latin


def _given_chinese(characters: str, first: Integers, second: Integers) -> Column:
    letters = list(characters)
    more = ["", *letters]
    chosen = np.where(second % 4 == 0, 0, 1 + second // 4 % len(letters))
    return join(pick(letters, first), choose(more, chosen))


def _in_form(text: Column, form: Integers) -> Column:
    traditional = _mapped(text, lambda word: word.translate(words.TRADITIONAL))
    spelled = pc.utf8_capitalize(_pinyin(text))
    return either(
        form == PINYIN, spelled, either(form == TRADITIONAL, traditional, text)
    )


def _pinyin(text: Column) -> Column:
    return _mapped(text, lambda word: "".join(lazy_pinyin(word)))


def _mapped(text: Column, change: Callable[[str], str]) -> Column:
    """Apply a change to the distinct texts of a column."""
    coded = pc.dictionary_encode(text)
    changed = [change(word) for word in coded.dictionary.to_pylist()]
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
