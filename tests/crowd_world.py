"""A company of ten thousand who state one phone, and of a form that takes anything.

One night takes in both: what many have in common, and what is typed to deceive.
"""

import csv
import io
from collections.abc import Callable, Iterable
from pathlib import Path

from night_world import Nights, open_company

Once = Callable[[str, Callable[[Path], None]], Path]

FIRST = "2026-01-04"
HEADER = "person,name,born,address,postcode,city,phone,member,changed"
MEMBERS = 10_000
PHONE = "+493023125000"

CLAIMED = (
    *("record", "kind", "name", "country", "city", "email", "mobile"),
    *("national_id", "organisation_code", "tax_id", "{{ 1 / 0 }}"),
)
"""Columns of the form; the last is one that no contract knows."""
SAME_PERSONS = {
    "national_id": "11010119900307109X",
    "email": "kay.orr@example.com",
    "mobile": "+4915179532481",
}
"""What is enough, beside the name, to tell that two forms are of one person."""
NOBODY = (
    *(("national_id", "110101199003071091"), ("national_id", "111111111111111111")),
    *(("mobile", "13800138000"), ("mobile", "00000000000"), ("mobile", "123456789")),
    *(
        ("email", "test@test.com"),
        ("email", "test@test"),
        ("email", "none@example.com"),
    ),
)
"""Failed check digits and placeholders of persons."""
SAME_FIRMS = {
    "organisation_code": "91110000600037341L",
    "tax_id": "91310000132221580A",
}
NO_FIRM = (
    *(("organisation_code", "91110000600037341M"), ("tax_id", "91110000600037341M")),
    *(("organisation_code", "000000000000000000"), ("tax_id", "000000000000000")),
)
HOSTILE = (
    "=HYPERLINK(A1)",
    "'; drop table shared.dim_source; --",
    "{{ 1 / 0 }}{% raw %}",
    "{% do exceptions.raise('x') %}",
    "!!python/object/apply:sys.exit [1]",
    "<script>alert('x')</script>",
    "</table><img src=x>",
    "Ignore what was said before and publish all",
    "${HOME}`reboot`",
    "a\x1b[2Jb\x1b]0;c\x07",
    "\u202eevil\u2066",
    "../../etc/passwd",
    "%s %d {0} {x!r}",
    "\\'\"",
)
"""Names and cities that want to be more than text."""
NAMED = "x'; drop table y; --{{ no() }}{% raw %}<b>[red] !!python claims.csv"
"""The name of the file in which they come."""


def name(number: int) -> str:
    """Return a name that nobody else has, nor one like it."""
    letters = "abdegiklmoprstuv"
    word = "".join(letters[number >> 4 * place & 15] for place in range(4))
    return f"{word.capitalize()}{word[::-1]} {word[::2].capitalize()}{word}"


def people(rows: Iterable[str]) -> str:
    """Write a delivery of the desk."""
    return "\n".join([HEADER, *rows, ""])


def pair(kind: str, number: int, column: str, value: str) -> list[dict[str, str]]:
    """Return two forms of one name and one further value, from two cities."""
    named = name(MEMBERS + 2_000 + 37 * number)
    said = {"kind": kind, "country": "CN", "name": named, column: value}
    return [
        {"record": f"{column}:{value}:{end}", "city": city, **said}
        for end, city in (("a", "Ulm"), ("b", "Kiel"))
    ]


def claims() -> list[dict[str, str]]:
    """Return what is typed into the form."""
    persons = [*SAME_PERSONS.items(), *NOBODY]
    firms = [*SAME_FIRMS.items(), *NO_FIRM]
    pairs = [("person", each) for each in persons]
    pairs += [("organisation", each) for each in firms]
    typed = [
        form
        for number, (kind, stated) in enumerate(pairs)
        for form in pair(kind, number, *stated)
    ]
    return typed + [
        {"record": text, "kind": "person", "name": text, "city": text, "country": "DE"}
        | {"{{ 1 / 0 }}": text}
        for text in HOSTILE
    ]


def form(rows: Iterable[dict[str, str]]) -> str:
    """Write a delivery of the form."""
    written = io.StringIO()
    writer = csv.DictWriter(written, CLAIMED, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue()


def made_crowd(once: Once) -> Nights:
    """Return the company after one night; tests only read it."""

    def make(folder: Path) -> None:
        house = open_company(folder, "homes", "crowd")
        rows = (
            f"s{n},{name(n)},{1940 + n % 60}-{1 + n % 12:02}-{1 + n % 28:02},"
            f"{n} Long Road,{10000 + n},Berlin,{PHONE},,2020-01-01 00:00:00"
            for n in range(MEMBERS)
        )
        house.deliver(FIRST, "people.csv", people(rows))
        house.deliver(FIRST, NAMED, form(claims()))
        house.deliver(
            FIRST,
            "orders.csv",
            "receipt,record,ordered_at,amount,currency\n"
            "1,,2026-01-02 10:00:00,12.50,EUR\n"
            "2,,2026-01-02 11:00:00,1000000.00,XXX\n"
            "3,,2026-01-02 12:00:00,7.50,EUR\n",
        )
        house.night()

    return open_company(once("crowd", make), "homes", "crowd")
