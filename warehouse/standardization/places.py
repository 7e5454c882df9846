"""Comparable addresses: what two ways of writing one address have in common."""

import re

from warehouse.standardization.han import is_han, simplified

SHORTER_WORDS = {
    **{"street": "st", "avenue": "ave", "road": "rd", "lane": "ln", "drive": "dr"},
    **{"boulevard": "blvd", "building": "bldg", "apartment": "apt", "floor": "fl"},
    **{"square": "sq", "place": "pl", "court": "ct", "strasse": "str", "suite": "ste"},
}
"""Words of an address that are as often abbreviated."""

NUMERALS = "零〇一二三四五六七八九十百"
"""Characters that a number below a thousand is written with."""

UNITS = ("号", "室", "楼", "层", "栋", "幢", "单元", "弄", "座")
"""What a house, a floor or a room is counted in."""

_NUMBER = re.compile(f"[{NUMERALS}]+(?=(?:{'|'.join(UNITS)}))")
_DIGITS = {letter: max(0, place - 1) for place, letter in enumerate(NUMERALS[:11])}
_APART = re.compile(r"[\W_]+")
_DASHES = re.compile("[\u2010-\u2015~]")
_NOISE = re.compile(r"[^\w-]|_|(?<![0-9])-|-(?![0-9])")


def address_key(address: str) -> str | None:
    """Return an address in its comparable form.

    Chinese: simplified characters without blanks and punctuation (but 3-201 keeps its
    dash), house numbers in digits. Others: words without punctuation, the usual ones
    abbreviated.

    Args:
        address: An address that `texts.text` has folded.

    Returns:
        The address, or None when nothing is left.
    """
    plain = simplified(address).replace("ß", "ss")
    if any(map(is_han, plain)):
        joined = _NOISE.sub("", _DASHES.sub("-", plain))
        return _NUMBER.sub(_in_digits, joined) or None
    words = _APART.sub(" ", plain).split()
    return " ".join(SHORTER_WORDS.get(word, word) for word in words) or None


def _in_digits(found: re.Match[str]) -> str:
    """Write a number below a thousand in digits; a row of digits digit by digit."""
    written = found.group()
    if not {"十", "百"} & set(written):
        return "".join(str(_DIGITS[letter]) for letter in written)
    total, digit = 0, 0
    for letter in written:
        if letter in _DIGITS:
            digit = _DIGITS[letter]
        else:
            total += (digit or 1) * (10 if letter == "十" else 100)
            digit = 0
    return str(total + digit)
