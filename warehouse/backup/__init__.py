"""Backup: all that could not be made again, copied to another disk and brought back.

`manifest` says what a backup is, `making` and `copying` how one is made, `thinning`
which are kept, `checking` whether one is whole, `restoring` how it comes back.
"""

from warehouse.backup.checking import verify_backup
from warehouse.backup.making import MadeBackup, back_up
from warehouse.backup.manifest import (
    Backup,
    LastBackup,
    backups,
    find_backup,
    last_backup,
)
from warehouse.backup.restoring import Restored, restore

__all__ = [
    "Backup",
    "LastBackup",
    "MadeBackup",
    "Restored",
    "back_up",
    "backups",
    "find_backup",
    "last_backup",
    "restore",
    "verify_backup",
]
