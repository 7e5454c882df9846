"""The page of bad input is what the tests run, and leaves no part of it out."""

import ast
from pathlib import Path

import pytest
from bad_input_elsewhere import ELSEWHERE
from bad_input_page import GROUPS, PAGE, cases, page

from warehouse.receiving import MENDS
from warehouse.settings import PROJECT_ROOT

NOT_OF_INPUT = {"balance": "says that the house itself miscounted"}


def test_the_page_is_printed_from_the_cases() -> None:
    """Print it anew with `python tests/bad_input_page.py`."""
    assert PAGE.read_text(encoding="utf-8") == page()


def test_every_reason_has_a_case() -> None:
    """What can be refused is seen being refused."""
    shown = {code for _, _, _, code, _ in cases() if code}
    assert shown == set(MENDS) - set(NOT_OF_INPUT)


@pytest.mark.parametrize("test", sorted({row[4] for row in ELSEWHERE}))
def test_a_case_of_its_own_has_its_test(test: str) -> None:
    """By its name, or how that begins."""
    file, _, name = test.partition("::")
    tree = ast.parse(Path(PROJECT_ROOT / file).read_text(encoding="utf-8"))
    names = [each.name for each in tree.body if isinstance(each, ast.FunctionDef)]
    assert len([each for each in names if each.startswith(name)]) == 1


def test_no_group_is_empty() -> None:
    """The catalogue has these parts."""
    assert {row[0] for row in cases()} == {*GROUPS, "Persons"}
