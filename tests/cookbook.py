"""The cookbook's questions, and how their answers are printed.

`python tests/cookbook.py` asks the release at hand, and prints its answers into the
page. They are those of `clientele demo --customers 1000 --days 4 --seed 7`.
"""

import io
import re
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from typing import Any

from pipelines.cli.tables import show
from warehouse.publication.reading import run_sql
from warehouse.settings import PROJECT_ROOT, Settings

PAGE = PROJECT_ROOT / "docs" / "cookbook.md"
CHAPTER = re.compile(r"^## ([A-Z]\d) ")
EXAMPLE = re.compile(r"^```sql\n(?P<sql>.*?)^```\n\n```text\n.*?^```$", re.M | re.S)

Rows = list[tuple[Any, ...]]


@dataclass(frozen=True)
class Question:
    """A question of the cookbook.

    Attributes:
        row: The row of the requirements that it stands under.
        title: The question.
        sql: How it is asked.
    """

    row: str
    title: str
    sql: str


def questions() -> Iterator[Question]:
    """Yield the questions of the page, in their order."""
    for chapter in re.split(r"^(?=## )", PAGE.read_text("utf-8"), flags=re.M):
        row = CHAPTER.match(chapter)
        for asked in re.split(r"^### ", chapter, flags=re.M)[1:]:
            title, _, rest = asked.partition("\n")
            for example in EXAMPLE.finditer(rest):
                yield Question(row.group(1) if row else "", title, example["sql"])


def answer(settings: Settings, question: Question) -> tuple[list[str], Rows]:
    """Ask a release, and return columns and rows."""
    return run_sql(settings, question.sql)


def printed(columns: list[str], rows: Rows) -> str:
    """Return an answer as `clientele sql` prints it."""
    with redirect_stdout(io.StringIO()) as page:
        show(columns, rows, json_=False)
    return "".join(f"{line.rstrip()}\n" for line in page.getvalue().splitlines())


def answered(settings: Settings) -> str:
    """Return the page with the answers of a release."""

    def replaced(example: re.Match[str]) -> str:
        sql = example["sql"]
        text = printed(*run_sql(settings, sql))
        return f"```sql\n{sql}```\n\n```text\n{text}```"

    return EXAMPLE.sub(replaced, PAGE.read_text("utf-8"))


if __name__ == "__main__":
    PAGE.write_text(answered(Settings()), encoding="utf-8")
