"""What people decide about refused rows and deliveries, written for the next night."""

import hashlib
import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from warehouse.company import Company
from warehouse.errors import WrongUseError
from warehouse.quarantine import splitting
from warehouse.quarantine.refused import Refused, one
from warehouse.receiving.model import ACCEPTED_FOLDER
from warehouse.receiving.reasons import HELD_FOR_A_PERSON
from warehouse.receiving.words import DECISIONS
from warehouse.settings import Settings
from warehouse.stewardship.delivering import last_received, place_on, put


@dataclass(frozen=True)
class Word:
    """Who decides, why, and when.

    Args:
        at: The moment, naive UTC.
    """

    who: str
    why: str
    at: datetime


@dataclass(frozen=True)
class Decision:
    """What is decided about one refused row, or with row 0 one refused delivery.

    Args:
        delivery: Which delivery the load's number stands for, as `Refused` says it.
        verdict: `mended`, `replayed`, `given_up` or `accepted`.
        copy_name: The delivery that holds the copy of a mended or replayed row.
        copy_row: The copy's ordinal there.
    """

    load_id: int
    row_number: int
    delivery: str
    verdict: str
    copy_name: str = ""
    copy_row: int | None = None


def _line(decision: Decision, word: Word) -> str:
    stated = {
        "load_number": decision.load_id,
        "row_number": decision.row_number,
        "delivery": decision.delivery,
        "verdict": decision.verdict,
        "decided_by": word.who.strip(),
        "decided_at": word.at.isoformat(sep=" ", timespec="seconds"),
        "reason": word.why.strip(),
        "copy_name": decision.copy_name,
        "copy_row": decision.copy_row,
    }
    written = json.dumps(stated, sort_keys=True, ensure_ascii=False)
    number = hashlib.sha256(written.encode()).hexdigest()[:16]
    return json.dumps({"decision_id": number, **stated}, ensure_ascii=False)


def write_decisions(
    settings: Settings, decisions: Sequence[Decision], word: Word
) -> Path:
    """Write decisions to one file, which the next night receives; return it.

    Raises:
        WrongUseError: Nobody says who decides.
    """
    if not word.who.strip():
        raise WrongUseError(
            "a decision says who decided", where="--who", mend="State it."
        )
    text = "".join(f"{_line(decision, word)}\n" for decision in decisions)
    stamp = f"{DECISIONS}-{word.at:%Y%m%dT%H%M%S}"
    file = place_on(settings, last_received(settings), stamp)
    # Of two in one second the later must come later: files are received by name.
    rank = len(list(file.parent.glob(f"{stamp}-*.jsonl")))
    number = hashlib.sha256(text.encode()).hexdigest()[:16]
    file = file.with_name(f"{stamp}-{rank:03d}-{number}.jsonl")
    incoming = file.with_suffix(".incoming")
    incoming.write_text(text, encoding="utf-8")
    put(incoming, file)
    return file


def refuse_what_is_ended(rows: Sequence[Refused], *, states: frozenset[str]) -> None:
    """Say no to a second word about what has had its last.

    Raises:
        WrongUseError: One of the rows is in another state, or its word waits already.
    """
    for row in rows:
        if row.state not in states:
            raise WrongUseError(
                f"{row.name} is {row.state.replace('_', ' ')} already",
                where=f"{row.source_name}.{row.table_name}",
                mend=f"`clientele quarantine history {row.load_id} {row.row_number}` "
                "tells what became of it.",
            )
        if row.pending:
            raise WrongUseError(
                f"{row.name} is decided already, and waits for the next night",
                where=f"{row.source_name}.{row.table_name}",
                mend="Run `clientele night`; or take the file that was written out of "
                "the landing folder, and decide anew.",
            )


def give_up(settings: Settings, rows: Sequence[Refused], word: Word) -> Path:
    """Decide that refused rows, or whole deliveries, are done without.

    Their bytes stay where they are. They no longer wait nor hold anything back.

    Args:
        settings: Where the company's data lies.
        rows: What is given up; all of them still wait.
        word: Who decides and why.

    Raises:
        WrongUseError: Nothing is chosen, no reason is given, or something does not
            wait any more.
    """
    if not rows:
        raise WrongUseError(
            "nothing that waits is chosen",
            where="quarantine",
            mend="`clientele quarantine` lists what waits.",
        )
    if not word.why.strip():
        raise WrongUseError(
            "nothing is given up without a reason", where="--why", mend="State it."
        )
    refuse_what_is_ended(rows, states=frozenset({"waiting"}))
    decisions = [
        Decision(row.load_id, row.row_number, row.delivery, "given_up") for row in rows
    ]
    return write_decisions(settings, decisions, word)


def accept(settings: Settings, company: Company, load_id: int, word: Word) -> Path:
    """Decide that a delivery held for its volume may come in the next night.

    Args:
        settings: Where the company's data lies.
        company: Whose delivery it is.
        load_id: The refused load.
        word: Who decides and why.

    Raises:
        WrongUseError: There is no such load, or it was refused for another reason.
    """
    held = one(settings, company, load_id, 0)
    if held.reason_code not in HELD_FOR_A_PERSON:
        raise WrongUseError(
            f"load {load_id} is not held for its volume",
            where=f"{held.source_name}.{held.table_name}",
            mend="Only a delivery of an unexpected volume can be accepted.",
        )
    refuse_what_is_ended([held], states=frozenset({"waiting"}))
    delivered = splitting.delivered(settings, company, load_id)
    landing = company.landing_of(held.source_name, settings)
    folder = landing / held.business_date.isoformat()
    write_decisions(settings, [Decision(load_id, 0, held.delivery, "accepted")], word)
    decision = folder / ACCEPTED_FOLDER / delivered.sha256
    decision.parent.mkdir(parents=True, exist_ok=True)
    decision.touch()
    file = folder / held.delivered_name
    if not (delivered.table.is_database or file.exists()):
        file.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(settings.places.deliveries / delivered.sha256, file)
    return decision
