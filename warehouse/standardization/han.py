"""Chinese characters by tables: simplified forms, and readings in letters.

Tables of single characters, because a name has no context that a dictionary of words
could use, and because tables are quick. Which character is simplified from which is
OpenCC's knowledge; how one is read is pypinyin's, save surnames (`surnames.py`).
"""

import re
import unicodedata
from functools import cache

import opencc
from pypinyin.constants import PHRASES_DICT, PINYIN_DICT

from warehouse.standardization.surnames import COMPOUND_SURNAMES, SURNAME_READINGS

_FIRST, _LAST = 0x3400, 0x9FFF
_LONGEST_SYLLABLE = 6
_LONGEST_GIVEN = 3
_VOWEL = set("aeiou")
_UMLAUT, _ENDS = ("v", "yu"), ("", "e")
_VARIANTS = ("t2s", "hk2s")
_OTHER_IN_NAMES = {"乾"}
"""In a name it is qian, which has no simpler form; only gan, dry, has."""

_GIVEN_READINGS = {"晟": "sheng", "曾": "zeng", "卜": "bu", "么": "me"}


@cache
def simplified_forms() -> dict[int, str]:
    """Return the simplified character by the code point of any other form of it.

    Variants of Hong Kong count only where the general table knows none, and a character
    that is itself the simplified form of another is never changed.
    """
    letters = "\n".join(chr(code) for code in range(_FIRST, _LAST + 1))
    forms: dict[int, str] = {}
    for table in _VARIANTS:
        changed = opencc.OpenCC(table).convert(letters).split("\n")
        for letter, form in zip(letters.split("\n"), changed, strict=True):
            if form != letter and len(form) == 1:
                forms.setdefault(ord(letter), form)
    own = set(forms.values()) | _OTHER_IN_NAMES
    return {code: form for code, form in forms.items() if chr(code) not in own}


def simplified(value: str) -> str:
    """Return a text with every Chinese character in its simplified form.

    Character by character, so texts may be joined, changed at once, and parted again.
    """
    return _other_forms().sub(_simpler, value)


@cache
def _other_forms() -> re.Pattern[str]:
    return re.compile(f"[{''.join(map(chr, sorted(simplified_forms())))}]")


def _simpler(found: re.Match[str]) -> str:
    return simplified_forms()[ord(found.group())]


def is_han(letter: str) -> bool:
    """Return whether a character is a Chinese one."""
    return _FIRST <= ord(letter) <= _LAST


def person_reading(name: str) -> list[str]:
    """Return surname and given name in letters without tones.

    Args:
        name: A name in simplified characters and nothing else, surname first.

    Returns:
        Two words; one for a name of one character, and for one that is too long to be
        Chinese and therefore renders a foreign name's sound.
    """
    split = 2 if len(name) > 2 and name[:2] in COMPOUND_SURNAMES else 1
    family, given = name[:split], name[split:]
    if len(given) > _LONGEST_GIVEN:
        return [reading(name)]
    return [surname_reading(family), given_reading(given)] if given else [reading(name)]


def surname_reading(name: str) -> str:
    """Return a surname in letters without tones, read as surnames are."""
    return COMPOUND_SURNAMES.get(name) or SURNAME_READINGS.get(name) or reading(name)


def given_reading(name: str) -> str:
    """Return a given name in letters without tones, its syllables joined."""
    known = PHRASES_DICT.get(name)
    if known:
        return "".join([_toneless(readings[0]) for readings in known])
    table = _given_syllables()
    return "".join([table.get(letter, letter) for letter in name])


def reading(text: str) -> str:
    """Return characters in letters without tones, joined; others stay as they are."""
    return "".join(_syllables().get(letter, letter) for letter in text)


def is_pinyin(word: str) -> bool:
    """Return whether a word of Latin letters can be read as Chinese syllables."""
    ends = [True] + [False] * len(word)
    for end in range(1, len(ends)):
        ends[end] = any(
            ends[start] and word[start:end] in syllables()
            for start in range(max(0, end - _LONGEST_SYLLABLE), end)
        )
    return ends[-1]


@cache
def syllables() -> frozenset[str]:
    """Return the syllables of pinyin without tones, `lü` in all its spellings."""
    read = {syllable for syllable in _syllables().values() if _VOWEL & set(syllable)}
    umlauts = {f"{n}{u}{e}" for n in "ln" for u in _UMLAUT for e in _ENDS}
    return frozenset(read | umlauts)


@cache
def _syllables() -> dict[str, str]:
    return {
        chr(code): _toneless(readings.split(",")[0])
        for code, readings in PINYIN_DICT.items()
    }


@cache
def _given_syllables() -> dict[str, str]:
    return _syllables() | _GIVEN_READINGS


@cache
def _toneless(syllable: str) -> str:
    """Drop the marks; `lü` becomes `lu`, as all its spellings do in a name."""
    parts = unicodedata.normalize("NFKD", syllable)
    return "".join(letter for letter in parts if "a" <= letter <= "z")
