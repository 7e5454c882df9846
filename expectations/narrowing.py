"""Which rows need be asked, when all rows of a table kept a promise before.

A row that is as it was keeps what it keeps by itself, and what it keeps beside rows
that are as they were. So the rows are asked that may be others, and those that are held
against them: what was counted of all the rest is known to be no failure.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from expectations.declared import Promise
from expectations.sql import filled, texts

PREVIOUS = "previous"
"""The alias of the release before, where it is read beside the work database."""
_OF_OTHERS = re.compile(r"\bselect\b", re.IGNORECASE)
"""The word by which a condition on a row looks at others."""


@dataclass(frozen=True)
class Since:
    """What happened to a table since its promises were kept.

    `rows` is the condition of those that may be others than they were. Of each value of
    `key` either all rows are among them, or none is another. Rows are told by what they
    hold: where it `misses_copies`, one that came twice may not be among them.
    """

    rows: str
    key: frozenset[str] = frozenset()
    misses_copies: bool = False


class News(Protocol):
    """What happened to the tables since their promises were kept."""

    @property
    def kept_until(self) -> int:
        """Return the last load of which the input layer held rows then."""

    def since(self, promise: Promise) -> Since | None:
        """Return what happened to the table of a promise, if that is known."""

    def lost(self, reference: Promise) -> Sequence[str] | None:
        """Return members that a reference's parent had and has no more, if known.

        Where it `is_joined`, those are told as well that are there more than once.
        """


def narrowed(promise: Promise, news: News) -> Promise | None:
    """Return a promise as it is asked of the rows that may break it, if they are known.

    Args:
        promise: It was kept by every row that was there.
        news: What happened since.
    """
    since = news.since(promise)
    stated = f"{promise.where or ''} {promise.arguments.get('condition', '')}"
    if since is None or promise.kind not in _AMONG or _OF_OTHERS.search(stated):
        return None
    among = _AMONG[promise.kind](promise, since, news)
    return replace(promise, among=among) if among else None


def is_joined(promise: Promise) -> bool:
    """Return whether a reference is one by which a fact joins a dimension."""
    is_fact = promise.model["name"].startswith("fct_")
    return is_fact and not promise.where and str(promise.column).endswith("_key")


def _by_itself(_promise: Promise, since: Since, _news: News) -> str:
    return since.rows


def _within_its_key(promise: Promise, since: Since, _news: News) -> str | None:
    stated = promise.arguments
    columns = stated.get("columns") or re.findall(r"\w+", str(stated.get("entity")))
    is_whole = since.key <= set(columns) and not since.misses_copies
    return since.rows if is_whole else None


def _against_its_column(promise: Promise, since: Since, _news: News) -> str | None:
    if since.misses_copies:
        return None
    if since.key <= {promise.column}:
        return since.rows
    column = promise.quoted_column
    new = replace(promise, among=since.rows).rows
    return filled("$column in (select $column from $new)", column=column, new=new)


def _against_its_parent(promise: Promise, since: Since, news: News) -> str | None:
    lost = news.lost(promise)
    if lost is None:
        return None
    orphans = f"{promise.quoted_column} in {texts(lost)}"
    return f"{since.rows} or {orphans}" if lost else since.rows


_AMONG: dict[str, Callable[[Promise, Since, News], str | None]] = {
    "not_null": _by_itself,
    "has_no_nulls_in": _by_itself,
    "accepted_values": _by_itself,
    "holds_for_every_row": _by_itself,
    "unique": _against_its_column,
    "unique_together": _within_its_key,
    "versions_do_not_overlap": _within_its_key,
    "versions_are_contiguous": _within_its_key,
    "versions_are_contiguous_when_known": _within_its_key,
    "relationships": _against_its_parent,
}
"""By the kind of a promise, the condition of the rows that it is asked of."""
