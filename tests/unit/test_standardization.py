"""Standard forms: what SQL decides is what the library would, over many values."""

import random
from collections.abc import Callable

import phonenumbers
import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given, settings
from hypothesis import strategies as st
from standardization_sql import standardized
from stdnum.cn import ric, uscc

from warehouse.standardization import (
    email,
    national_id,
    organisation_code,
    phone,
    text,
)
from warehouse.standardization.codes import PLACEHOLDER_NATIONAL_IDS
from warehouse.standardization.contacts import (
    PLACEHOLDER_MAILBOXES,
    PLACEHOLDER_PHONES,
)

CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
PROVINCES = ("11", "13", "23", "31", "44", "54", "65", "81", "99", "07")


def numbers(count: int = 4000) -> random.Random:
    """Return the chance that values are made with; the same in every run."""
    return random.Random(count)  # noqa: S311


def full_width(ascii_text: str) -> str:
    """Write letters and digits as wide as Chinese characters."""
    return "".join(chr(ord(character) + 0xFEE0) for character in ascii_text)


def many_emails() -> list[str]:
    """Make addresses, about half of them wrong in some way."""
    chance = numbers()
    mailboxes = [
        "li.lei",
        "Li",
        "x.y-z_9",
        "a..b",
        ".a",
        "a+b",
        "jö",
        "o'neil",
        "test1",
    ]
    domains = [
        "qq.com",
        "Mail.Example.CN",
        "a-b.org",
        "-a.org",
        "a",
        "x.test",
        "中国.cn",
    ]
    ends = ["", " ", "\u200b", "@", ".", "x" * 60]
    return [
        f"{chance.choice(mailboxes)}{chance.choice(['', '7', chance.choice(ends)])}"
        f"@{chance.choice(domains)}"
        for _ in range(1000)
    ] + [f"{mailbox}@qq.com" for mailbox in PLACEHOLDER_MAILBOXES]


def many_phones() -> list[str]:
    """Make numbers of China and elsewhere, in the ways that people write them."""
    chance = numbers()
    starts = ["1", "13", "159", "174", "+86 1", "0086-13", "010-", "+1 ", "86 13"]
    numbered = [
        chance.choice(starts)
        + str(chance.randrange(10 ** chance.choice([7, 8, 9, 10]))).zfill(8)
        for _ in range(3000)
    ]
    spaced = [" ".join((n[:3], n[3:7], n[7:])) for n in numbered[:300]]
    hyphened = ["-".join((n[:3], n[3:7], n[7:])) for n in numbered[300:600]]
    odd = [
        "",
        "电话",
        "13812345678 转 12",
        full_width("13812345679"),
        "138\u00a01234\u00a05679",
    ]
    return numbered + spaced + hyphened + odd + sorted(PLACEHOLDER_PHONES)


def many_national_ids() -> list[str]:
    """Make ids with right and wrong provinces, dates and check digits."""
    chance = numbers()
    made = []
    for _ in range(3000):
        year, month, day = chance.randrange(1880, 2110), chance.randrange(14), 28
        born = f"{year}{month:02}{day + chance.randrange(5)}"
        body = f"{chance.choice(PROVINCES)}0105{born}{chance.randrange(1000):03}"
        right = ric.calc_check_digit(body + "0")
        made.append(body + chance.choice([right, right, right.lower(), "5"]))
    odd = [
        "",
        "110105",
        "110105199003074" + full_width("477"),
        "110105 19900307 4477",
        "x" * 18,
    ]
    return made + odd + sorted(PLACEHOLDER_NATIONAL_IDS)


def many_organisation_codes() -> list[str]:
    """Make codes with right and wrong check digits."""
    chance = numbers()
    made = []
    for _ in range(3000):
        body = chance.choice(["91", "51", "N2", "Y1", "I1"]) + "110000"
        body += "".join(chance.choices(CREDIT_ALPHABET, k=9))
        right = uscc.calc_check_digit(body) if body[0] != "I" else "0"
        made.append(body + chance.choice([right, right, right.lower(), "0"]))
    vat_and_lei = [
        "DE136695976",
        "DE 136 695 976",
        "DE136695977",
        "213800KUD8LAJWSQ9D15",
    ]
    return [
        *made,
        *vat_and_lei,
        "",
        "91",
        "91110000-600037341L",
        "0" * 18,
        "91000000000000000K",
        full_width("9") + "1110000600037341L",
    ]


@pytest.mark.parametrize(
    ("macro", "function", "values"),
    [
        ("standard_email", email, many_emails()),
        ("standard_national_id", national_id, many_national_ids()),
        ("standard_organisation_code", organisation_code, many_organisation_codes()),
    ],
)
def test_sql_gives_what_the_function_gives(
    macro: str, function: Callable[[str], str | None], values: list[str]
) -> None:
    """Whichever branch decides, the answer is the same; both answers occur."""
    expected = [function(value) for value in values]
    assert standardized(macro, [*values]) == expected
    assert {value is None for value in expected} == {True, False}


