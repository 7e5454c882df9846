"""What goes on of a delivered code: itself where it looks like one, else a mask."""

from types import SimpleNamespace

import duckdb
import pytest
import yaml
from jinja2 import Environment, FileSystemLoader

from warehouse.keyed_hash import define
from warehouse.settings import PROJECT_ROOT

SERVED = PROJECT_ROOT / "models" / "marts" / "shared" / "dim_dictionary_code.yml"


def rendered(macro: str, column: str) -> str:
    """Render one macro for a column, as DuckDB gets it."""
    environment = Environment(  # noqa: S701 - SQL, not a page
        loader=FileSystemLoader(PROJECT_ROOT / "macros"), extensions=["jinja2.ext.do"]
    )
    adapter = SimpleNamespace(
        dispatch=lambda name: lambda on: getattr(module, f"default__{name}")(on)
    )
    module = environment.get_template("coded_columns.sql").make_module(
        {
            "adapter": adapter,
            "return": lambda value: value,
            "keyed_hash": "keyed_hash({})".format,
        }
    )
    return str(getattr(module, macro)(column))


def goes_on(text: str | None, column: str = "channel_code") -> str | None:
    """Return what the tables get of a delivered text."""
    with duckdb.connect() as connection:
        define(connection, b"k" * 32)
        found = connection.execute(
            f"select {rendered('code_or_mask', column)} "  # noqa: S608
            f"from (select $1::varchar as {column})",
            [text],
        ).fetchone()
    assert found is not None
    result: str | None = found[0]
    return result


@pytest.mark.parametrize(
    "code", ["M", "streamer", "250k_plus", "skilled_manual", "C1311", "47.11", "A+", ""]
)
def test_what_looks_like_a_code_stays(code: str) -> None:
    """Short words of Latin letters, digits and marks."""
    assert goes_on(code) == code


@pytest.mark.parametrize(
    "text",
    [
        "ann@example.com",
        "13812345678",
        "138-1234-5678",
        "+49 171 2345678",
        "Ann Lee",
        "张伟",
        "19900230",
        "x" * 33,
        "call\n12",
    ],
)
def test_what_may_be_personal_is_masked(text: str) -> None:
    """Only its length and a keyed hash go on; equal texts stay equal."""
    masked = goes_on(text)
    assert masked is not None
    word, length, digest = masked.split("_")
    assert (word, int(length), len(digest)) == ("masked", len(text), 12)
    assert masked == goes_on(text) != goes_on(text + "!")


def test_nothing_stays_nothing() -> None:
    """A mask would say that something was stated."""
    assert goes_on(None) is None


def test_of_several_codes_each_must_look_like_one() -> None:
    """They stand in one text, with commas between."""
    assert goes_on("film, music,pets", "interest_codes") == "film, music,pets"
    assert str(goes_on("film,0171 2345678", "interest_codes")).startswith("masked_17_")
    assert str(goes_on("film,music")).startswith("masked_10_")


def test_dictionaries_are_checked_for_the_same_form() -> None:
    """A code that is masked where it is delivered would find no row."""
    [model] = yaml.safe_load(SERVED.read_text("utf-8"))["models"]
    [condition] = [
        test["holds_for_every_row"]["arguments"]["condition"]
        for test in model["data_tests"]
        if "holds_for_every_row" in test
    ]
    assert rendered("code_pattern", "code") in condition
    assert "<= 32" in condition
    assert "<= 32" in rendered("looks_like_code", "code")
