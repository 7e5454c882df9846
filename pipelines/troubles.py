"""What of a status asks somebody to act: each with its mend, and the event it is.

The screen shows them, and operators are told of them: both say the same, because both
are made here.
"""

from collections.abc import Iterator
from datetime import timedelta

from pipelines.status import Status
from pipelines.wording import ago, size
from warehouse.notifying.model import Condition, Event
from warehouse.operations import Trouble

CHECK_MEND = (
    "Look into the release that is kept aside, or the rows in quarantine; "
    "`docs/checks.md` says why each check is made."
)


def conditions(status: Status) -> list[Condition]:
    """List what is wrong, the most urgent first."""
    return [
        *_broken(status),
        *_last_night(status),
        *_refusals(status),
        *_checks(status),
        *_late(status),
        *_disk(status),
        *_backup(status),
    ]


def _broken(status: Status) -> Iterator[Condition]:
    for trouble in status.troubles:
        yield Condition(
            event=Event.DATA_UNREADABLE, subject=trouble.what, trouble=trouble
        )


def _last_night(status: Status) -> Iterator[Condition]:
    ended = [night for night in status.nights if night.result != "running"]
    if not ended or ended[0].result not in ("failed", "died", "held"):
        return
    last = ended[0]
    if last.result == "held" and status.refused:
        return
    is_held = last.result == "held"
    died = Trouble(
        what="the last night ended without a word: its process died",
        where=", ".join(map(str, last.business_dates[-1:])) or "night",
        mend="Run `clientele night` again: what it left is mended by the next one. "
        "Where it happens again, see that memory and disk suffice.",
    )
    yield Condition(
        event=Event.PUBLICATION_HELD if is_held else Event.NIGHT_FAILED,
        subject="night",
        trouble=last.trouble or died,
    )


def _refusals(status: Status) -> Iterator[Condition]:
    for load_id, business_date, name, code, reason, mend in status.refused:
        yield Condition(
            event=Event.PUBLICATION_HELD,
            subject=f"load {load_id}",
            trouble=Trouble(
                what=f"refused: {business_date}/{name}: {reason} ({code})",
                where=f"load {load_id}",
                mend=mend or "",
            ),
        )


def _checks(status: Status) -> Iterator[Condition]:
    for check in status.failed_checks:
        message = check.message or "no message"
        yield Condition(
            event=Event.CHECK_FAILED,
            subject=f"{check.table_name} {check.check_name}",
            trouble=Trouble(
                what=f"{check.check_name} could not run: {message}"
                if check.outcome == "broken"
                else f"{check.check_name} did not pass: {message}",
                where=check.table_name,
                mend=check.next_step or CHECK_MEND,
            ),
        )


def _late(status: Status) -> Iterator[Condition]:
    for late in status.late:
        name = f"{late.source_name}.{late.table_name}"
        yield Condition(
            event=Event.DELIVERY_LATE,
            subject=name,
            trouble=Trouble(
                what=f"{name} is late: it came last for {late.last_date}",
                where="landing",
                mend="It never stayed away so long. Ask the source, and lay what comes "
                "into the folder of its date.",
            ),
        )


def _disk(status: Status) -> Iterator[Condition]:
    disk = status.disk
    if disk is None or not disk.is_low:
        return
    left = "" if disk.nights_left is None else f", {disk.nights_left} nights as grown"
    yield Condition(
        event=Event.DISK_LOW,
        subject="disk",
        trouble=Trouble(
            what=f"the disk is nearly full: {size(disk.free)} free{left}; the next "
            f"night may need {size(disk.needed)}",
            where="home",
            mend="Make room, or move the home of the data to a larger disk. "
            "`work.duckdb` may be deleted: the next night builds it anew.",
        ),
    )


def _backup(status: Status) -> Iterator[Condition]:
    if status.is_sample or status.release is None:
        return
    last = status.backup
    if last and status.now - last.made_at <= timedelta(hours=status.backup_after_hours):
        return
    yield Condition(
        event=Event.BACKUP_OLD,
        subject="backup",
        trouble=Trouble(
            what=f"the last backup was made {ago(status.now - last.made_at)}"
            if last
            else "no backup was ever made",
            where="backups",
            mend="Run `clientele backup FOLDER`, to another disk, and let it follow "
            "every night.",
        ),
    )
