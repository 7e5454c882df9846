"""The house rules for SQL: one manner, and only what both engines understand alike."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from house import listed

from warehouse.settings import PROJECT_ROOT

LONGEST_MODEL = 120
NOT_PORTABLE = {
    "qualify": r"\bqualify\b",
    "a cast by ::": r"::",
    "string_agg": r"\bstring_agg\b",
    "json by arrows": r"->",
    "strftime": r"\bstr[fp]time\b",
    "date_format": r"\bdate_format\b",
    "unnest": r"\bunnest\b",
    "exclude": r"\bexclude\b",
    "asof join": r"\basof\b",
    "pivot": r"\b(un)?pivot\b",
    "generate_series": r"\bgenerate_series\b",
    "recursive": r"\brecursive\b",
    "a list lambda": r"\blambda\b|\blist_\w+\(",
    "count(distinct a, b)": r"\bcount\(\s*distinct\s+\w+\s*,",
    "distinct on": r"\bdistinct\s+on\b",
    "group by all": r"\b(group|order)\s+by\s+all\b",
    "double quotes": r'"',
    "the wall clock": r"\bcurrent_(timestamp|date|time)\b|\b(now|today|random)\(",
    "log without a base": r"\blog\(",
    "a divisor without nullif": r"/(?!\s*(nullif\b|\d))",
    "right join": r"\bright\s+(outer\s+)?join\b",
    "a bare join": r"(?<!inner)(?<!left)(?<!cross)(?<!full)(?<!outer)\s+join\b",
    "a sub-query": r"(?<!\bas )\(\s*select\b",
}
ENDINGS = ("select * from final", "select * from renamed")
IMPORT = re.compile(r"^ {4}select \* from \{\{ (ref|source)\([^{}]*\) \}\}$")
READS = re.compile(r"\b(ref|source)\(")
COMMENT = re.compile(r"\{#.*?#\}|--[^\n]*|/\*.*?\*/", re.DOTALL)
JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
LITERAL = re.compile(r"'(?:[^']|'')*'")
PUBLIC_MACRO = re.compile(r"\{%-? macro (?!_|\w*__)(\w+)")

SHARED = sorted((PROJECT_ROOT / "models").rglob("*.sql"))
MODELS = SHARED + sorted((PROJECT_ROOT / "companies").rglob("*.sql"))
MACROS = sorted((PROJECT_ROOT / "macros").rglob("*.sql"))
COMPANIES = sorted(
    file.parent.name for file in (PROJECT_ROOT / "companies").glob("*/company.yml")
)


def each(paths: list[Path]) -> list:
    """Give every file a test of its own, named for it."""
    return [
        pytest.param(path, id=path.relative_to(PROJECT_ROOT).as_posix())
        for path in paths
    ]


def bare(path: Path) -> str:
    """Return a model's SQL without comments, Jinja and the text of literals."""
    text = COMMENT.sub("", path.read_text(encoding="utf-8"))
    return LITERAL.sub("''", JINJA.sub("j", text))


def orderings(sql: str) -> Iterator[str]:
    """Yield each item that something is ordered by."""
    for found in re.finditer(r"\border\s+by\b", sql):
        depth, item = 0, ""
        for letter in sql[found.end() :]:
            depth += (letter == "(") - (letter == ")")
            if depth < 0:
                break
            if letter == "," and depth == 0:
                yield item
                item = ""
            else:
                item += letter
        yield re.split(r"\b(?:rows|range)\s+between\b", item)[0]


@pytest.mark.parametrize("path", each(MODELS))
def test_a_model_uses_only_portable_words(path: Path) -> None:
    """Differences between engines live in macros, never in models."""
    sql = bare(path).lower()
    found = [name for name, word in NOT_PORTABLE.items() if re.search(word, sql)]
    assert not found, listed(found)
    text = JINJA.sub("", COMMENT.sub("", path.read_text(encoding="utf-8")))
    assert [literal for literal in LITERAL.findall(text) if "\\" in literal] == []


@pytest.mark.parametrize("path", each(MODELS))
def test_an_ordering_says_where_nulls_go(path: Path) -> None:
    """The engines differ in silence on it, and ties would fall as they please."""
    vague = [
        item.strip()
        for item in orderings(bare(path).lower())
        if not re.search(r"\bnulls\s+(first|last)\s*$", item)
    ]
    assert not vague, listed(vague)


@pytest.mark.parametrize("path", each(MODELS))
def test_a_model_imports_first_and_ends_with_its_result(path: Path) -> None:
    """Every ref and source has an import CTE of its own; the last line selects all."""
    text = path.read_text(encoding="utf-8")
    lines = COMMENT.sub("", text).splitlines()
    assert len(text.splitlines()) <= LONGEST_MODEL
    assert [
        line for line in lines if READS.search(line) and not IMPORT.match(line)
    ] == []
    assert text.endswith(tuple(f"\n{ending}\n" for ending in ENDINGS))


@pytest.mark.parametrize("path", each(MACROS))
def test_a_macro_is_documented(path: Path) -> None:
    """The few macros say what they are for: each group, two lines apart, opens so."""
    groups = path.read_text(encoding="utf-8").strip().split("\n\n\n")
    silent = [
        PUBLIC_MACRO.findall(group)
        for group in groups
        if PUBLIC_MACRO.search(group) and not group.startswith("{#")
    ]
    assert not silent, listed(silent)


@pytest.mark.parametrize("path", each(MODELS + MACROS))
def test_no_linter_is_switched_off(path: Path) -> None:
    """Plainer SQL instead of `noqa`."""
    assert "no" + "qa" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", each([*SHARED, *MACROS]))
def test_no_company_is_named_in_the_shared_rooms(path: Path) -> None:
    """A second and a third company need no change outside their own folder."""
    text = path.read_text(encoding="utf-8").lower()
    assert [name for name in COMPANIES if re.search(rf"\b{name}\b", text)] == []
