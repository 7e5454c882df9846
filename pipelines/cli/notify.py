"""`clientele notify`: tell operators what is wrong, or try the ways to them."""

from typing import Annotated

import typer

from pipelines.cli.tables import AsJson, show

COLUMNS = ("at", "event", "channel", "trouble")


def notify(
    test: Annotated[
        bool, typer.Option("--test", help="Send a test by every channel.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Look at the warehouse now, and tell operators what they do not know yet."""
    from pipelines.notifying import tell_operators, test_channels
    from warehouse.company import read_company
    from warehouse.errors import ClienteleError, WrongUseError
    from warehouse.notifying.channels import open_channels
    from warehouse.settings import Settings

    settings = Settings()
    company = read_company(settings)
    if not open_channels(settings, company.notify):
        raise WrongUseError(
            "there is no channel to tell anybody by",
            where=str(company.folder / "company.yml"),
            mend="State `notify: {email: ...}` or `notify: {webhook: ...}` there, or "
            "set CLIENTELE_WEBHOOK_URL.",
        )
    told = (test_channels if test else tell_operators)(settings, company)
    rows = [
        (f"{each.at:%F %T}", each.event, each.channel, each.trouble) for each in told
    ]
    if rows or as_json:
        show(COLUMNS, rows, json_=as_json)
    else:
        typer.echo("There is nothing that operators were not told.")
    failed = sorted({each.channel for each in told if each.trouble})
    if failed:
        raise ClienteleError(
            "operators could not be told",
            where=", ".join(failed),
            mend="See that the server of the channel is reached from here, and that "
            "its name and password are right; try with `clientele notify --test`.",
        )


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(notify)
