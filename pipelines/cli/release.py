"""`clientele rollback` and `clientele verify`: what is published, and is it whole."""

from typing import Annotated

import typer

from pipelines.cli.tables import AsJson, show


def rollback(
    to: Annotated[
        str | None, typer.Option(help="The release to go to; else the one before.")
    ] = None,
) -> None:
    """Publish an older version again, by re-pointing one link."""
    from warehouse.publication import rollback as go_back
    from warehouse.settings import Settings

    release = go_back(Settings(), to=to)
    typer.echo(
        f"Published is now {release.release}, with loads up to {release.last_load_id}."
    )


def verify(
    deep: Annotated[
        bool, typer.Option(help="Read every block of every database too.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Hold releases, ledger and delivered bytes against their digests and counts."""
    from warehouse.errors import ClienteleError
    from warehouse.publication import verify as look
    from warehouse.settings import Settings

    findings = look(Settings(), deep=deep)
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
        typer.echo("Everything is as it was written.")


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(rollback)
    app.command()(verify)
