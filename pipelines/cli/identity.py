"""`clientele identity`: who is who, explained, reviewed, decided and accounted for.

Looking reads the last release. Deciding and training write a small file that the next
night receives like any delivery; nothing changes before that.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

import typer

from pipelines.cli.tables import AsJson, show

app = typer.Typer(
    help="Who is who: why two records are or are not one customer, what waits for a "
    "person, and what people decide.\n\nA record is written `source:record_id`, such "
    "as `web:W0387420489`; a customer_id stands for its records.",
    epilog="Looking reads the last release. What is decided or trained waits as a file "
    "for the next `clientele night`. Exit codes: 0 done, 1 failed, 2 wrong use.",
    no_args_is_help=True,
)

SETTLE = (
    "See why with `clientele identity explain LEFT RIGHT`; settle it with "
    "`clientele identity decide LEFT RIGHT --must|--never --who NAME --why TEXT`."
)
One = Annotated[str, typer.Argument(help="A record `source:record_id`, or a customer.")]
Other = Annotated[str, typer.Argument(help="The other record or customer.")]
Limit = Annotated[int, typer.Option(min=1, help="How many to show.")]


class PartyKind(StrEnum):
    """The kinds of party that have a model each."""

    PERSON = "person"
    ORGANISATION = "organisation"


@app.command()
def explain(a: One, b: Other, as_json: AsJson = False) -> None:
    """Say in plain words why two records are, or are not, one customer.

    Tells what linked them, how probable the model finds it, what agrees and
    what disagrees, which guard holds a link back, and what people decided. No
    value of a person is shown.
    """
    import json

    from warehouse.company import read_company
    from warehouse.settings import Settings
    from warehouse.stewardship.explaining import explain as look

    settings = Settings()
    found = look(settings, read_company(settings), a, b)
    if as_json:
        typer.echo(json.dumps(found.as_dict(), ensure_ascii=False, default=str))
        return
    for word in found.words:
        typer.echo(word)


@app.command()
def review(
    limit: Limit = 20,
    reason: Annotated[
        str | None, typer.Option(help="Only links held back for this reason code.")
    ] = None,
    sample: Annotated[
        bool,
        typer.Option("--sample", help="Draw scored pairs by chance, for the estimate."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List the pairs that wait for a person, the most valuable first.

    The value of a decision grows with how open the question is and with how
    many sale lines hang on it. Settle one with `decide`.
    """
    from warehouse.settings import Settings
    from warehouse.stewardship import reviewing

    settings = Settings()
    if sample:
        found = reviewing.sample(settings, limit=limit)
    else:
        found = reviewing.review(settings, limit=limit, reason_code=reason)
    if not found and not as_json:
        typer.echo("Nothing waits for a person.")
        return
    columns = ("left", "right", "reason_code", "probability", "value", "since")
    rows = [
        (
            *(each.left, each.right, each.reason_code),
            *(each.probability, each.value, each.known_at),
        )
        for each in found
    ]
    if as_json:
        told = [(*row, each.reason) for row, each in zip(rows, found, strict=True)]
        show((*columns, "reason"), told, json_=True)
        return
    show(columns, rows, json_=False)
    reasons = {each.reason_code: each.reason for each in found}
    waiting = [] if sample else reviewing.count_open(settings)
    for line in _told(reasons, waiting):
        typer.echo(line)


def _told(reasons: dict[str | None, str], waiting: list[tuple[str, int]]) -> list[str]:
    """Say what the codes of a queue mean, how long it is, and how to settle it."""
    words = [f"{code or 'drawn'}: {reason}" for code, reason in reasons.items()]
    counts = ", ".join(f"{count} {code}" for code, count in waiting)
    in_all = ["", f"Waiting in all: {counts}."] if waiting else []
    return ["", *words, *in_all, SETTLE]


@app.command()
def shared(limit: Limit = 20, as_json: AsJson = False) -> None:
    """List the values that so many records hold that they are no evidence.

    A shop's own phone on a thousand customers, a placeholder e-mail. Values
    are shown as keyed hashes only.
    """
    from warehouse.settings import Settings
    from warehouse.stewardship.reviewing import shared_values

    rows = shared_values(Settings(), limit=limit)
    if not rows and not as_json:
        typer.echo("No value is shared by so many records.")
        return
    show(("attribute", "value_hash", "records", "since"), rows, json_=as_json)


@app.command()
def decide(
    a: One,
    b: Other,
    who: Annotated[str, typer.Option(help="Who decides.")],
    why: Annotated[str, typer.Option(help="The reason, for whoever asks later.")],
    must: Annotated[
        bool, typer.Option("--must", help="They are one customer.")
    ] = False,
    never: Annotated[bool, typer.Option("--never", help="They are two.")] = False,
    withdraw: Annotated[
        bool, typer.Option("--withdraw", help="Nothing is decided any more.")
    ] = False,
) -> None:
    """Decide that two records are one customer, or never are; or withdraw that.

    The decision waits as a file for the next night, which obeys it from then
    on; it is kept and dated like any delivery. Of several on a pair the
    latest counts.
    """
    from warehouse.clock import SystemClock
    from warehouse.errors import WrongUseError
    from warehouse.settings import Settings
    from warehouse.stewardship import deciding

    stated = {"must": must, "never": never, "withdrawn": withdraw}
    chosen = [verdict for verdict, is_chosen in stated.items() if is_chosen]
    if len(chosen) != 1:
        raise WrongUseError(
            "a decision is one of three",
            where="decide",
            mend="Give one of --must, --never and --withdraw.",
        )
    verdict = deciding.read_verdict(chosen[0])
    decided = deciding.decide(
        Settings(), a, b, verdict, who=who, why=why, clock=SystemClock()
    )
    typer.echo(
        f"Decided: {decided.left.name} and {decided.right.name}: {decided.says}.\n"
        f"{decided.consequence}\nThe next night receives {decided.file}"
    )


@app.command()
def train(
    kind: Annotated[
        PartyKind, typer.Option(help="The kind of party to learn from.")
    ] = PartyKind.PERSON,
) -> None:
    """Train the model anew on this company's records; the next night takes it into use.

    Every pair is then scored again, and what changes for it is accounted for
    under `rule` in `clientele status`.
    """
    from warehouse.company import read_company
    from warehouse.settings import Settings
    from warehouse.stewardship.learning import learn

    settings = Settings()
    typer.echo("Training takes a minute, or several where records are many.", err=True)
    model, file = learn(settings, read_company(settings), kind.value)
    typer.echo(
        f"Trained {model.model_key}: it links from {model.link_from:.6f} on, and asks "
        f"a person from {model.review_from:.6f} on.\nThe next night receives {file}"
    )


@app.command()
def changes(
    load: Annotated[
        int | None, typer.Option(help="Only the records that this load moved.")
    ] = None,
    date: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Only the loads of this date."),
    ] = None,
    limit: Limit = 100,
    as_json: AsJson = False,
) -> None:
    """List the records whose customer changed: since the release before, or by load.

    Together with `clientele status`, which counts, this says why there are as
    many customers as there are.
    """
    from warehouse.settings import Settings
    from warehouse.stewardship.restating import MOVED_COLUMNS, moved_records

    rows = moved_records(
        Settings(),
        load=load,
        business_date=date.date() if date else None,
        limit=limit,
    )
    if not rows and not as_json:
        typer.echo("No record changed its customer.")
        return
    show(MOVED_COLUMNS, rows, json_=as_json)
