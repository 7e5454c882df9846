"""The status on one screen: a line a fact, and below what is wrong its mend.

What does not fit is counted, and stands whole in the status as JSON.
"""

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from pipelines.nights import Night
from pipelines.status import Grade, Status
from pipelines.troubles import conditions
from pipelines.wording import ago, lasting, size, span
from warehouse.notifying.model import Condition
from warehouse.notifying.telling import Told

WIDTH = 96
LABEL = 12
MOST_TROUBLES = 5
NAMED_OF_A_KIND = 2
MOST_NAMED = 3
LINES_OF_A_TROUBLE = 3


def screen(status: Status) -> Iterator[str]:
    """Lay the status out as lines of text of at most `WIDTH` characters."""
    title = f"{status.company}"
    yield f"{title}{f'{status.now:%Y-%m-%d %H:%M} UTC':>{WIDTH - len(title)}}"
    yield ""
    yield from _published(status)
    yield from _line("At work", _at_work(status))
    yield ""
    yield from _nights(status.nights)
    yield ""
    wrong = conditions(status)
    yield from _wrong(wrong)
    yield from _line("To decide", _to_decide(status))
    yield from _fresh(status)
    yield from _line("Deliveries", _deliveries(status))
    yield from _checks(status)
    yield from _grades(status.grades)
    yield from _customers(status)
    yield from _line("Disk", _disk(status))
    yield from _line("Backup", _backup(status))
    yield from _told(status)


def _line(label: str, said: str) -> Iterator[str]:
    yield from textwrap.wrap(
        said,
        WIDTH,
        initial_indent=f"{label:<{LABEL}}",
        subsequent_indent=" " * LABEL,
    )


def _published(status: Status) -> Iterator[str]:
    if status.release is None or status.published_at is None:
        is_broken = any("release" in each.what for each in status.troubles)
        said = "what is published cannot be read" if is_broken else "nothing yet"
        yield from _line("Published", said)
        return
    age = ago(status.now - status.published_at)
    upto = f", up to {status.business_date}" if status.business_date else ""
    said = f"{status.release}{upto}, since {status.published_at:%Y-%m-%d %H:%M} ({age})"
    if status.newer:
        said += f"; rolled back from {', '.join(status.newer)}"
    yield from _line("Published", said)


def _at_work(status: Status) -> str:
    running = (
        f"A night is running, as process {status.running}"
        if status.running
        else "No night is running"
    )
    waits = f"{status.waiting:,} deliveries wait"
    if status.waiting_dates:
        waits += f" for {span(status.waiting_dates)}"
    return f"{running}; {waits}"


def _nights(nights: Sequence[Night]) -> Iterator[str]:
    if not nights:
        yield from _line("Nights", "none so far")
        return
    heads = ("ended", "took", "outcome", "came", "ref.", "rows", "quar.")
    yield _row("Nights", *heads)
    for night in nights:
        ended = f"{night.ended_at:%m-%d %H:%M}" if night.ended_at else ""
        yield _row(
            span(night.business_dates),
            ended,
            "" if night.seconds is None else lasting(night.seconds),
            " ".join(filter(None, (night.result, _release(night)))),
            f"{night.deliveries:,}",
            f"{night.refused:,}",
            f"{night.rows_loaded:,}",
            f"{night.rows_quarantined:,}",
        )


def _release(night: Night) -> str | None:
    return night.release if night.result == "published" else None


def _row(*cells: str) -> str:
    left = f"{cells[0]:<22} {cells[1]:<11} {cells[2]:>9}  {cells[3]:<19}"
    return f"{left} {cells[4]:>4} {cells[5]:>4} {cells[6]:>7} {cells[7]:>7}".rstrip()


def _wrong(wrong: Sequence[Condition]) -> Iterator[str]:
    if not wrong:
        yield from _line(
            "Wrong", "nothing: no night failed, nothing is late or refused"
        )
        return
    kinds = list(_alike(wrong))
    for number, alike in enumerate(kinds[:MOST_TROUBLES]):
        label = "Wrong" if number == 0 else ""
        for each in alike[:NAMED_OF_A_KIND]:
            yield from _cut(list(_line(label, each.trouble.what)))
            label = ""
        if len(alike) > NAMED_OF_A_KIND:
            yield from _line("", f"and {len(alike) - NAMED_OF_A_KIND} more like these")
        yield from _cut(list(_line("", f"-> {alike[0].trouble.mend}")))
    if len(kinds) > MOST_TROUBLES:
        more = len(kinds) - MOST_TROUBLES
        yield from _line(
            "", f"and {more} more kinds: `clientele status --json` has them"
        )


def _alike(wrong: Sequence[Condition]) -> Iterator[list[Condition]]:
    """Put together what follows on each other and has the same mend."""
    for _, alike in groupby(wrong, key=lambda each: (each.event, each.trouble.mend)):
        yield list(alike)


def _cut(lines: list[str]) -> list[str]:
    if len(lines) <= LINES_OF_A_TROUBLE:
        return lines
    kept = lines[:LINES_OF_A_TROUBLE]
    return [*kept[:-1], f"{kept[-1][: WIDTH - 4]} ..."]


