"""National ids and organisation codes, valid only when their check digit proves it."""

import re
import unicodedata

from stdnum import lei
from stdnum.cn import ric, uscc
from stdnum.eu import vat
from stdnum.exceptions import ValidationError

PLACEHOLDER_NATIONAL_IDS = frozenset({"11010519491231002X", "440524188001010014"})
"""The examples that the standard GB 11643 itself prints."""

_NATIONAL_ID = re.compile(
    "(1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|9[0-9])"
    "[0-9]{4}(19|20)[0-9]{9}[0-9X]"
)
_CREDIT_CODE = re.compile("[0-9ANY][0-9A-HJ-NPQRTUWXY][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
_NO_DIVISION = "000000"
_SEPARATORS = re.compile(r"[\s.\-]")


def national_id(value: str) -> str | None:
    """Return a resident id of GB 11643 in its standard form.

    Province, date of birth and check digit are proven. The county is not: counties were
    renumbered for decades and the lists at hand have gaps, so true ids would be lost.

    Returns:
        The 18 characters, or None when the id is invalid or a printed example.
    """
    number = _compact(value)
    if not _NATIONAL_ID.fullmatch(number) or number in PLACEHOLDER_NATIONAL_IDS:
        return None
    try:
        ric.get_birth_date(number)
    except ValidationError:
        return None
    return number if ric.calc_check_digit(number) == number[-1] else None


def organisation_code(value: str) -> str | None:
    """Return the code of an organisation in its standard form.

    A unified social credit code (GB 32100), a legal entity identifier or a European VAT
    number with its country prefix: the codes that prove themselves.

    Returns:
        The code, or None when no check digit proves it, or it is of no division: zeros
        alone bear any check digit out.
    """
    code = _compact(value)
    if _CREDIT_CODE.fullmatch(code):
        if code[2:8] == _NO_DIVISION:
            return None
        return code if uscc.calc_check_digit(code[:17]) == code[-1] else None
    for standard in (lei, vat):
        try:
            return str(standard.validate(code))
        except (ValidationError, KeyError, ValueError):
            continue
    return None


def _compact(value: str) -> str:
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", value)).upper()
