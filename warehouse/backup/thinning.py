"""Which backups stay when there are many: the newest, one a day, a week, a month."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from warehouse.backup.copying import remove_folder
from warehouse.backup.manifest import Backup, backups
from warehouse.retention.policy import BackupPolicy

REMOVED = ".removed"


def kept_backups(made: Sequence[Backup], policy: BackupPolicy) -> set[str]:
    """Name the backups that a policy keeps.

    Of each day, week and month that has any, the newest counts; a day is a UTC day, a
    week begins on Monday.

    Args:
        made: The backups, oldest first.
        policy: How many of each.
    """
    periods: list[tuple[int, Callable[[datetime], tuple[int, ...]]]] = [
        (policy.days, lambda at: (at.year, at.month, at.day)),
        (policy.weeks, lambda at: tuple(at.isocalendar())[:2]),
        (policy.months, lambda at: (at.year, at.month)),
    ]
    kept = {each.backup for each in made[-policy.last :]}
    for count, period in periods:
        newest = {period(each.made_at): each.backup for each in made}
        kept |= {newest[when] for when in sorted(newest, reverse=True)[:count]}
    return kept


def thin(folder: Path, company: str, policy: BackupPolicy) -> list[str]:
    """Remove the backups of a company that a policy does not keep, and name them.

    Each is first given another name, so that none is ever half there.
    """
    made = backups(folder, company)
    kept = kept_backups(made, policy)
    gone = [each for each in made if each.backup not in kept]
    for each in gone:
        aside = each.folder.with_name(each.backup + REMOVED)
        each.folder.rename(aside)
        remove_folder(aside)
    return [each.backup for each in gone]
