"""`clientele demo` and `clientele night`: make deliveries, and run them through."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipelines.cli.terminal import visible

if TYPE_CHECKING:
    from pipelines.night import Outcome
    from warehouse.settings import Settings

QUERIES = (
    (
        "Net sales by month and channel",
        "select period_start, channel_key, currency_code,"
        " sum(net_amount) as net_amount from aggregates.agg_sales"
        " where time_level = 'month' and place_level = 'all'"
        " group by all order by all limit 12",
    ),
    (
        "Customers and prospects by kind, now",
        "select party_kind, customer_state, sum(customer_count) as customers"
        " from aggregates.agg_customer_base where month_key ="
        " (select max(month_key) from aggregates.agg_customer_base)"
        " group by all order by all",
    ),
    (
        "The ten best customers",
        "select customer_id, transaction_count, transaction_amount, currency_code"
        " from descriptive.dim_customer where is_current"
        " order by transaction_amount desc nulls last limit 10",
    ),
)


def demo(
    customers: Annotated[
        int, typer.Option(min=1000, max=10_000_000, help="How many customers.")
    ] = 2_000,
    days: Annotated[int, typer.Option(min=1, max=365, help="Business dates.")] = 7,
    seed: Annotated[int, typer.Option(help="Same seed, same bytes.")] = 1,
    lines: Annotated[int, typer.Option(min=1, help="Sale lines per customer.")] = 20,
) -> None:
    """Make the demo company's deliveries, one folder per business date."""
    from pipelines.progress import Terminal
    from warehouse.demo import generate
    from warehouse.settings import Settings

    settings = Settings(company="demo")
    settings.places.prepare()
    progress = Terminal()
    with progress.step("make deliveries"):
        summary = generate(
            settings,
            customers=customers,
            days=days,
            seed=seed,
            lines_per_customer=lines,
            on_progress=lambda done, of: progress.advance(f"day {done} of {of}"),
        )
    rows = sum(summary.rows.values())
    typer.echo(
        f"{summary.files} files of {rows:,} rows about {summary.customers:,} "
        f"customers wait in {settings.places.landing}"
    )


def night(
    business_date: Annotated[
        datetime | None,
        typer.Option(
            "--date",
            formats=["%Y-%m-%d"],
            help="The business date to run; all that wait when not given.",
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Say what was done as JSON.")
    ] = False,
) -> None:
    """Receive, identify, build, check and publish what waits."""
    from pipelines.night import run_night
    from pipelines.progress import Terminal
    from warehouse.company import read_company
    from warehouse.settings import Settings

    settings = Settings()
    company = read_company(settings)
    outcome = run_night(
        settings,
        company,
        progress=Terminal(),
        business_date=business_date.date() if business_date else None,
    )
    if as_json:
        typer.echo(json.dumps(_as_json(outcome), default=str))
    else:
        _say(outcome, settings)
    raise typer.Exit(int(outcome.exit_code))


def _as_json(outcome: "Outcome") -> dict[str, Any]:
    return {
        "exit_code": int(outcome.exit_code),
        "error": outcome.error,
        "business_dates": outcome.business_dates,
        "deliveries": [asdict(load) for load in outcome.loads],
        "release": outcome.release.release if outcome.release else None,
        "unclaimed": outcome.unclaimed,
        "steps": outcome.seconds,
        "cleared": outcome.cleared,
        "uncleared": outcome.uncleared,
    }


def _say(outcome: "Outcome", settings: "Settings") -> None:
    for name in outcome.unclaimed:
        typer.echo(f"No contract claims {name}: it was not received.")
    if outcome.is_idle and outcome.release:
        name = outcome.release.release
        typer.echo(f"Nothing new was delivered; {name} stays published.")
        return
    _say_rows(outcome)
    if outcome.error:
        typer.secho(visible(outcome.error), fg=typer.colors.RED, err=True)
    if outcome.release is None:
        typer.echo("Nothing is published yet.")
        return
    verb = "Published" if not outcome.error else "Still published:"
    typer.echo(
        f"{verb} {outcome.release.release}: {settings.places.current}/marts.duckdb"
    )
    if not outcome.error:
        _say_queries(settings.company)


def _say_rows(outcome: "Outcome") -> None:
    loads = outcome.loads
    dates = outcome.business_dates
    span = f"{dates[0]} to {dates[-1]}" if len(dates) > 1 else f"{dates[0]}"
    counts = {
        word: sum(getattr(load, f"rows_{word}") for load in loads)
        for word in ("delivered", "loaded", "quarantined", "repeated", "deleted")
    }
    refused = sum(load.status == "refused" for load in loads)
    typer.echo(f"Business dates {span}: {len(loads)} deliveries, {refused} refused.")
    typer.echo("Rows " + ", ".join(f"{n:,} {word}" for word, n in counts.items()) + ".")
    if outcome.cleared:
        told = (
            f"{n:,} {name.replace('_', ' ')}" for name, n in outcome.cleared.items()
        )
        typer.echo(f"Cleared out by the policy of retention: {', '.join(told)}.")
    if outcome.uncleared:
        typer.secho(outcome.uncleared, fg=typer.colors.YELLOW, err=True)


def _say_queries(company: str) -> None:
    prefix = "" if company == "demo" else f"CLIENTELE_COMPANY={company} "
    typer.echo("\nThree queries to try:")
    for title, sql in QUERIES:
        typer.echo(f'\n# {title}\n{prefix}.venv/bin/clientele sql "{sql}"')


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(demo)
    app.command()(night)
