"""`clientele dbt` and `clientele dev`: for engineers at work on models."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from pipelines.dagster_home import enter_dagster_home
from warehouse.settings import PROJECT_ROOT


def dbt(
    arguments: Annotated[
        list[str] | None, typer.Argument(help="What dbt shall do.")
    ] = None,
) -> None:
    """Run dbt with the company's settings, such as `clientele dbt build`."""
    from pipelines.transformation import Transformation
    from warehouse.company import read_company
    from warehouse.locking import one_writer
    from warehouse.settings import Settings

    settings = Settings()
    transformation = Transformation(settings, read_company(settings))
    with one_writer(settings):
        is_done = transformation.run(arguments or ["--help"])
    if not is_done:
        raise typer.Exit(1)


def dev(
    port: Annotated[int, typer.Option(help="Where the pages are served.")] = 3000,
) -> None:
    """Serve Dagster's pages: lineage, runs, checks, schedule and sensor."""
    from warehouse.company import read_company
    from warehouse.settings import Settings

    settings = Settings()
    read_company(settings)
    enter_dagster_home(settings)
    os.chdir(PROJECT_ROOT)
    dagster = str(Path(sys.executable).with_name("dagster"))
    os.execv(dagster, [dagster, "dev", "--port", str(port)])  # noqa: S606


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    passed_on = {"allow_extra_args": True, "ignore_unknown_options": True}
    app.command(context_settings=passed_on)(dbt)
    app.command()(dev)
