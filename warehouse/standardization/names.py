"""Comparable names: what two ways of writing one name have in common.

`person_key` and `organisation_key` keep the script and drop what does not tell names
apart: titles, legal forms, blanks, marks, traditional characters. `latin` goes one step
further and gives words of Latin letters in alphabetical order, so that characters,
pinyin and the order of surname and given name make no difference:

    张偉, Zhang Wei, Wei Zhang, ZHANG Wei (Mr)       -> wei zhang
    欧阳小明, Ouyang Xiaoming, Xiao Ming Ou Yang      -> ouyang xiaoming
    吕萍, Lü Ping, Lv Ping, Lyu Ping                 -> lu ping

A Chinese given name is one word: its syllables are joined, because a joined one cannot
be divided with certainty (`xian` may be one syllable or two). Cantonese and Hokkien
spellings (Chan, Tan) stay what they are; so do names in kana, hangul and Cyrillic.

All take text that `texts.text` has folded.
"""

import re
from functools import lru_cache

from warehouse.standardization.han import (
    is_han,
    is_pinyin,
    person_reading,
    reading,
    simplified,
    syllables,
)
from warehouse.standardization.surnames import COMMON_SURNAMES, COMPOUND_SURNAMES

LATIN_TITLES = frozenset(
    (
        *("mr", "mrs", "ms", "miss", "mx", "mister", "dr", "doctor", "prof", "rev"),
        *("professor", "sir", "madam", "dame", "mme", "mlle", "monsieur", "madame"),
        *("herr", "frau", "esq", "phd"),
    )
)
"""Titles that stand before or after a name. Jr, Sr and III tell father from son."""

HAN_TITLES = (
    *("先生", "女士", "小姐", "太太", "夫人", "同志", "老师", "教授", "博士", "医生"),
    *("律师", "经理", "主任", "阁下", "老板", "さん", "様", "씨", "님"),
)
"""Titles that follow a name without a blank, in simplified characters."""

_CJK = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3"
_HAN_TITLE = re.compile(f"(?<=.)({'|'.join(HAN_TITLES)})+$")
_BRACKETS = re.compile("[(\\[{<《【「『].*?[)\\]}>》】」』]")
_APOSTROPHES = re.compile("['\u2019\u2018`\u00b4\u02bc]")
_APART = re.compile(r"[\W_]+")
_RUN = re.compile(f"[{_CJK}]+|[^ {_CJK}]+")
_BESIDE_CJK = re.compile(f"(?<=[{_CJK}]) | (?=[{_CJK}])")
_INNER_DOT = re.compile(r"\.(?=\w{2})")
_LETTERS = str.maketrans(
    {"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d"}
    | {"þ": "th", "\u0131": "i"}
)
_UMLAUT = re.compile("([ln])(?:v|yu)(?=e?(?:[^aeiou]|$))")
_RANKS = {surname: rank for rank, surname in enumerate(COMMON_SURNAMES)}
_COMPOUNDS = frozenset(COMPOUND_SURNAMES.values())


def person_key(name: str) -> str | None:
    """Return a person's name without titles, Chinese in simplified characters.

    Chinese (and kana, hangul) is written without blanks and comes first; a remark in
    brackets is dropped; `Smith, John` becomes `john smith`.

    Returns:
        The name, or None when no letter is left.
    """
    plain = simplified(name).translate(_LETTERS)
    plain = _BRACKETS.sub(" ", plain) if _BRACKETS.sub("", plain).strip() else plain
    family, comma, given = plain.partition(",")
    if comma and given.strip() and "," not in given:
        plain = f"{given} {family}"
    words = _RUN.findall(_APART.sub(" ", _APOSTROPHES.sub("", plain)))
    eastern = "".join(word for word in words if _is_eastern(word))
    western = _without_titles([word for word in words if not _is_eastern(word)])
    if eastern:
        western = [word for word in western if word not in LATIN_TITLES]
        western.insert(0, _HAN_TITLE.sub("", eastern))
    return " ".join(western) or None


