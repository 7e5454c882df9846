"""What dbt has parsed, shared between homes.

dbt keeps what it has parsed in the home, and reads again only files whose content has
changed. Where the settings name a folder for it, a home without any begins with what
another home of the same company has parsed.
"""

import hashlib
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from pipelines.staleness import COMPANY_ROOMS
from warehouse.company import Company
from warehouse.settings import PROJECT_ROOT, Settings

KEPT = "partial_parse.msgpack"
MACROS = "macros"


def parsed_folder(settings: Settings, company: Company) -> Path:
    """Return where dbt finds a company's models.

    Where parses are shared, a company outside of the project is read from a copy that
    is named by its content: companies that say the same are one to dbt.
    """
    folder = company.folder
    if settings.parses is None or folder.is_relative_to(PROJECT_ROOT):
        return folder
    content = _content(folder)
    copy = settings.parses / "companies" / f"{settings.company}-{content[:16]}"
    if not copy.is_dir():
        draft = copy.with_suffix(f".{os.getpid()}")
        for room in COMPANY_ROOMS:
            if (folder / room).is_dir():
                shutil.copytree(folder / room, draft / room)
        draft.mkdir(parents=True, exist_ok=True)
        _put(draft, copy)
    return copy


def begin_with_shared(settings: Settings, variables: str) -> Path | None:
    """Lay what another home has parsed into a home that has parsed nothing.

    Args:
        settings: Whose home.
        variables: What dbt is told, of the company and of where its models lie.

    Returns:
        Where the parse of this company is shared; None when it is not.
    """
    if settings.parses is None:
        return None
    stated = hashlib.sha256(variables.encode()).hexdigest()
    shared = settings.parses / f"{settings.company}-{stated[:16]}.msgpack"
    own = settings.places.target / KEPT
    if shared.is_file() and not own.exists():
        own.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(shared, own)
    return shared


def share(settings: Settings, shared: Path | None) -> None:
    """Share what this home has parsed, unless somebody has.

    It appears whole or not at all, whoever else does the same.
    """
    own = settings.places.target / KEPT
    if shared is None or shared.exists() or not own.is_file():
        return
    shared.parent.mkdir(parents=True, exist_ok=True)
    draft = shared.with_suffix(f".{os.getpid()}")
    shutil.copyfile(own, draft)
    draft.replace(shared)


def digest_of_macros() -> str:
    """Return a digest of what the project's macros say."""
    return _content(PROJECT_ROOT, [MACROS])


def _content(folder: Path, rooms: Iterable[str] = COMPANY_ROOMS) -> str:
    digest = hashlib.sha256()
    for room in rooms:
        for file in sorted((folder / room).rglob("*.*")):
            if file.is_file():
                digest.update(f"{file.relative_to(folder)}\0".encode())
                digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _put(draft: Path, place: Path) -> None:
    try:
        draft.rename(place)
    except OSError:
        # Another process was first, with the same content.
        shutil.rmtree(draft)
        if not place.is_dir():
            raise
