"""Which release readers are led to: the link, how it moves, and how it moves back.

How a release is made is in `warehouse.publication.publish`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

from warehouse.errors import ClienteleError, WrongUseError
from warehouse.flushing import flush
from warehouse.publication.release import (
    Release,
    assert_complete,
    current_folder,
    read_release,
    release_folders,
    release_number,
)
from warehouse.settings import Settings

NEW_LINK = "current.new"

Hook = Callable[[str], None]


@contextmanager
def switching(settings: Settings) -> Iterator[None]:
    """Keep others from moving the link, or removing what it is to lead to, meanwhile.

    A rollback does not wait for a night, only for the moment in which it switches.
    """
    with FileLock(settings.places.root / "switch.lock", mode=0o640):
        yield


def switch_to(settings: Settings, folder: Path, on_step: Hook) -> None:
    """Lead readers to a release, by one rename; whoever calls is `switching`.

    Args:
        settings: Whose link.
        folder: The release.
        on_step: Called when the new link is made, and when it is in place.
    """
    new_link = settings.places.published / NEW_LINK
    new_link.unlink(missing_ok=True)
    new_link.symlink_to(folder.name)
    on_step("linked")
    new_link.replace(settings.places.current)
    flush(settings.places.published)
    on_step("switched")


def rollback(settings: Settings, to: str | None = None) -> Release:
    """Lead readers back to an earlier release; the later one stays beside it.

    Args:
        settings: Whose places to use.
        to: Name of the release, such as `r-000122`; the one before the current one when
            not given.

    Returns:
        The release that is current now.

    Raises:
        WrongUseError: There is no such release.
        ClienteleError: The release is not complete; `current` stays where it is.
    """
    with switching(settings):
        release = read_release(_kept_folder(settings, to))
        assert_complete(release)
        newest = release_folders(settings)[-1].name
        settings.places.rolled_back.write_text(newest, encoding="utf-8")
        switch_to(settings, release.folder, lambda step: None)
    return release


def published_up_to(settings: Settings) -> int:
    """Return the last load that needs no new release; 0 when nothing is published.

    It is that of the current release, or of the newest when readers were led back from
    it. One that a killed night renamed, and did not switch to, counts for nothing; nor
    does one that is damaged.
    """
    current, folders = current_folder(settings), release_folders(settings)
    counting = [folder for folder in (current,) if folder is not None]
    if folders and _was_left(settings, folders[-1].name):
        counting.append(folders[-1])
    return max((_last_load(folder) for folder in counting), default=0)


def _was_left(settings: Settings, name: str) -> bool:
    try:
        return settings.places.rolled_back.read_text(encoding="utf-8") == name
    except FileNotFoundError:
        return False


def _last_load(folder: Path) -> int:
    try:
        release = read_release(folder)
        assert_complete(release)
    except ClienteleError:
        return 0
    return release.last_load_id


def _kept_folder(settings: Settings, name: str | None) -> Path:
    folders = {folder.name: folder for folder in release_folders(settings)}
    current = current_folder(settings)
    earlier = [
        kept
        for kept in folders
        if current and release_number(kept) < release_number(current.name)
    ]
    wanted = name or (earlier[-1] if earlier else None)
    if wanted not in folders:
        raise WrongUseError(
            f"there is no release {name}" if name else "there is no earlier release",
            where=str(settings.places.published),
            mend=f"The kept releases are: {', '.join(folders) or 'none'}.",
        )
    return folders[wanted]
