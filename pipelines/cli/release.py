"""`clientele rollback` and `clientele verify`: what is published, and is it whole."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.tables import AsJson, show

if TYPE_CHECKING:
    from warehouse.publication import Finding
    from warehouse.settings import Settings


def rollback(
    to: Annotated[
        str | None, typer.Option(help="The release to go to; else the one before.")
    ] = None,
    list_: Annotated[
        bool, typer.Option("--list", help="Show the releases that are kept.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Publish an older version again, by re-pointing one link."""
    from warehouse.publication import rollback as go_back
    from warehouse.settings import Settings

    if list_:
        _list(Settings(), as_json=as_json)
        return
    release = go_back(Settings(), to=to)
    typer.echo(
        f"Published is now {release.release}, with loads up to {release.last_load_id}."
    )


def _list(settings: "Settings", *, as_json: bool) -> None:
    from warehouse.publication import current_release, releases

    current = current_release(settings)
    columns = ("release", "made_at", "business_dates", "last_load", "is_current")
    rows = [
        (
            *(each.release, each.made_at.replace(microsecond=0)),
            " to ".join(sorted({str(day) for day in _ends(each.business_dates)})),
            each.last_load_id,
            current is not None and each.release == current.release,
        )
        for each in releases(settings)
    ]
    show(columns, rows, json_=as_json)


def _ends(dates: "list[date]") -> "list[date]":
    return [*dates[:1], *dates[-1:]]


@dataclass
class _Meter:
    """Counts what was read, and says how far it is."""

    say: Callable[[str], None]
    bytes: int = 0
    started: float = field(default_factory=time.monotonic)

    def read(self, file: Path) -> None:
        """Hear of a file that was read whole."""
        self.bytes += file.stat().st_size
        seconds = max(time.monotonic() - self.started, 0.001)
        rate = self.bytes / 1e6 / seconds
        self.say(f"{self.bytes / 1e6:,.0f} MB read, {rate:,.0f} MB/s: {file.name[:24]}")

    def total(self) -> str:
        """Say how much was read, and what a GB of it took."""
        seconds = time.monotonic() - self.started
        per_gb = seconds / max(self.bytes / 1e9, 1e-9)
        return (
            f"{self.bytes / 1e6:,.1f} MB read in {seconds:.1f} s, {per_gb:,.1f} s a GB."
        )


def verify(
    deep: Annotated[
        bool, typer.Option(help="Read every block of every database too.")
    ] = False,
    backup: Annotated[
        Path | None,
        typer.Option(help="Look at a backup in this folder, not at the home."),
    ] = None,
    name: Annotated[
        str | None, typer.Option(help="Which backup, such as b-000012; else the last.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Hold releases, ledger, delivered bytes and keys against digests and counts."""
    from pipelines.progress import Terminal
    from warehouse.settings import Settings

    settings = Settings()
    progress = Terminal()
    with progress.step("verify"):
        meter = _Meter(progress.advance)
        findings = _look(settings, meter, backup=backup, name=name, deep=deep)
    _say(findings, meter, as_json=as_json)


def _look(
    settings: "Settings",
    meter: _Meter,
    *,
    backup: Path | None,
    name: str | None,
    deep: bool,
) -> "list[Finding]":
    from warehouse.backup import find_backup, verify_backup
    from warehouse.publication import verify as look

    if backup is None:
        return look(settings, deep=deep, on_read=meter.read)
    found = find_backup(backup.absolute(), settings.company, name)
    return verify_backup(settings, found, deep=deep, on_read=meter.read)


def _say(findings: "list[Finding]", meter: _Meter, *, as_json: bool) -> None:
    from warehouse.errors import ClienteleError

    if as_json:
        rows = [(each.what, each.where, each.mend) for each in findings]
        show(("what", "where", "mend"), rows, json_=True)
    else:
        for each in findings:
            typer.echo(f"{each.what}\n  where: {each.where}\n  mend:  {each.mend}")
    if findings:
        raise ClienteleError(
            f"{len(findings)} things are not as they must be",
            where="verify",
            mend="See above.",
        )
    if not as_json:
        typer.echo(f"Everything is as it was written: {meter.total()}")


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(rollback)
    app.command()(verify)