def organisation_key(name: str, legal_forms: str) -> str | None:
    """Return an organisation's name without its legal form and punctuation.

    Args:
        name: The folded name.
        legal_forms: Spellings of legal forms, one in a line, in lower case and without
            punctuation. Those of Latin letters end a name; others begin or end it.

    Returns:
        The name; None when nothing is left. A name that is nothing but legal forms
        stays.
    """
    plain = simplified(name).translate(_LETTERS).replace("&", " and ")
    plain = _INNER_DOT.sub(" ", _APOSTROPHES.sub("", plain)).replace(".", "")
    plain = _BESIDE_CJK.sub("", _APART.sub(" ", plain)).strip()
    ending, opening = _legal_forms(legal_forms)
    shorter = opening.sub("", ending.sub("", plain)).strip()
    return shorter or plain or None


def person_latin(key: str) -> str:
    """Return the words of a person's key in Latin letters, sorted.

    Args:
        key: What `person_key` gave.
    """
    words: list[str] = []
    for word in key.split():
        if not _is_eastern(word):
            words.append(_one_umlaut(word))
        elif all(map(is_han, word)):
            words.extend(person_reading(word))
        else:
            words.append(word)
    return " ".join(sorted(_joined(words) if len(words) > 2 else words))


def organisation_latin(key: str) -> str:
    """Return the words of an organisation's key in Latin letters, sorted.

    Characters that follow each other are one word: nothing says where words end.
    """
    words = [
        reading(word) if _is_eastern(word) else _one_umlaut(word)
        for word in _RUN.findall(key)
    ]
    return " ".join(sorted(words))


def _is_eastern(word: str) -> bool:
    first = word[0]
    return is_han(first) or "\u3040" <= first <= "\u30ff" or "가" <= first <= "힣"


def _without_titles(words: list[str]) -> list[str]:
    """Drop titles at both ends, unless nothing else would stay."""
    start, end = 0, len(words)
    while start < end and words[start] in LATIN_TITLES:
        start += 1
    while end > start and words[end - 1] in LATIN_TITLES:
        end -= 1
    return words[start:end] or words


def _one_umlaut(word: str) -> str:
    """Write `lü` in one way, where a word is pinyin: `lv` and `lyu` become `lu`."""
    if _UMLAUT.search(word) and is_pinyin(word):
        return _UMLAUT.sub(r"\1u", word)
    return word


def _joined(words: list[str]) -> list[str]:
    """Join the syllables of surname and given name, where all words are pinyin."""
    if not all(map(is_pinyin, words)):
        return words
    if words[0] + words[1] in _COMPOUNDS:
        return [words[0] + words[1], "".join(words[2:])]
    if words[-2] + words[-1] in _COMPOUNDS:
        return [words[-2] + words[-1], "".join(words[:-2])]
    if len(words) != 3 or not syllables().issuperset(words):
        return words
    first, last = (_RANKS.get(word, len(_RANKS)) for word in (words[0], words[2]))
    if first == last == len(_RANKS):
        return words
    if first <= last:
        return [words[0], words[1] + words[2]]
    return [words[2], words[0] + words[1]]


@lru_cache(8)
def _legal_forms(spellings: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what ends and what begins a name, the longer spellings first."""
    forms = sorted({form for form in spellings.split("\n") if form}, key=_longer_first)
    latin = "|".join(re.escape(form) for form in forms if form.isascii())
    other = "|".join(re.escape(form) for form in forms if not form.isascii())
    ending = f"(?: (?:{latin or '(?!)'})| ?(?:{other or '(?!)'}))+$"
    return re.compile(ending), re.compile(f"^(?:{other or '(?!)'}) ?")


def _longer_first(form: str) -> tuple[int, str]:
    return -len(form), form
