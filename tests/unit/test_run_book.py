"""The run book has an entry for everything that the house can say, and for no more."""

import re
from collections import Counter
from pathlib import Path

import pytest
from house import listed
from messages import messages

from expectations.severities import RULES
from warehouse.errors import ExitCode
from warehouse.receiving import MENDS

PAGE = (Path(__file__).parents[2] / "docs" / "run-book.md").read_text("utf-8")
PARTS = ("Means", "Look", "Do", "Well again")
NO_TROUBLE = {
    "This way to operators works.": "what a test says",
    "ended: …": "what a recovery says",
}
"""What is told and asks nobody to act."""


def entries() -> dict[str, list[str]]:
    """Return the entries of the page that tell messages, each with its lines."""
    found = {}
    for section in re.split(r"^#+ ", PAGE, flags=re.MULTILINE)[1:]:
        title, _, body = section.partition("\n")
        lines = re.findall(r"^```\n(.*?)^```$", body, flags=re.MULTILINE | re.DOTALL)
        if lines:
            found[title] = "".join(lines).splitlines()
    return found


def said() -> set[str]:
    """Return what the house can say: messages, reasons, names of checks."""
    return set(messages()) - set(NO_TROUBLE) | set(MENDS) | set(RULES)


def test_everything_that_can_go_wrong_has_an_entry() -> None:
    """Write new ones into a fenced block of the page, below the cause they share."""
    told = {line for lines in entries().values() for line in lines}
    missing = said() - told
    assert not missing, listed(missing)


def test_no_entry_is_for_something_that_nothing_says() -> None:
    """A message that was reworded takes its line in the page along."""
    told = Counter(line for lines in entries().values() for line in lines)
    left_over = set(told) - said()
    assert not left_over, listed(left_over)
    assert [line for line, count in told.items() if count > 1] == []


@pytest.mark.parametrize("title", entries())
def test_an_entry_says_what_to_do_and_when_it_is_well_again(title: str) -> None:
    """All four parts, in their order."""
    body = PAGE.partition(f" {title}\n")[2].split("\n#", 1)[0]
    assert re.findall(r"^- \*\*(.+?):\*\*", body, flags=re.MULTILINE) == list(PARTS)


def test_the_messages_are_found_in_the_code() -> None:
    """Also those of helpers, of either branch, and with parts that vary."""
    found = messages()
    assert found["another night is running, as process …"] == "warehouse/locking.py"
    assert {"there is no release …", "there is no earlier release"} <= set(found)
    assert "the release has no manifest" in found
    assert len(found) > 90


def test_every_exit_code_leads_somewhere() -> None:
    """To headings that exist."""
    rows = re.findall(r"^\| (\d) \|", PAGE, flags=re.MULTILINE)
    assert rows == [str(code.value) for code in ExitCode]
    headings = re.findall(r"^#+ (.+)$", PAGE, flags=re.MULTILINE)
    anchors = {
        re.sub(r"[^\w -]", "", each).lower().replace(" ", "-") for each in headings
    }
    assert set(re.findall(r"\]\(#([\w-]+)\)", PAGE)) <= anchors
