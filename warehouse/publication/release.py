"""What a release is: a folder, its files, and a sealed manifest that vouches for it.

How a release is made is in `warehouse.publication.publish`; how it is opened in
`warehouse.publication.reading`.
"""

import hashlib
import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from warehouse import sealing
from warehouse.errors import ClienteleError
from warehouse.settings import Settings

MARTS = "marts.duckdb"
RESTRICTED = "restricted.duckdb"
MANIFEST = "MANIFEST.json"
HELD = ".held"
"""Ends the name of a release that a check held back."""
_NAME = re.compile(r"^r-(\d{6,})$")
_NUMBERED = re.compile(r"^r-(\d{6,})(\..+)?$")


class _Facts(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FileFacts(_Facts):
    """What a file of a release must be."""

    sha256: str
    bytes: int


class Journal(_Facts):
    """How far the journal of a table was written (`macros/journals.sql`)."""

    origin: str
    build_number: int


class TableFacts(_Facts):
    """What a published table holds."""

    rows: int | None
    """Number of rows; none for a view."""
    columns: list[str]
    restricted_columns: list[str]
    """Columns of the table of this name in the restricted file, keys included."""
    journal: Journal | None = None
    """Where its journal stood, if that tells of all that changes in it."""


class AuditResult(_Facts):
    """One check of the closed release."""

    check: str
    passed: bool
    detail: str


class Release(_Facts):
    """One published version: what its `MANIFEST.json` says, and where it lies."""

    release: str
    company: str
    made_at: datetime
    """When it was made, naive UTC."""
    business_dates: list[date]
    """Business dates that the publishing run covered."""
    last_load_id: int
    """Highest load that the tables follow from."""
    loads: list[int]
    """Loads that came in since the release before."""
    is_held: bool
    """True when a check held it back; such a release is never switched to."""
    files: dict[str, FileFacts]
    tables: dict[str, TableFacts]
    audit: list[AuditResult]
    folder: Path = Field(exclude=True)

    @property
    def number(self) -> int:
        """Return the number in its name, which only grows."""
        return release_number(self.release)

    @property
    def marts(self) -> Path:
        """Return the file without identifiers of persons."""
        return self.folder / MARTS

    @property
    def restricted(self) -> Path:
        """Return the file of identifiers, under the same keys."""
        return self.folder / RESTRICTED

    def journal_of(self, table: str) -> Journal | None:
        """Return where the journal of a table stood, by its `schema.name`."""
        return self.tables[table].journal if table in self.tables else None

    @property
    def failures(self) -> list[AuditResult]:
        """Return the checks that the closed release did not pass."""
        return [result for result in self.audit if not result.passed]


def release_name(number: int) -> str:
    """Return the name of a release."""
    return f"r-{number:06d}"


def release_number(name: str) -> int:
    """Return the number in the name of a release, set aside or not.

    Raises:
        ValueError: The name is not of that form.
    """
    found = _NUMBERED.match(name)
    if not found:
        raise ValueError(name)
    return int(found[1])


def release_folders(settings: Settings) -> list[Path]:
    """Return the folders of complete releases, oldest first."""
    return releases_in(settings.places.published)


def releases_in(published: Path) -> list[Path]:
    """Return the folders of complete releases in a folder, oldest first."""
    folders = [path for path in _inside(published) if _NAME.match(path.name)]
    return sorted(folders, key=lambda path: release_number(path.name))


def next_number(settings: Settings) -> int:
    """Return a number higher than that of every release, set aside or not."""
    names = [path.name for path in _inside(settings.places.published)]
    numbers = [release_number(name) for name in names if _NUMBERED.match(name)]
    return max(numbers, default=0) + 1


def releases(settings: Settings) -> list[Release]:
    """Return the complete releases, oldest first.

    Raises:
        ClienteleError: A manifest is missing or is not as it was written.
    """
    return [read_release(folder) for folder in release_folders(settings)]


def current_folder(settings: Settings) -> Path | None:
    """Return the real, versioned path behind `current`, if anything is published."""
    return leads_to(settings.places.current)


def leads_to(current: Path) -> Path | None:
    """Return the real, versioned path behind a link `current`, if there is one."""
    try:
        return current.parent / current.readlink()
    except FileNotFoundError:
        return None


def current_release(settings: Settings) -> Release | None:
    """Return the release that readers are to open, if anything is published.

    Raises:
        ClienteleError: Its manifest is missing or is not as it was written.
    """
    folder = current_folder(settings)
    if folder is None:
        return None
    try:
        return read_release(folder)
    except ClienteleError:
        newer = current_folder(settings)
        if newer is None or newer == folder:
            raise
        return read_release(newer)


def sound_release(settings: Settings) -> Release | None:
    """Return the current release, or none when it is missing, cut or not as written.

    So a night can publish anew what was damaged.
    """
    try:
        release = current_release(settings)
        if release is not None:
            assert_complete(release)
    except ClienteleError:
        return None
    return release


def seal(release: Release) -> bytes:
    """Return the bytes of the manifest, which end with a digest of the rest."""
    return sealing.seal(release.model_dump(mode="json"))


def read_release(folder: Path) -> Release:
    """Read the manifest of a release and hold it against its own digest.

    Raises:
        ClienteleError: The manifest is missing or is not as it was written.
    """
    file = folder / MANIFEST
    try:
        return Release(**sealing.read_sealed(file), folder=folder)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise damaged("the release has no manifest", file) from error
    except sealing.BrokenSealError as error:
        raise damaged("the manifest is not as it was written", file) from error
    except (ValueError, TypeError) as error:
        raise damaged("the manifest cannot be read", file) from error


def assert_complete(release: Release) -> None:
    """Hold the files against the manifest, by presence and size.

    Raises:
        ClienteleError: A file is missing or has another size.
    """
    for name, facts in release.files.items():
        file = release.folder / name
        if not file.is_file() or file.stat().st_size != facts.bytes:
            raise damaged("a file of the release is missing or cut", file)


def damaged(what: str, where: Path) -> ClienteleError:
    """Return the error for a release that must not be served."""
    return ClienteleError(
        what,
        where=str(where),
        mend="Go back with `clientele rollback`, then publish anew with "
        "`clientele night`.",
    )


def file_sha256(file: Path) -> str:
    """Return the sha256 of a file's bytes, in hexadecimal."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _inside(folder: Path) -> Iterator[Path]:
    return folder.iterdir() if folder.is_dir() else iter(())