def _to_decide(status: Status) -> str:
    parts = []
    if rows := sum(count for _, count in status.quarantined):
        parts.append(f"{rows:,} rows in quarantine ({_counted(status.quarantined)})")
    if pairs := sum(count for _, count in status.reviews):
        parts.append(f"{pairs:,} pairs of records ({_counted(status.reviews)})")
    if status.refused:
        parts.append(f"{len(status.refused):,} refused deliveries")
    return "; ".join(parts) or "nothing waits for a person"


def _counted(counts: Sequence[tuple[str, int]]) -> str:
    named = [f"{count:,} {code}" for code, count in counts[:MOST_NAMED]]
    rest = sum(count for _, count in counts[MOST_NAMED:])
    return ", ".join([*named, f"{rest:,} other"] if rest else named)


def _fresh(status: Status) -> Iterator[str]:
    if not status.freshness:
        return
    newest = max(on for _, on in status.freshness)
    came = sum(on == newest for _, on in status.freshness)
    said = f"{came} of {len(status.freshness)} tables came for {newest}"
    older = [f"{name} {on}" for name, on in status.freshness if on < newest]
    if older:
        said += f"; longest ago: {', '.join(older[:MOST_NAMED])}"
    yield from _line("Fresh", said)


def _deliveries(status: Status) -> str:
    parts = [_odd(each) for each in status.oddities[:1]]
    if len(status.oddities) > 1:
        parts.append(f"{len(status.oddities) - 1} more oddities")
    if status.unclaimed:
        names = ", ".join(status.unclaimed[:MOST_NAMED])
        more = len(status.unclaimed) - MOST_NAMED
        parts.append(
            f"no contract claims {names}" + (f" and {more} more" if more > 0 else "")
        )
    return "; ".join(parts) or "nothing odd"


def _odd(each: Sequence[object]) -> str:
    source, table, on, said = each
    name = f"{source}.{table} " if source else ""
    return f"{name}{on}: {said}"


def _checks(status: Status) -> Iterator[str]:
    if status.release is None:
        return
    if not status.checks:
        yield from _line("Checks", "all passed in the published version")
        return
    severities = Counter(str(row[0]) for row in status.checks)
    counted = ", ".join(f"{count} of {name}" for name, count in severities.items())
    yield from _line("Checks", f"did not pass in the published version: {counted}")
    for row in [row for row in status.checks if row[0] != "information"][:2]:
        step = f": {row[5]}" if row[5] else ""
        yield from _cut(list(_line("", f"{row[2]} {row[3]}{step}")))


def _grades(grades: Sequence[Grade]) -> Iterator[str]:
    if not grades:
        return
    whole, *others = grades
    moved = round(whole.score_change or 0, 1)
    change = f", {moved:+.1f}" if moved else ""
    said = f"{whole.grade} ({whole.score:.1f}{change}) for the whole"
    worst = [f"{each.subject_name} {each.grade}" for each in others[:MOST_NAMED]]
    if worst:
        said += f"; worst: {', '.join(worst)}"
    if whole.next_step:
        said += f"; next: {whole.next_step}"
    yield from _cut(list(_line("Grade", said)))


def _customers(status: Status) -> Iterator[str]:
    if status.customers:
        told = [f"{name} {count:,}" for name, count in status.customers.rows()]
        yield from _line("Customers", ", ".join(told))


def _disk(status: Status) -> str:
    disk = status.disk
    if disk is None:
        return "not measured"
    largest = sorted(disk.rooms.items(), key=lambda each: (-each[1], each[0]))
    rooms = ", ".join(f"{name} {size(bytes_)}" for name, bytes_ in largest[:4])
    left = "how fast it grows is not known yet"
    if disk.growth is not None:
        left = f"{size(max(disk.growth, 0))} a date"
        if disk.nights_left is not None:
            left += f", room for {disk.nights_left:,} more"
    return f"{size(disk.total)} ({rooms}); {size(disk.free)} free; {left}"


def _backup(status: Status) -> str:
    last = status.backup
    if last is None:
        return "none was made"
    made = f"{last.made_at:%Y-%m-%d %H:%M} ({ago(status.now - last.made_at)})"
    return f"{last.backup}, made {made}, loads up to {last.last_load_id}"


def _told(status: Status) -> Iterator[str]:
    """Say what operators were told last; a way that fails is told first."""
    failing: dict[str, Told] = {}
    working: set[str] = set()
    for each in status.told:
        if not each.trouble:
            working.add(each.channel)
        elif each.channel not in working:
            failing[each.channel] = each
    parts = [
        f"{each.channel} fails since {each.at:%Y-%m-%d %H:%M}: {each.trouble}"
        for each in failing.values()
    ]
    sent = [each for each in status.told if not each.trouble]
    if sent:
        parts.append(
            f"{sent[0].event} by {sent[0].channel}, {ago(status.now - sent[0].at)}"
        )
    if parts:
        yield from _line("Told", "; ".join(parts))
