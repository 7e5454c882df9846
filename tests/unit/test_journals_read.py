"""What a table that is built by keys reads is there to be read.

A journal that nobody keeps has its reader built whole, every night, and nobody hears of
it; a table that only a hook names has dbt stop in the second night.
"""

import re
from pathlib import Path

import pytest

from warehouse.settings import PROJECT_ROOT

MODELS = {path.stem: path for path in (PROJECT_ROOT / "models").rglob("*.sql")}
KEPT = re.compile(r"\b(built_by_keys|made_whole_with_journal|before_\w+)\(")
READ = re.compile(r"'keys_of': '(\w+)'")
REF = re.compile(r"ref\('(\w+)'\)")
MACRO = re.compile(r"\{% macro (\w+)\(.*?%\}(.*?)\{%-? endmacro", re.DOTALL)
QUERIES = {
    name: body
    for path in (PROJECT_ROOT / "macros").glob("touched_*.sql")
    for name, body in MACRO.findall(path.read_text(encoding="utf-8"))
}
READERS = sorted(
    path for path in MODELS.values() if READ.search(path.read_text(encoding="utf-8"))
)


@pytest.mark.parametrize("path", READERS, ids=lambda path: path.stem)
def test_a_journal_that_is_read_is_kept(path: Path) -> None:
    """Each table whose touched keys are read notes them."""
    read = READ.findall(path.read_text(encoding="utf-8"))
    assert [
        name
        for name in read
        if not KEPT.search(MODELS[name].read_text(encoding="utf-8"))
    ] == []


@pytest.mark.parametrize("path", READERS, ids=lambda path: path.stem)
def test_what_a_hook_reads_is_read_by_its_model(path: Path) -> None:
    """A hook may name only what its model, or its list of journals, names, too."""
    text = path.read_text(encoding="utf-8")
    named = {*REF.findall(text), *READ.findall(text)}
    queries = [body for name, body in QUERIES.items() if f"{name}(" in text]
    assert {each for body in queries for each in REF.findall(body)} - named == set()
