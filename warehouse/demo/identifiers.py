"""Numbers with a check digit, and telephone numbers, made for whole columns at once."""

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from warehouse.demo.chance import Chance, Flags, Integers
from warehouse.demo.columns import Column, choose, either, join, number

RESIDENT_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
RESIDENT_CHECKS = list("10X98765432")
ORGANISATION_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
ORGANISATION_WEIGHTS = np.array(
    [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
)
BODY_WEIGHTS = np.array([3, 7, 9, 10, 5, 8, 4, 2])
KNOWN_BAD_MOBILE = "13800000000"
MOBILE_PREFIXES_CHINESE = ["138", "139", "150", "151", "186", "187", "133", "189"]


def _digits(values: Integers, width: int) -> npt.NDArray[np.int64]:
    powers = 10 ** np.arange(width - 1, -1, -1, dtype=np.int64)
    return (values[:, np.newaxis] // powers) % 10


def resident_ids(
    area: Integers, birth: Column, ordinal: Integers, wrong: Flags
) -> Column:
    """Return resident ids (GB 11643).

    Args:
        area: Six digits of the place.
        birth: Date of birth as text `YYYYMMDD`.
        ordinal: Three digits; odd for men.
        wrong: Where the check digit is to be wrong.
    """
    born = birth.cast("int64").to_numpy(zero_copy_only=False)
    digits = np.hstack([_digits(area, 6), _digits(born, 8), _digits(ordinal, 3)])
    check = (digits @ RESIDENT_WEIGHTS + wrong) % 11
    return join(
        number(area, 6), birth, number(ordinal, 3), choose(RESIDENT_CHECKS, check)
    )


def organisation_codes(area: Integers, body: Integers, wrong: Flags) -> Column:
    """Return unified social credit codes (GB 32100), each with its inner GB 11714.

    Args:
        area: Six digits of the place.
        body: Eight digits of the organisation.
        wrong: Where the last check character is to be wrong.
    """
    body_digits = _digits(body, 8)
    inner = (11 - body_digits @ BODY_WEIGHTS % 11) % 11
    inner_text = choose([*"0123456789", "X"], inner)
    inner_value = np.where(inner == 10, ORGANISATION_ALPHABET.index("X"), inner)
    kind = np.tile(np.array([9, 1]), (len(area), 1))
    digits = np.hstack([kind, _digits(area, 6), body_digits, inner_value[:, None]])
    check = (31 - digits @ ORGANISATION_WEIGHTS % 31 + wrong) % 31
    return join(
        "91",
        number(area, 6),
        number(body, 8),
        inner_text,
        choose(list(ORGANISATION_ALPHABET), check),
    )


def mobiles(chance: Chance, index: Integers, country: Column, form: Integers) -> Column:
    """Return mobile numbers, written in one of the ways that people write them.

    Args:
        chance: The chance of the company.
        index: Whose number it is.
        country: ISO code of the country.
        form: 0 plain, 1 with hyphens, 2 international with blanks.
    """
    draw = chance.below(index, "mobile", 100_000_000)
    high, low = number(draw // 10_000, 4), number(draw % 10_000, 4)
    prefix = choose(MOBILE_PREFIXES_CHINESE, chance.below(index, "mobile_prefix", 8))
    chinese = either(
        form == 0,
        join(prefix, high, low),
        either(
            form == 1,
            join(prefix, "-", high, "-", low),
            join("+86 ", prefix, " ", high, " ", low),
        ),
    )
    exchange = number(200 + draw // 10_000 % 350, 3)
    area = choose(["212", "213", "312", "415"], draw % 4)
    six, seven = number(draw % 1_000_000, 6), number(draw % 10_000_000, 7)
    abroad = {
        "HK": join("+852 6", number(100 + draw % 700, 3), " ", high),
        "US": join("+1 ", area, " ", exchange, " ", low),
        "GB": join("+44 7400 ", six),
        "DE": join("+49 151 1", seven),
        "FR": join("+33 6 12 ", six),
        "SG": join("+65 8", number(100 + draw % 700, 3), " ", high),
    }
    return _by_country(country, chinese, abroad)


def fixed_lines(
    chance: Chance, index: Integers, country: Column, dialling: Column, purpose: str
) -> Column:
    """Return fixed-line or fax numbers of a place; empty where none are used.

    Args:
        chance: The chance of the company.
        index: Whose number it is.
        country: ISO code of the country.
        dialling: Area code without trunk prefix.
        purpose: Tells telephone and fax of one customer apart.
    """
    draw = chance.below(index, purpose, 10_000_000)
    low = number(draw % 10_000, 4)
    chinese = join("0", dialling, "-6", number(draw, 7))
    abroad = {
        "HK": join("+852 2", number(100 + draw // 10_000 % 800, 3), " ", low),
        "US": join(
            "+1 ", dialling, " ", number(200 + draw // 10_000 % 350, 3), " ", low
        ),
        "GB": join("+44 20 7", number(200 + draw // 10_000 % 700, 3), " ", low),
        "DE": join("+49 30 2", number(draw, 7)),
        "FR": join("+33 1 42 ", number(draw % 1_000_000, 6)),
        "SG": join("+65 6", number(200 + draw // 10_000 % 700, 3), " ", low),
    }
    return _by_country(country, chinese, abroad)


def _by_country(country: Column, chinese: Column, abroad: dict[str, Column]) -> Column:
    result = chinese
    for code, written in abroad.items():
        result = pc.if_else(pc.equal(country, code), written, result)
    return result
