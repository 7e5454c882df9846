"""`clientele backup` and `clientele restore`: a copy elsewhere, and back from there."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.tables import AsJson, show

if TYPE_CHECKING:
    from warehouse.backup import MadeBackup, Restored
    from warehouse.company import Company
    from warehouse.settings import Settings

Folder = Annotated[
    Path | None,
    typer.Argument(
        help="Where backups are kept, best on another disk; else CLIENTELE_BACKUPS."
    ),
]
NIGHT_MINUTES = 360
"""As long as a night may take."""


WithoutSecrets = Annotated[
    bool,
    typer.Option(
        "--without-secrets",
        help="Leave out the id key, which must then be kept elsewhere: without it no "
        "night can follow a restore.",
    ),
]
WithoutReleases = Annotated[
    bool,
    typer.Option(
        "--without-releases",
        help="Leave out what readers open; a night makes it again.",
    ),
]


def backup(
    folder: Folder = None,
    without_secrets: WithoutSecrets = False,
    without_releases: WithoutReleases = False,
    wait: Annotated[
        int, typer.Option(min=0, help="Minutes to wait for a night to end.")
    ] = NIGHT_MINUTES,
    list_: Annotated[
        bool, typer.Option("--list", help="Show the backups that there are.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Copy all of the company that could not be made again to another place."""
    from warehouse.backup import back_up
    from warehouse.clock import open_clock
    from warehouse.company import read_company
    from warehouse.settings import Settings

    settings = Settings()
    where = backups_folder(settings, folder)
    if list_:
        _list(settings, where, as_json=as_json)
        return
    company = read_company(settings)
    with _heard("back up") as hear:
        made = back_up(
            settings,
            company,
            where,
            clock=open_clock(settings.clock_start),
            with_secrets=not without_secrets,
            with_releases=not without_releases,
            wait_seconds=60 * wait,
            hear=hear,
        )
    if as_json:
        show(*_row(made), json_=True)
    else:
        _say_made(made, is_sample=company.is_sample)


def restore(
    folder: Folder = None,
    backup: Annotated[
        str | None, typer.Option(help="Which one, such as b-000012; else the newest.")
    ] = None,
    to: Annotated[
        Path | None, typer.Option(help="The home to restore into; else CLIENTELE_HOME.")
    ] = None,
    secrets: Annotated[
        Path | None, typer.Option(help="Folder of the id key, where it was kept apart.")
    ] = None,
    replace: Annotated[
        bool,
        typer.Option("--replace", help="Move aside what the home holds already."),
    ] = False,
) -> None:
    """Bring a backup back, held against its digests, and say what to do next."""
    from warehouse.backup import find_backup
    from warehouse.backup import restore as bring_back
    from warehouse.company import read_company
    from warehouse.settings import Settings

    settings = Settings()
    company = read_company(settings)
    found = find_backup(backups_folder(settings, folder), settings.company, name=backup)
    if to is not None:
        settings = settings.model_copy(update={"home": to})
    with _heard("restore") as hear:
        restored = bring_back(
            settings, found, secrets=secrets, replace=replace, hear=hear
        )
    _say_restored(restored, settings, company)


def backups_folder(settings: "Settings", folder: Path | None) -> Path:
    """Return the folder of backups that was given, or else that is set.

    Raises:
        WrongUseError: There is neither.
    """
    from warehouse.errors import WrongUseError

    found = folder or settings.backups
    if found is None:
        raise WrongUseError(
            "no folder of backups was given",
            where="FOLDER",
            mend="Name it on the command line, or set CLIENTELE_BACKUPS.",
        )
    return found.absolute()


@contextmanager
def _heard(step: str) -> Iterator[Callable[[str], None]]:
    from pipelines.progress import Terminal

    progress = Terminal()
    with progress.step(step):
        yield progress.advance


def _list(settings: "Settings", folder: Path, *, as_json: bool) -> None:
    from warehouse.backup import backups

    columns = ("backup", "made_at", "last_load", "release", "files", "MB", "secrets")
    rows = [
        (
            *(each.backup, each.made_at.replace(microsecond=0)),
            *(each.last_load_id, each.release),
            *(len(each.files), round(each.bytes / 1e6, 1), bool(each.secrets)),
        )
        for each in backups(folder, settings.company)
    ]
    show(columns, rows, json_=as_json)


def _row(made: "MadeBackup") -> tuple[tuple[str, ...], list[tuple[object, ...]]]:
    kept = made.backup
    stated = {
        "backup": kept.backup,
        "folder": kept.folder,
        "made_at": kept.made_at,
        "last_load_id": kept.last_load_id,
        "release": kept.release,
        "files": len(kept.files),
        "bytes": kept.bytes,
        "copied_bytes": made.copied_bytes,
        "linked_bytes": made.linked_bytes,
        "seconds_locked": round(made.seconds_locked, 3),
        "has_secrets": bool(kept.secrets),
        "removed": made.removed,
    }
    return tuple(stated), [tuple(stated.values())]


def _say_made(made: "MadeBackup", *, is_sample: bool) -> None:
    kept = made.backup
    typer.echo(
        f"{kept.backup} of {kept.company}: loads up to {kept.last_load_id}, "
        f"{kept.release or 'no release'}, {len(kept.files)} files, "
        f"{kept.bytes / 1e6:,.1f} MB; {made.copied_bytes / 1e6:,.1f} MB copied, "
        f"{made.linked_bytes / 1e6:,.1f} MB shared with the backup before."
    )
    typer.echo(f"No night could start for {made.seconds_locked:.1f} s.")
    if made.removed:
        typer.echo(f"Removed by the policy of retention: {', '.join(made.removed)}.")
    if not kept.secrets and not is_sample:
        typer.echo(
            "The id key is not in it. Keep a copy of it elsewhere: after a restore "
            "without it, no night runs, and the ids of new customers are lost."
        )
    typer.echo(f"It lies in {kept.folder}")


def _say_restored(
    restored: "Restored", settings: "Settings", company: "Company"
) -> None:
    from warehouse.receiving import waiting

    back = restored.backup
    number = len(waiting(settings, company))
    typer.echo(
        f"{back.backup} of {back.company}, made at {back.made_at:%Y-%m-%d %H:%M} UTC, "
        f"is back in {restored.root}: loads up to {back.last_load_id}, "
        f"{back.release or 'no release'} for readers."
    )
    if restored.aside:
        typer.echo(f"What lay there before is now in {restored.aside}")
    typer.echo("\nNext:")
    typer.echo("  clientele verify   # everything against its digests")
    if not restored.has_key and not company.is_sample:
        key = settings.places.secrets / "identity.key"
        typer.echo(f"  lay the id key into {key}; no night runs without it")
    typer.echo(
        f"  clientele night    # receives the {number} deliveries that wait, "
        "and builds the work database anew"
    )
    typer.echo(
        "Deliveries that came after the backup and no longer lie in landing must be "
        "delivered again."
    )


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(backup)
    app.command()(restore)