@pytest.mark.parametrize("country", ["CN", "cn", "US", None])
def test_sql_gives_the_phone_that_the_function_gives(country: str | None) -> None:
    """A number without a country is read by the company's own."""
    values = many_phones()
    expected = [phone(value, country or "CN") for value in values]
    assert standardized("standard_phone", [*values], country) == expected
    assert {value is None for value in expected} == {True, False}


@given(st.lists(st.text(max_size=12), min_size=1, max_size=60))
@settings(max_examples=25, deadline=None)
def test_sql_folds_any_text_as_the_function_does(values: list[str]) -> None:
    """Of any script, with anything in it that UTF-8 can carry."""
    encodable = [value for value in values if not _is_lone(value)]
    assert standardized("standard_text", [*encodable]) == [
        text(value) for value in encodable
    ]


def test_sql_folds_every_letter_that_it_takes_on_itself() -> None:
    """ASCII, Latin-1 and the common Han characters, one by one."""
    letters = [chr(code) for code in (*range(32, 0x180), *range(0x4E00, 0x9FFF))]
    values = [f"{letter} {letter.upper()}" for letter in letters]
    assert standardized("standard_text", [*values]) == [text(value) for value in values]


def _is_lone(value: str) -> bool:
    return any(0xD800 <= ord(character) <= 0xDFFF for character in value)


@pytest.mark.parametrize(
    ("delivered", "folded"),
    [
        ("  Li   Lei ", "li lei"),
        ("Müller", "muller"),
        ("Mu\u0308ller", "muller"),
        (full_width("ABC12"), "abc12"),
        ("李\u200b雷", "李雷"),
        ("a\u00a0b\tc", "a b c"),
        ("\u0410nna", "anna"),
        ("анна", "анна"),
        ("がぎ", "がぎ"),
        ("\u202eabc", "abc"),
        ("\u200b ", None),
    ],
)
def test_text_is_folded_for_comparison(delivered: str, folded: str | None) -> None:
    """Look-alikes, marks, widths and invisible characters make no difference."""
    assert text(delivered) == folded


def test_a_standard_phone_is_the_library_s() -> None:
    """Nothing is standard that phonenumbers does not call valid."""
    standards = {phone(value, "CN") for value in many_phones()} - {None}
    assert standards
    for standard in standards:
        assert phonenumbers.is_valid_number(phonenumbers.parse(standard))


@pytest.mark.parametrize(
    "placeholder",
    ["13800138000", "13888888888", "13612345678", "010-88888888", "+8613987654321"],
)
def test_a_placeholder_is_no_phone(placeholder: str) -> None:
    """Repeated or running digits, and the numbers of printed forms."""
    assert standardized("standard_phone", [placeholder], "CN") == [None]


def test_a_standard_email_is_the_library_s() -> None:
    """Nothing is standard that email-validator refuses; case does not matter."""
    for value in many_emails():
        standard = email(value)
        if standard is not None:
            assert validate_email(standard, check_deliverability=False)
            assert email(value.upper()) == standard
    with pytest.raises(EmailNotValidError):
        validate_email("a..b@qq.com", check_deliverability=False)


def test_a_placeholder_is_no_email() -> None:
    """Whoever writes it means nobody."""
    values = [f"{mailbox}@qq.com" for mailbox in PLACEHOLDER_MAILBOXES]
    assert set(standardized("standard_email", [*values])) == {None}


@pytest.mark.parametrize(
    ("country", "delivered", "standard"),
    [
        ("CN", "100080", "100080"),
        ("CN", full_width("100080"), "100080"),
        ("CN", "000000", None),
        ("CN", "10008", None),
        (None, "100080", "100080"),
        ("US", "12345", "12345"),
        ("US", "123456789", "12345-6789"),
        ("US", "1234", None),
        ("GB", "sw1a1aa", "SW1A 1AA"),
        ("CA", "k1a-0b1", "K1A 0B1"),
        ("JP", "1000001", "100-0001"),
        ("PT", "1000-001", "1000001"),
        ("PT", "?", None),
    ],
)
def test_a_postcode_has_its_country_s_form(
    country: str | None, delivered: str, standard: str | None
) -> None:
    """Written in one way; null in any other form."""
    assert standardized("standard_postcode", [delivered], country) == [standard]


@pytest.mark.parametrize(
    "macro",
    [
        *("standard_email", "standard_phone", "standard_national_id"),
        *("standard_organisation_code", "standard_postcode", "standard_text"),
    ],
)
def test_nothing_stays_nothing(macro: str) -> None:
    """Null and empty have no standard form."""
    assert standardized(macro, [None, "", " "], "CN") == [None, None, None]
