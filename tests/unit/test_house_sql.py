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
PLANTED = {
    "qualify": "select a from b qualify row_number() over (order by a nulls last) = 1",
    "a cast by ::": "select a::int as a from b",
    "string_agg": "select string_agg(a, ',') as a from b",
    "json by arrows": "select a ->> '$.b' as b from c",
    "strftime": "select strftime(a, '%Y') as a from b",
    "date_format": "select date_format(a, 'y') as a from b",
    "unnest": "select unnest(a) as a from b",
    "exclude": "select * exclude (a) from b",
    "asof join": "select a.b from a asof left join c on a.b >= c.b",
    "pivot": "from a unpivot (b for c in (d))",
    "generate_series": "select a from generate_series(1, 2) as b (a)",
    "recursive": "with recursive a as (select 1 as b) select b from a",
    "a list lambda": "select list_transform(a, b -> b) as a from c",
    "count(distinct a, b)": "select count(distinct a, b) as c from d",
    "distinct on": "select distinct on (a) b from c",
    "group by all": "select a, count(*) as b from c group by all",
    "double quotes": 'select "a" from b',
    "the wall clock": "select a from b where c < now()",
    "log without a base": "select log(a) as b from c",
    "a divisor without nullif": "select a / b as c from d",
    "right join": "select a.b from a right outer join c on a.b = c.b",
    "a bare join": "select a.b from a join c on a.b = c.b",
    "a sub-query": "select a from b where a in (select c from d)",
}
"""For each word that is not portable, SQL that has it."""
PLAIN = """
with source as (
    select * from j
),

final as (
    select
        md5(concat_ws('|', source.a, 'now() /')) as a_key,
        round(source.b / nullif(source.c, 0) / 2, 2) as share,
        max(source.d) over (
            order by source.e desc nulls last, source.f nulls first
            rows between 1 preceding and current row
        ) as d
    from source
    left join other on source.a = other.a
    inner join more on (source.a = more.a)
)

select * from final
"""
ENDINGS = ("select * from final", "select * from renamed")
IMPORT = re.compile(r"^ {4}select \* from \{\{ (ref|source)\([^{}]*\) \}\}$")
NULLS_PLACED = re.compile(r"\bnulls\s+(first|last)\s*$")
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


def offences(sql: str) -> list[str]:
    """Name what is not portable in a bare SQL text."""
    return [name for name, word in NOT_PORTABLE.items() if re.search(word, sql)]


@pytest.mark.parametrize("name", NOT_PORTABLE)
def test_what_is_not_portable_is_found(name: str) -> None:
    """The rule below is itself tried on SQL that breaks it."""
    assert name in offences(LITERAL.sub("''", PLANTED[name]))


def test_plain_sql_is_let_through() -> None:
    """The rules do not mistake plain SQL for what it is not."""
    sql = LITERAL.sub("''", PLAIN)
    assert offences(sql) == []
    assert all(NULLS_PLACED.search(item) for item in orderings(sql))
    assert not NULLS_PLACED.search(next(orderings("select a from b order by a desc")))


@pytest.mark.parametrize("path", each(MODELS))
def test_a_model_uses_only_portable_words(path: Path) -> None:
    """Differences between engines live in macros, never in models."""
    found = offences(bare(path).lower())
    assert not found, listed(found)
    text = JINJA.sub("", COMMENT.sub("", path.read_text(encoding="utf-8")))
    assert [literal for literal in LITERAL.findall(text) if "\\" in literal] == []


@pytest.mark.parametrize("path", each(MODELS))
def test_an_ordering_says_where_nulls_go(path: Path) -> None:
    """The engines differ in silence on it, and ties would fall as they please."""
    vague = [
        item.strip()
        for item in orderings(bare(path).lower())
        if not NULLS_PLACED.search(item)
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
