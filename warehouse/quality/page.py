"""The report as one HTML page, which needs no network, no server and no script."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from jinja2 import Environment, StrictUndefined

from warehouse.quality.plots import KINDS, plot_costs, plot_trend
from warehouse.quality.reading import Cost, Grade, Measure, Report

TEMPLATE = Path(__file__).with_name("page.html.j2")
STEPS_OF_COLOUR = ((98, "best"), (95, "good"), (90, "fair"), (80, "poor"), (0, "bad"))
"""From how many percent on a cell of the table of measures has which colour."""


@dataclass(frozen=True)
class Sum:
    """What one kind of duplicates cost, over all sources."""

    kind: str
    cost_basis: str
    currency_code: str
    duplicate_count: int
    cost_amount: Decimal | None


def write_page(report: Report, file: Path) -> None:
    """Write the page.

    Args:
        report: What the page tells.
        file: Where to write it; its folder is made.
    """
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["colour"] = _colour
    environment.filters["breakable"] = _breakable
    measured = {(each.source_name, each.measure_code): each for each in report.measures}
    spent = [each for each in report.costs if each.cost_basis == "spent"]
    currencies = sorted({each.currency_code for each in spent if each.cost_amount})
    page = environment.from_string(TEMPLATE.read_text("utf-8")).render(
        report=report,
        measured=measured,
        measures=_columns(report.measures),
        spotless=[each.subject_name for each in report.sources if not each.worst_code],
        losing=[each for each in report.tables if each.worst_code],
        counts=grade_counts(report.sources),
        trend=plot_trend(
            report.trend,
            worst=[each.subject_name for each in report.sources if each.worst_code],
        ),
        cost_plots=[plot_costs(spent, currency=currency) for currency in currencies],
        sums=sums(report.costs),
    )
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(page, encoding="utf-8")


def grade_counts(grades: list[Grade]) -> list[tuple[str, int]]:
    """Count how often each grade was given, the best first."""
    given = [each.grade for each in grades]
    return [(grade, given.count(grade)) for grade in sorted(set(given))]


def sums(costs: list[Cost]) -> list[Sum]:
    """Add up what each kind of duplicates cost, per currency, spent before avoided."""
    groups: dict[tuple[str, str, str], list[Cost]] = {}
    for each in costs:
        key = (each.cost_basis, each.cost_code, each.currency_code)
        groups.setdefault(key, []).append(each)
    found = [
        Sum(
            kind=KINDS[code],
            cost_basis=basis,
            currency_code=currency,
            duplicate_count=sum(each.duplicate_count for each in group),
            cost_amount=_added(group),
        )
        for (basis, code, currency), group in groups.items()
    ]
    return sorted(
        found,
        key=lambda each: (
            each.cost_basis != "spent",
            -(each.cost_amount or 0),
            each.kind,
            each.currency_code,
        ),
    )


def _added(costs: list[Cost]) -> Decimal | None:
    known = [each.cost_amount for each in costs if each.cost_amount is not None]
    return sum(known, Decimal(0)) if known else None


def _columns(measures: list[Measure]) -> list[tuple[str, str]]:
    """Return code and label of each measure that something was measured by."""
    return sorted({(each.measure_code, each.label) for each in measures})


def _colour(pct: Decimal) -> str:
    """Name the colour of a share, of a hundred percent."""
    return next(name for least, name in STEPS_OF_COLOUR if pct >= least)


def _breakable(name: str) -> str:
    """Let a long name of columns go on in the next line after an underscore or dot."""
    return name.replace("_", "_\u200b").replace(".", ".\u200b")
