"""What a backup is: a folder laid out like a home, and a sealed list of its files.

Backups of a company lie side by side, `FOLDER/<company>/b-000001` and on. Each is whole
by itself; a file that is the same in two of them is one file with two names, where the
disk can do that. A folder without its list, or under another name, is none.
"""

import hashlib
import hmac
import re
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from warehouse import sealing
from warehouse.errors import ClienteleError, WrongUseError
from warehouse.identity.ids import KEY_FILE
from warehouse.publication.release import MANIFEST, FileFacts
from warehouse.settings import Places, Settings

_NAME = re.compile(r"^b-(\d{6,})$")
_NUMBERED = re.compile(r"^b-(\d{6,})(\..+)?$")


class Backup(BaseModel):
    """One backup: what its `MANIFEST.json` says, and where it lies."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    backup: str
    company: str
    made_at: datetime
    """When it was made, naive UTC."""
    product_version: str
    duckdb_version: str
    last_load_id: int
    """The ledger's last load; 0 when nothing was received."""
    release: str | None
    """The release that `current` led to."""
    rows: dict[str, int]
    """Rows of each table of the archive."""
    secrets: dict[str, str]
    """Keyed digests of the secrets that lie in it, by name; they give nothing away."""
    files: dict[str, FileFacts]
    """Every other file, by its path within the folder."""
    folder: Path = Field(exclude=True)

    @property
    def places(self) -> Places:
        """Return where things lie in it: a backup is laid out like a home."""
        return Places(self.folder)

    @property
    def bytes(self) -> int:
        """Return how much its files hold together."""
        return sum(facts.bytes for facts in self.files.values())


class LastBackup(BaseModel):
    """The note that a backup leaves in the home that it is of."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    backup: str
    folder: Path
    made_at: datetime
    """When it was made, naive UTC."""
    last_load_id: int
    release: str | None
    bytes: int


def numbered(name: str) -> int:
    """Return the number in the name of a backup, whole or not; 0 for any other name."""
    found = _NUMBERED.match(name)
    return int(found[1]) if found else 0


def backups(folder: Path, company: str) -> list[Backup]:
    """Return the whole backups of a company in a folder, oldest first.

    Those whose list is damaged are left out: `find_backup` says what is wrong.
    """
    found = []
    for path in _folders(folder / company):
        try:
            found.append(read_backup(path))
        except ClienteleError:
            continue
    return found


def find_backup(folder: Path, company: str, name: str | None = None) -> Backup:
    """Return one backup of a company: the newest, or that of a name.

    Raises:
        WrongUseError: There is none, or none of that name.
        ClienteleError: Its list of files is missing or not as it was written.
    """
    found = {path.name: path for path in _folders(folder / company)}
    wanted = name or (list(found)[-1] if found else None)
    if wanted not in found:
        raise WrongUseError(
            f"there is no backup {name}" if name else "there is no backup",
            where=str(folder / company),
            mend=f"There are: {', '.join(found) or 'none'}. The folder is the one that "
            "was given to `clientele backup`.",
        )
    return read_backup(found[wanted])


def read_backup(folder: Path) -> Backup:
    """Read the list of a backup and hold it against its own digest.

    Raises:
        ClienteleError: It is missing or not as it was written.
    """
    file = folder / MANIFEST
    try:
        return Backup(**sealing.read_sealed(file), folder=folder)
    except OSError as error:
        raise _damaged("the backup has no list of its files", file) from error
    except sealing.BrokenSealError as error:
        raise _damaged("the list of files is not as it was written", file) from error
    except (ValueError, TypeError) as error:
        raise _damaged("the list of files cannot be read", file) from error


def secret_digests(folder: Path) -> dict[str, str]:
    """Return a digest of each secret, keyed by the id key that lies with them."""
    files = sorted(file for file in folder.glob("*") if file.is_file())
    key = folder / KEY_FILE
    with_key = key.read_bytes() if key.is_file() else b""
    return {
        file.name: hmac.digest(with_key, file.read_bytes(), hashlib.sha256).hex()
        for file in files
    }


def note_backup(settings: Settings, backup: Backup) -> None:
    """Note in the home that it was backed up."""
    note = LastBackup(
        **backup.model_dump(include={"backup", "made_at", "last_load_id", "release"}),
        folder=backup.folder,
        bytes=backup.bytes,
    )
    incoming = settings.places.last_backup.with_suffix(".incoming")
    incoming.write_bytes(sealing.seal(note.model_dump(mode="json")))
    incoming.chmod(0o640)
    incoming.replace(settings.places.last_backup)


def last_backup(settings: Settings) -> LastBackup | None:
    """Return the last backup of a home; none when there is none, or the note is torn.

    Only the note is read, not the backup, which may lie on a disk that is not there.
    """
    try:
        return LastBackup(**sealing.read_sealed(settings.places.last_backup))
    except (OSError, ValueError, TypeError):
        return None


def _folders(folder: Path) -> list[Path]:
    paths = folder.iterdir() if folder.is_dir() else ()
    return sorted(
        (path for path in paths if _NAME.match(path.name) and path.is_dir()),
        key=lambda path: numbered(path.name),
    )


def _damaged(what: str, where: Path) -> ClienteleError:
    return ClienteleError(
        what,
        where=str(where),
        mend="Take an earlier backup (`--backup`), and make a new one.",
    )
