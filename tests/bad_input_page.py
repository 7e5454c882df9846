"""The page of bad input, printed from the cases that the tests run.

`python tests/bad_input_page.py` writes `docs/bad-input.md`.
"""

from collections import Counter
from collections.abc import Iterator

import bad_input_beside
import bad_input_bytes
import bad_input_files
import bad_input_mends
import bad_input_rows
import bad_input_types
from bad_input_elsewhere import ELSEWHERE

from warehouse.settings import PROJECT_ROOT

PAGE = PROJECT_ROOT / "docs" / "bad-input.md"
GALLERY = "tests/flow/test_bad_input.py"
GROUPS = ("Bytes", "Structure", "Files", "Values", "Dates", "Identity", "Hostile text")
OPENING = """# Bad input, case by case

Nothing is guessed. Each case ends in one way; a test delivers it and sees that it does.
The page is printed from the tests' own list by `python tests/bad_input_page.py`.

| outcome | means |
|---|---|
| refuse | the file, whole; its bytes are kept, the version before stays published |
| quarantine | the row, alone: delivery, row, line, bytes and reason are kept |
| mend | read without loss, raw keeps the delivered text; or history is put right |
| keep | it looks bad and is data: it is kept as it is, and does nothing |
| repeat | known already: counted, and not loaded again |
| warn | loaded, and told by `clientele status` |
| wait | for the next look |
| flag | loaded, and marked in `dim_customer` |
| unverified | kept and shown; never used to tell who is who |

What the reason codes mean is in [contracts.md](contracts.md); how what was refused is
worked off, in [quarantine.md](quarantine.md). Rows of text are tried with both kinds of
line end.

Not among the cases yet: of persons, erasure and suppression at the door. Units are
believed: a time declared as `epoch_ms` and delivered in seconds is a day of January
1970.
"""

Row = tuple[str, str, str, str | None, str]


def cases() -> list[Row]:
    """Return group, name, outcome, reason code and test of every case."""
    of_rows = bad_input_rows.CASES + bad_input_beside.CASES + bad_input_types.CASES
    received = (
        bad_input_bytes.CASES + bad_input_files.CASES + of_rows + bad_input_mends.CASES
    )
    rows: list[Row] = [
        (case.group, case.name, case.outcome, case.code, GALLERY)
        for case in received
        if not case.name.endswith("(crlf)")
    ]
    return rows + ELSEWHERE


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def page() -> str:
    """Return the whole page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    found = cases()
    yield OPENING
    outcomes = Counter(row[2] for row in found)
    yield (
        f"{len(found)} cases: "
        + ", ".join(f"{count} {outcome}" for outcome, count in outcomes.most_common())
        + "."
    )
    for group in (*GROUPS, "Persons"):
        yield f"\n## {group}\n"
        yield "| case | outcome | reason code | test |\n|---|---|---|---|"
        for of, name, outcome, code, test in found:
            if of == group:
                file = test.removeprefix("tests/")
                told = f"`{code}`" if code else ""
                yield f"| {_cell(name)} | {outcome} | {told} | `{file}` |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
