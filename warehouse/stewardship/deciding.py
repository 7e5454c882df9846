"""What a steward decides about two records: checked, and written for the next night."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

import duckdb

from warehouse.clock import Clock
from warehouse.errors import WrongUseError
from warehouse.publication.reading import open_release
from warehouse.settings import Settings
from warehouse.stewardship.delivering import place, put
from warehouse.stewardship.people import Named, find_records
from warehouse.stewardship.wording import VERDICTS

Verdict = Literal["must", "never", "withdrawn"]

_IN_FORCE = """
select verdict
from quality.fct_identity_decision
where
    is_in_force
    and left_source_name = $left_source and left_source_record_id = $left_record
    and right_source_name = $right_source and right_source_record_id = $right_record
"""


@dataclass(frozen=True)
class Decided:
    """A decision that was written.

    Attributes:
        file: Where it waits for the next night.
        left: One record.
        right: The other.
        verdict: What was decided.
        before: The decision that was in force in the last release, if there was one.
    """

    file: Path
    left: Named
    right: Named
    verdict: Verdict
    before: str | None

    @property
    def says(self) -> str:
        """Say what was decided."""
        return VERDICTS[self.verdict]

    @property
    def consequence(self) -> str:
        """Say what the next night makes of it."""
        is_one = self.left.customer_id == self.right.customer_id
        if self.verdict == "must" and not is_one:
            return "The next night makes one customer of the two; the older id stays."
        if self.verdict == "never" and is_one:
            return "The next night takes the two apart, whatever speaks for them."
        if self.verdict == "withdrawn":
            return "From the next night on, rules and models alone say who they are."
        return "They are so already; from the next night on it stays so."


def read_verdict(stated: str) -> Verdict:
    """Return a verdict that somebody stated.

    Raises:
        WrongUseError: There is no such verdict.
    """
    verdicts: tuple[Verdict, ...] = ("must", "never", "withdrawn")
    for verdict in verdicts:
        if verdict == stated:
            return verdict
    raise WrongUseError(
        f"there is no verdict '{stated}'",
        where="verdict",
        mend=f"It is one of {', '.join(verdicts)}.",
    )


def decide(
    settings: Settings,
    one: str,
    other: str,
    verdict: Verdict,
    *,
    who: str,
    why: str,
    clock: Clock,
) -> Decided:
    """Write a decision about two records for the next night.

    Args:
        settings: Whose release to look into, and where the file waits.
        one: `source:record_id`; or the id of a customer, for its oldest record.
        other: The other, likewise.
        verdict: `must`, `never`, or `withdrawn` to end either.
        who: Who decides.
        why: The reason, for whoever asks later.
        clock: What says when it is decided.

    Raises:
        WrongUseError: The records are unknown, one and the same, or of two kinds; who
            or why is empty; or there is nothing to withdraw.
    """
    for name, text in (("--who", who), ("--why", why)):
        if not text.strip():
            raise WrongUseError(
                "a decision says who decided, and why", where=name, mend="State it."
            )
    with open_release(settings) as connection:
        ones = find_records(connection, one)
        left, right = sorted(
            (ones[0], find_records(connection, other)[0]),
            key=lambda each: (each.source_name, each.record_id),
        )
        before = _in_force(connection, left, right)
    _refuse_nonsense(left, right, verdict)
    if verdict == "withdrawn" and before is None:
        raise WrongUseError(
            "the last release has no decision about the two",
            where=f"{left.name} {right.name}",
            mend="`clientele identity explain` shows what is decided. What waits for "
            "a night can be withdrawn after it.",
        )
    file = _write(settings, left, right, verdict, who=who, why=why, at=clock.now())
    return Decided(file, left, right, verdict, before)


def _in_force(
    connection: duckdb.DuckDBPyConnection, left: Named, right: Named
) -> str | None:
    row = connection.execute(
        _IN_FORCE,
        {
            "left_source": left.source_name,
            "left_record": left.record_id,
            "right_source": right.source_name,
            "right_record": right.record_id,
        },
    ).fetchone()
    return str(row[0]) if row else None


def _refuse_nonsense(left: Named, right: Named, verdict: Verdict) -> None:
    where = f"{left.name} {right.name}"
    if left.name == right.name:
        raise WrongUseError(
            "this is one record, not two",
            where=where,
            mend="Name two records; `clientele identity review` lists pairs.",
        )
    if verdict != "withdrawn" and left.party_kind != right.party_kind:
        raise WrongUseError(
            "a person and an organisation are never one customer",
            where=where,
            mend="If a source states the wrong kind, let the source correct it; a "
            "person who works for an organisation is related to it, not the same.",
        )


def _write(
    settings: Settings,
    left: Named,
    right: Named,
    verdict: Verdict,
    *,
    who: str,
    why: str,
    at: datetime,
) -> Path:
    decision = {
        "left_source": left.source_name,
        "left_record": left.record_id,
        "right_source": right.source_name,
        "right_record": right.record_id,
        "verdict": verdict,
        "decided_by": who.strip(),
        "decided_at": at.isoformat(sep=" ", timespec="seconds"),
        "reason": why.strip(),
    }
    written = json.dumps(decision, sort_keys=True, ensure_ascii=False)
    number = hashlib.sha256(written.encode()).hexdigest()[:16]
    line = json.dumps({"decision_id": number, **decision}, ensure_ascii=False)
    stamp = f"decisions-{at:%Y%m%dT%H%M%S}"
    file = place(settings, f"{stamp}-{number}.jsonl")
    # Of two in one second the later must come later: files are received by name.
    rank = len(list(file.parent.glob(f"{stamp}-*.jsonl")))
    file = file.with_name(f"{stamp}-{rank:03d}-{number}.jsonl")
    incoming = file.with_suffix(".incoming")
    incoming.write_text(f"{line}\n", encoding="utf-8")
    put(incoming, file)
    return file
