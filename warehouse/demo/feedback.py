"""What comes back when the made-up company writes to its customers, or rings them up.

Who moved without telling sends letters back; a few mailboxes are dead and a few numbers
belong to others, in every source alike.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pyarrow as pa

from warehouse.demo.chance import Flags, Integers
from warehouse.demo.columns import Column, choose, either, join, moment, number
from warehouse.demo.deliveries import Manner
from warehouse.demo.known import DAY, FIRST_DAY, Known, know
from warehouse.demo.making import Making
from warehouse.demo.presence import MOVED_PCT, Presence, change_day, record_ids

DEAD_MAILBOX_PCT = 3
WRONG_NUMBER_PCT = 4
MAIL_RESULTS = [
    "opened",
    "confirmed",
    "mailbox_full",
    "reconfirmed",
    "no_such_mailbox",
]
MAIL_SHARES = [62, 20, 10, 8]
"""How many of a hundred mails to a living mailbox come to each but the last."""
Held = Callable[[Known], Column]
"""The value that a source holds of each customer, empty where it has none."""


def write_feedback_files(making: Making, day: int) -> None:
    """Write what is reported of contact points on a day."""
    _mail_reports(making, day)
    _returned_letters(making, day)
    _number_checks(making, day)


def _drawn(
    presence: Presence, purpose: str, sources: Sequence[str], *, count: int, on_day: int
) -> Iterator[tuple[str, Integers]]:
    """Yield by source whom it knows on a day, of some customers drawn once each."""
    stream = presence.people.chance.stream(purpose, on_day)
    index = np.unique(stream.integers(0, presence.people.size, count))
    for source in sources:
        first = presence.first_day[source][index]
        known = (first >= 0) & (first <= on_day)
        yield source, index[known]
        index = index[~known]


def _tried(
    making: Making,
    purpose: str,
    held: dict[str, Held],
    *,
    count: int,
    on_day: int,
) -> tuple[Integers, dict[str, Column]]:
    """Return who is tried on a day, and under which record and at which value."""
    presence = making.presence
    parts, columns = [], []
    for source, index in _drawn(
        presence, purpose, list(held), count=count, on_day=on_day
    ):
        value = held[source](know(presence, source, index, on_day))
        has_value = np.array(value.to_numpy(zero_copy_only=False) != "", dtype=bool)
        chosen = index[has_value]
        parts.append(chosen)
        columns.append(
            pa.table(
                {
                    "source": pa.array([source] * len(chosen), pa.string()),
                    "record": record_ids(source, chosen),
                    "value": value.filter(pa.array(has_value)),
                }
            )
        )
    rows = pa.concat_tables(columns)
    return np.concatenate(parts), {
        name: rows[name].combine_chunks() for name in rows.column_names
    }


def _at(making: Making, purpose: str, index: Integers, on_day: int) -> Integers:
    """Return the UTC second at which each was tried, in local office hours."""
    second = making.people.chance.below(index, f"{purpose}_{on_day}", 9 * 3600)
    at: Integers = (FIRST_DAY + on_day) * DAY + 9 * 3600 + second - 8 * 3600
    return at


def _mail_reports(making: Making, day: int) -> None:
    chance = making.people.chance
    index, tried = _tried(
        making,
        "mail_reports",
        {"web": lambda known: known.email},
        count=making.per_day(0.02),
        on_day=day,
    )
    is_dead = chance.happens(index, "dead_mailbox", DEAD_MAILBOX_PCT / 100)
    outcome = chance.weighted(index, f"mail_report_{day}", MAIL_SHARES)
    is_nameless = chance.happens(index, f"mail_nameless_{day}", 0.2)
    rows = pa.table(
        {
            "report_id": join(f"G{day:03d}", number(index, 9)),
            "recipient_source": either(is_nameless, "", tried["source"]),
            "recipient_id": either(is_nameless, "", tried["record"]),
            "address": tried["value"],
            "result": choose(
                MAIL_RESULTS, np.where(is_dead, len(MAIL_SHARES), outcome)
            ),
            "reported_at": moment(_at(making, "mail_reports", index, day)),
        }
    )
    _deliver(making, "email_gateway.reports", rows, on_day=day, key="report_id")


def _returned_letters(making: Making, day: int) -> None:
    chance = making.people.chance
    index, tried = _tried(
        making,
        "letters",
        dict.fromkeys(("list_alpha", "web", "member"), _address_line),
        count=making.per_day(0.03),
        on_day=day,
    )
    left = _has_left(making.presence, tried["source"], index, day)
    back = np.flatnonzero(left | chance.happens(index, f"letter_{day}", 0.005))
    reason = np.where(left[back], 0, 1 + chance.below(index[back], "why_back", 2))
    rows = pa.table(
        {
            "letter_id": join(f"L{day:03d}", number(index[back], 9)),
            "recipient_source": tried["source"].take(pa.array(back)),
            "recipient_id": tried["record"].take(pa.array(back)),
            "address": tried["value"].take(pa.array(back)),
            "reason": choose(["迁移新址不明", "查无此人", "地址不详"], reason),
            "returned_at": moment(_at(making, "letters", index[back], day)),
        }
    )
    _deliver(making, "mail_house.returns", rows, on_day=day, key="letter_id")


def _number_checks(making: Making, day: int) -> None:
    chance = making.people.chance
    index, tried = _tried(
        making,
        "number_checks",
        {
            "list_alpha": lambda known: known.sometimes("mobile", 0.7, known.mobile),
            "member": lambda known: known.mobile,
        },
        count=making.per_day(0.02),
        on_day=day,
    )
    is_wrong = chance.happens(index, "wrong_number", WRONG_NUMBER_PCT / 100)
    outcome = chance.weighted(index, f"number_check_{day}", [55, 15, 30])
    rows = pa.table(
        {
            "check_id": join(f"T{day:03d}", number(index, 9)),
            "called_source": tried["source"],
            "called_id": tried["record"],
            "number": tried["value"],
            "country": _countries(making, index, day),
            "result": choose(
                ["answered", "confirmed", "no_answer", "wrong_person"],
                np.where(is_wrong, 3, outcome),
            ),
            "checked_at": moment(_at(making, "number_checks", index, day)),
        }
    )
    _deliver(making, "call_centre.number_checks", rows, on_day=day, key="check_id")


def _address_line(known: Known) -> Column:
    return known.address.line


def _countries(making: Making, index: Integers, on_day: int) -> Column:
    return know(making.presence, "member", index, on_day).address.country


def _has_left(
    presence: Presence, sources: Column, index: Integers, on_day: int
) -> Flags:
    """Return who has left the address that the source still holds on a day."""
    chance = presence.people.chance
    left = change_day(chance, index, "moved", MOVED_PCT, presence.days) <= on_day
    for source in ("list_alpha", "web", "member"):
        of_source = np.array(sources.to_numpy(zero_copy_only=False) == source, bool)
        left &= ~(of_source & presence.has_moved(source, index, on_day))
    return left


def _deliver(
    making: Making, table: str, rows: pa.Table, *, on_day: int, key: str
) -> None:
    desk = making.desk
    name = f"{table.partition('.')[2]}_{desk.date_of(on_day)}.csv"
    desk.csv(table, [rows], name=name, on_day=on_day, manner=Manner(key=key))
