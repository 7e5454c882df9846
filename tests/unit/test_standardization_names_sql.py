"""Comparable names and addresses: SQL decides what the library would, of any text."""

import random
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from standardization_sql import connect, expression, standardized

from warehouse.demo import vocabulary as words
from warehouse.standardization import (
    address_key,
    organisation_latin,
    person_key,
    person_latin,
    simplified,
    text,
)
from warehouse.standardization.names import HAN_TITLES, LATIN_TITLES
from warehouse.standardization.places import NUMERALS, UNITS
from warehouse.standardization.surnames import COMPOUND_SURNAMES

LEGAL_FORMS = "co ltd\ngmbh\nltd\n有限公司"


@pytest.mark.parametrize(
    ("name", "mixed"),
    [
        ("Anna Smith", False),
        ("\u0410nna Smith", True),
        ("Anna Sm\u03b9th", True),
        ("Анна Иванова", False),
        ("Zoë Müller", False),
        ("张伟 David", False),
        ("王\u30ab", True),
        ("王力", False),
        ("高橋さくら", False),
        ("田中ケン", False),
        ("エカ", False),
        ("", False),
        (None, False),
    ],
)
def test_scripts_that_look_alike_are_seen(name: str | None, mixed: bool) -> None:
    """Latin beside Cyrillic or Greek; katakana that pass for characters."""
    assert standardized("has_mixed_scripts", [name]) == [mixed]


def test_mixed_scripts_are_what_unicode_calls_so() -> None:
    """The pattern's scripts are those of the standard's names of letters."""
    letters = [
        chr(code)
        for code in (
            *range(0x41, 0x600),
            *range(0x13A0, 0x13F6),
            *range(0x1E00, 0x2000),
        )
        if chr(code).isalpha() and unicodedata.category(chr(code)) in ("Lu", "Ll")
    ]
    others = ("GREEK", "CYRILLIC", "ARMENIAN", "CHEROKEE", "COPTIC")
    expected = [unicodedata.name(letter).startswith(others) for letter in letters]
    found = standardized("has_mixed_scripts", [f"a{letter}" for letter in letters])
    assert found == expected
    assert set(expected) == {True, False}


def many_names() -> list[str]:
    """Make folded names of persons in many forms."""
    chance = random.Random(7)  # noqa: S311
    han = words.FAMILY_CHINESE + words.GIVEN_CHINESE_MALE + "陳張偉單曾解仇吕乾"
    latin = ["zhang", "wei", "lv", "lyu", "xiao", "ming", "mr", "calvin", "ou", "yang"]
    latin += ["smith", "silva", "o'neil", "jean-luc", "dr", "phd", "j.", "smith,", "ø"]
    titles = ["", "", "", *HAN_TITLES, "老師", "醫生", "(老张)"]
    surnames = [*COMPOUND_SURNAMES, *han]
    chinese = [
        chance.choice(surnames)
        + "".join(chance.choices(han, k=chance.randrange(5)))
        + chance.choice(titles)
        for _ in range(3000)
    ]
    western = [
        " ".join(chance.choices(latin, k=chance.randrange(1, 5))) for _ in han * 9
    ]
    mixed = [f"{chance.choice(chinese)} {chance.choice(western)}" for _ in range(300)]
    titled = [f"{title} wei" for title in LATIN_TITLES] + [
        f"wei {t}" for t in LATIN_TITLES
    ]
    return [*chinese, *western, *mixed, *titled, *HAN_TITLES, *LATIN_TITLES]


def many_addresses() -> list[str]:
    """Make folded addresses in many forms."""
    chance = random.Random(8)  # noqa: S311
    parts = [*words.STREETS_CHINESE, *UNITS, *NUMERALS, "675", "号", "號", "樓", "-"]
    parts += ["high street", " ", "ß", ",", "/", "a", "層", "棟", "單元"]
    return [
        "".join(chance.choices(parts, k=chance.randrange(1, 7))) for _ in range(4000)
    ]


@pytest.mark.parametrize(
    ("macro", "function", "values"),
    [
        ("person_key", person_key, many_names()),
        ("person_latin", person_latin, [person_key(name) for name in many_names()]),
        ("address_key", address_key, [text(each) for each in many_addresses()]),
        ("organisation_latin", organisation_latin, many_names()),
    ],
)
def test_sql_gives_what_the_function_gives(
    macro: str, function: Callable[[str], str | None], values: list[str | None]
) -> None:
    """Whichever branch decides, the answer is the same."""
    present = [value for value in values if value is not None]
    assert standardized(macro, [*present]) == [function(value) for value in present]
    assert len(present) > 1000


@given(st.lists(st.text(max_size=12), min_size=1, max_size=60))
@settings(max_examples=25, deadline=None)
def test_sql_compares_any_text_as_the_function_does(values: list[str]) -> None:
    """Of any script, with anything in it that UTF-8 can carry."""
    encodable = [v for v in values if not any("\ud800" <= c <= "\udfff" for c in v)]
    folded = [each for each in map(text, encodable) if each is not None]
    keys = [person_key(each) for each in folded]
    assert standardized("person_key", [*folded]) == keys
    assert standardized("address_key", [*folded]) == [address_key(e) for e in folded]
    assert standardized("person_latin", [*keys]) == [
        None if key is None else person_latin(key) for key in keys
    ]
    assert all(key == key.strip() != "" for key in keys if key is not None)


def test_a_column_of_organisations_takes_its_legal_forms() -> None:
    """The function of two columns gives what the function of two values gives."""
    names = ["alder ltd", None, "华晨有限公司", "alder gmbh"]
    made = expression("organisation_key", "value", "$forms")
    rows = connect().execute(
        f"select {made} from (select unnest($values) as value)",  # noqa: S608
        {"values": names, "forms": LEGAL_FORMS},
    )
    assert [row[0] for row in rows.fetchall()] == ["alder", None, "华晨", "alder"]


def test_a_column_is_simplified_as_its_values_are() -> None:
    """Also where a value holds what stands between values, and where one is null."""
    values = ["張偉", None, "a\0b 國", "", "乾隆", "著名"]
    rows = connect().execute(
        "select library_simplified(value) from (select unnest($1) as value)", [values]
    )
    found = [row[0] for row in rows.fetchall()]
    assert found == [None if each is None else simplified(each) for each in values]
    assert found == ["张伟", None, "a\0b 国", "", "乾隆", "著名"]


def test_the_sql_knows_all_titles_and_compound_surnames() -> None:
    """What it would decide wrongly without them, it leaves to the library."""
    key = expression("person_key", "x").replace("(", "|").replace(")", "|")
    latin = expression("person_latin", "x")
    assert [title for title in LATIN_TITLES if f"|{title}|" not in key] == []
    assert [name for name in COMPOUND_SURNAMES if f"'{name}'" not in latin] == []


@pytest.mark.parametrize(
    "macro", ["person_key", "person_latin", "organisation_latin", "address_key"]
)
def test_nothing_stays_nothing(macro: str) -> None:
    """Null has no comparable form."""
    assert standardized(macro, [None]) == [None]
