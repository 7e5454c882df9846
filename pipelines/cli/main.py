"""The command `clientele`: what it offers, and how it says what went wrong."""

import os
import sys
from typing import Annotated

import typer

from pipelines.cli import (
    backup,
    build,
    customer,
    docs,
    identity,
    look,
    night,
    notify,
    quality,
    quarantine,
    release,
    source,
)
from pipelines.cli.terminal import showing_text, visible

app = typer.Typer(
    name="clientele",
    help="An open customer data warehouse: from delivered files to published marts.",
    epilog="The company is named by CLIENTELE_COMPANY (default: demo), the place of "
    "its data by CLIENTELE_HOME (default: ./var). Exit codes: 0 done, 1 failed, 2 "
    "wrong use, 3 a gate held the publication back.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
night.add_to(app)
look.add_to(app)
notify.add_to(app)
customer.add_to(app)
release.add_to(app)
backup.add_to(app)
build.add_to(app)
docs.add_to(app)
quality.add_to(app)
app.add_typer(source.app, name="source")
app.add_typer(quarantine.app, name="quarantine")
app.add_typer(identity.app, name="identity")


def main(arguments: Annotated[list[str] | None, typer.Argument()] = None) -> None:
    """Run the command; turn an error of house or machine into words and a code."""
    from pydantic import ValidationError

    from warehouse.errors import ExitCode

    os.umask(0o027)
    try:
        with showing_text():
            app(arguments)
    except ValidationError as error:
        for fault in error.errors():
            name = "_".join(str(part) for part in fault["loc"]).upper()
            typer.secho(f"CLIENTELE_{name}: {fault['msg']}", fg="red", err=True)
        sys.exit(int(ExitCode.WRONG_USE))
    except Exception as error:
        sys.exit(_say(error))


def _say(error: Exception) -> int:
    """Say what went wrong and how to mend it; what nobody foresaw is raised again."""
    from warehouse.machine import in_words

    told = in_words(error)
    if told is None:
        raise error
    typer.secho(visible(told.what), fg=typer.colors.RED, err=True)
    where, mend = visible(told.where), visible(told.mend)
    typer.echo(f"  where: {where}\n  mend:  {mend}", err=True)
    return int(told.exit_code)


if __name__ == "__main__":
    main()
