"""The catalogue of bad input: every case ends as it says, all in one night."""

from collections.abc import Callable
from pathlib import Path

import bad_input_beside
import bad_input_bytes
import bad_input_files
import bad_input_mends
import bad_input_rows
import bad_input_types
import pytest
from gallery import Gallery

from warehouse.receiving import MENDS

Once = Callable[[str, Callable[[Path], None]], Path]

CASES = [
    *bad_input_bytes.CASES,
    *bad_input_files.CASES,
    *bad_input_rows.CASES,
    *bad_input_beside.CASES,
    *bad_input_types.CASES,
    *bad_input_mends.CASES,
]


@pytest.fixture(scope="module")
def gallery(once: Once) -> Gallery:
    """The house that received them all; tests only read it."""
    home = once("bad_input", lambda folder: Gallery(folder, CASES).receive())
    return Gallery(home, CASES)


@pytest.mark.parametrize(
    "number",
    [pytest.param(n, id=f"{case.group}: {case.name}") for n, case in enumerate(CASES)],
)
def test_a_case_ends_as_the_catalogue_says(gallery: Gallery, number: int) -> None:
    """Every row is accounted for; whatever is refused is kept, and told with a mend."""
    case, name = CASES[number], f"t{number:03}"
    load = gallery.load(name)
    kept = gallery.settings.places.deliveries / load["sha256"]
    assert kept.read_bytes() == gallery.delivered(name)
    assert load["rows_delivered"] == (
        load["rows_loaded"] + load["rows_quarantined"] + load["rows_repeated"]
    )
    assert case.code is None or MENDS[case.code]
    if case.outcome == "refuse":
        assert (load["status"], load["reason_code"]) == ("refused", case.code)
        assert load["rows_delivered"] == 0
        assert load["reason"]
        assert gallery.raw(case, name) == gallery.quarantine(name) == []
        return
    assert load["status"] == "loaded"
    assert gallery.raw(case, name) == case.rows
    found = [
        (row, line, code, column, raw.rstrip(b"\r\n"))
        for row, line, code, column, raw in gallery.quarantine(name)
    ]
    told = (*case.at, case.code, case.column, case.bad)
    assert found == ([] if case.bad is None else [told])
    if case.typed is not None:
        assert (gallery.typed(case, name) or "").startswith(case.typed)


@pytest.mark.parametrize(
    ("name", "line"), [("quote never closed", 4), ("quote closed rows later", 4)]
)
def test_a_quote_that_never_closes_is_told_by_its_line(
    gallery: Gallery, name: str, line: int
) -> None:
    """In a large file nobody finds it otherwise."""
    [number] = [n for n, case in enumerate(CASES) if case.name == name]
    assert f"(line {line})" in gallery.load(f"t{number:03}")["reason"]


def test_cases_are_told_apart() -> None:
    """Two of one name would be one on the page."""
    names = [(case.group, case.name) for case in CASES]
    assert len(set(names)) == len(names)
