"""How a new version is published: built beside the old one, then switched to at once.

Whoever calls holds the lock of the one writer (`warehouse.locking`). Whenever the
process dies, `current` leads to a complete, audited release, and the next run sweeps
what was left.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

from warehouse.clock import Clock
from warehouse.database import attach, session
from warehouse.errors import ClienteleError, HeldError
from warehouse.flushing import flush
from warehouse.publication.audit import audit_release
from warehouse.publication.beginning import PRUNED, Begun, begin, remove
from warehouse.publication.build import write_release
from warehouse.publication.carrying import is_deep
from warehouse.publication.definitions import MACROS, WORK
from warehouse.publication.plan import (
    described_tables,
    personal_names,
    plan_tables,
)
from warehouse.publication.release import (
    HELD,
    MANIFEST,
    AuditResult,
    FileFacts,
    Release,
    TableFacts,
    file_sha256,
    release_folders,
    release_name,
    seal,
    sound_release,
)
from warehouse.publication.switching import Hook, switch_to, switching
from warehouse.publication.tables import DATABASES
from warehouse.settings import Settings

KEPT = 3
"""How many releases are kept when nobody says, the current one among them."""


def publish(
    settings: Settings,
    manifest: Mapping[str, Any],
    *,
    clock: Clock,
    business_dates: Sequence[date],
    last_load_id: int,
    held: bool = False,
    whole: bool = False,
    begun: Begun | None = None,
    macros: Path = MACROS,
    kept: int = KEPT,
    on_step: Hook = lambda step: None,
) -> Release:
    """Publish the work database as a new release.

    Args:
        settings: Whose places to use.
        manifest: What dbt wrote to `manifest.json`.
        clock: Tells when the release was made.
        business_dates: The dates that the run covered.
        last_load_id: The highest load that the work database follows from.
        held: True when the gate failed: the release is built for inspection, set aside
            as `.held`, and `current` stays where it is.
        whole: True to write everything anew, and carry nothing over from the release
            before: no byte of it is then in this one.
        begun: What was begun of it ahead, under the same lock.
        macros: The folder of the table macros that the release is to have.
        kept: How many releases to keep, this one among them.
        on_step: Called with the name of each step when it is done; for tests.

    Raises:
        HeldError: The closed release failed its audit; it was set aside as `.held`.
        ClienteleError: The work database is missing or cannot be published as it is.
    """
    begun = begun or begin(settings, whole=whole)
    on_step("started")
    audit, tables, files = _build(
        settings, manifest, begun, macros, on_step, whole=whole
    )
    release = Release(
        release=release_name(begun.number),
        company=settings.company,
        made_at=clock.now(),
        business_dates=list(business_dates),
        last_load_id=last_load_id,
        loads=_loads_since(settings, last_load_id),
        is_held=held or not all(result.passed for result in audit),
        files=files,
        tables=tables,
        audit=audit,
        folder=begun.folder,
    )
    _close(release, on_step)
    if release.is_held:
        return _set_aside(settings, release, on_step, raising=not held)
    return _put_up(settings, release, kept, on_step)


def _build(
    settings: Settings,
    manifest: Mapping[str, Any],
    begun: Begun,
    macros: Path,
    on_step: Hook,
    *,
    whole: bool,
) -> tuple[list[AuditResult], dict[str, TableFacts], dict[str, FileFacts]]:
    described, folder = described_tables(manifest), begun.folder
    with session(settings) as connection:
        attach(connection, _work(settings), alias=WORK)
        planned = plan_tables(connection, described, database=WORK)
    on_step("planned")
    sums = write_release(
        settings,
        planned,
        folder,
        macros=macros,
        carried=begun.carried(planned, whole=whole),
        is_deep=is_deep(begun.number),
        on_written=lambda file: on_step(f"{Path(file).stem}_written"),
    )
    # Both read the closed files while they lie in memory.
    with ThreadPoolExecutor() as pool:
        files = {name: pool.submit(_facts, folder / name) for name in DATABASES}
        audit, facts = audit_release(
            settings,
            folder,
            described=described,
            personal=personal_names(manifest),
            planned=planned,
            sums=sums,
        )
    on_step("audited")
    return audit, facts, {name: found.result() for name, found in files.items()}


def _work(settings: Settings) -> Path:
    work = settings.places.work
    if not work.is_file():
        raise ClienteleError(
            "there is no work database to publish",
            where=str(work),
            mend="Run `clientele night`, which builds it.",
        )
    return work


def _loads_since(settings: Settings, last_load_id: int) -> list[int]:
    """Count from the start when the release before is missing or damaged."""
    before = sound_release(settings)
    return list(range(before.last_load_id + 1 if before else 1, last_load_id + 1))


def _facts(file: Path) -> FileFacts:
    return FileFacts(sha256=file_sha256(file), bytes=file.stat().st_size)


def _close(release: Release, on_step: Hook) -> None:
    """Write the manifest; nothing of the folder changes after this."""
    (release.folder / MANIFEST).write_bytes(seal(release))
    on_step("manifest_written")
    for file in release.folder.iterdir():
        file.chmod(0o440)
        flush(file)
    flush(release.folder)
    on_step("flushed")


def _put_up(settings: Settings, release: Release, kept: int, on_step: Hook) -> Release:
    folder = _rename(release, release.release)
    on_step("renamed")
    with switching(settings):
        switch_to(settings, folder, on_step)
        _prune(settings, kept)
    on_step("pruned")
    return release.model_copy(update={"folder": folder})


def _set_aside(
    settings: Settings, release: Release, on_step: Hook, *, raising: bool
) -> Release:
    for older in settings.places.published.glob(f"r-*{HELD}"):
        remove(older)
    folder = _rename(release, release.release + HELD)
    on_step("set_aside")
    if raising:
        failed = [f"{fault.check}: {fault.detail}" for fault in release.failures]
        raise HeldError(
            f"the release failed its audit: {'; '.join(failed)}",
            where=str(folder),
            mend="The version before stays published. Mend the models and run "
            "`clientele night` again.",
        )
    return release.model_copy(update={"folder": folder})


def _rename(release: Release, name: str) -> Path:
    folder = release.folder.with_name(name)
    release.folder.rename(folder)
    folder.chmod(0o550)
    flush(folder.parent)
    return folder


def _prune(settings: Settings, kept: int) -> None:
    """Remove old releases, first out of sight, so that none is ever half there."""
    for folder in release_folders(settings)[:-kept]:
        pruned = folder.with_name(folder.name + PRUNED)
        folder.rename(pruned)
        remove(pruned)
