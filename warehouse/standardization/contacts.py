"""Standard forms of e-mail addresses and telephone numbers, by the libraries for it."""

import phonenumbers
from email_validator import EmailNotValidError, validate_email

PLACEHOLDER_MAILBOXES = frozenset(
    (
        *("none", "null", "nil", "na", "n.a", "unknown", "nobody", "no"),
        *("nomail", "no-mail", "no_mail", "noemail", "no-email", "no_email"),
        *("noreply", "no-reply", "no_reply", "donotreply", "do-not-reply"),
        *("test", "tester", "testing", "asdf", "qwerty", "abc", "abcd"),
        *("a", "aa", "aaa", "aaaa", "x", "xx", "xxx", "xxxx"),
        *("0", "00", "000", "0000", "00000", "000000"),
        *("1", "11", "111", "1111", "11111", "111111"),
        *("123", "1234", "12345", "123456", "1234567", "12345678", "123456789"),
    )
)
"""Names before the `@` that stand for 'has none' or for nobody in particular."""

PLACEHOLDER_PHONES = frozenset({"+8613800138000", "+8613900139000"})
"""Numbers that forms show as an example."""

_DIGITS_THAT_MATTER = 8
_ASCENDING = "01234567890123456789"
_DESCENDING = _ASCENDING[::-1]


def email(value: str) -> str | None:
    """Return an e-mail address in its standard form, without asking the network.

    The whole address is put in lower case: no provider in use tells two mailboxes
    apart by case, and people do not either.

    Returns:
        The address, or None when it is invalid or a placeholder.
    """
    try:
        checked = validate_email(value.strip(), check_deliverability=False)
    except EmailNotValidError:
        return None
    address = checked.normalized.lower()
    mailbox = address.rpartition("@")[0]
    return None if mailbox in PLACEHOLDER_MAILBOXES else address


def phone(value: str, country: str | None) -> str | None:
    """Return a telephone number in E.164.

    Args:
        value: The number as delivered.
        country: ISO 3166-1 alpha-2 country to read it by when it carries no prefix.

    Returns:
        The number, or None when it is invalid or a placeholder.
    """
    try:
        number = phonenumbers.parse(value, country.upper() if country else None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    number.extension = None
    standard = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return None if _is_placeholder(standard) else standard


def _is_placeholder(standard: str) -> bool:
    end = standard[-_DIGITS_THAT_MATTER:]
    return (
        standard in PLACEHOLDER_PHONES
        or len(set(end)) == 1
        or end in _ASCENDING
        or end in _DESCENDING
    )
