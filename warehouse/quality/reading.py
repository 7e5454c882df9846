"""Asks the last release for its grades, what costs most, and what duplicates cost.

Only marts are read, so the report holds nothing personal. How it looks is left to
`plots` and `page`.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb

from warehouse.errors import ClienteleError, WrongUseError
from warehouse.publication import current_release, open_release
from warehouse.settings import Settings

TREND_NIGHTS = 60
STEPS = 8
"""How many things to do are listed: what is first on a list of thirty is done."""

_GRADES = """
select
    subject_type, subject_name, grade, score, score_change, worst_subject_name,
    worst_code, worst_label_en as worst_label, worst_entity_name, worst_attribute_name,
    worst_pct, worst_points_lost, next_step_en, next_step_zh, failed_error_count,
    failed_warning_count
from quality.agg_grade
where measured_on = $night
order by score, subject_type, subject_name
"""
_STEPS = """
select
    subject_type, subject_name, part_type, part_code, label_en as label,
    worst_entity_name, worst_attribute_name, worst_pct, next_step_en, next_step_zh,
    round(worst_points_lost * whole_share_pct / 100, 2)::decimal(9, 2) as whole_points
from quality.fct_grade_part
where measured_on = $night and worst_points_lost > 0
order by worst_points_lost * whole_share_pct desc, subject_name, part_code
limit $steps
"""
_MEASURES = """
select
    subject_name as source_name, part_code as measure_code, label_en as label, part_pct,
    worst_entity_name, worst_attribute_name, worst_pct
from quality.fct_grade_part
where measured_on = $night and part_type = 'measure'
order by source_name, measure_code
"""
_TREND = """
select measured_on, subject_type, subject_name, score
from quality.agg_grade
where
    subject_type in ('source', 'whole')
    and measured_on in (
        select distinct measured_on from quality.agg_grade
        order by measured_on desc limit $at_most
    )
order by measured_on, subject_type, subject_name
"""
_COSTS = """
select
    cost_code, cost_basis, source_key as source_name, currency_code,
    sum(duplicate_count)::bigint as duplicate_count,
    sum(cost_amount)::decimal(18, 2) as cost_amount,
    max(month_start) as last_month
from quality.fct_duplicate_cost
group by all
order by cost_basis desc, cost_amount desc nulls last, cost_code, source_name
"""


@dataclass(frozen=True)
class Grade:
    """How a source, a published table or the whole stands on a night."""

    subject_type: str
    subject_name: str
    grade: str
    score: Decimal
    score_change: Decimal | None
    worst_subject_name: str | None
    worst_code: str | None
    worst_label: str | None
    worst_entity_name: str | None
    worst_attribute_name: str | None
    worst_pct: Decimal | None
    worst_points_lost: Decimal
    next_step_en: str | None
    next_step_zh: str | None
    failed_error_count: int
    failed_warning_count: int

    @property
    def cause(self) -> str:
        """Say what costs most; nothing where nothing is lost."""
        if self.worst_code is None:
            return ""
        what = cause_in_words(
            self.worst_label if self.worst_entity_name else None,
            self.worst_code,
            self.worst_entity_name,
            self.worst_attribute_name,
        )
        whole = self.subject_type == "whole"
        return f"{self.worst_subject_name}: {what}" if whole else what


@dataclass(frozen=True)
class Step:
    """One thing to do: what costs the whole points, and what to do about it."""

    subject_type: str
    subject_name: str
    part_type: str
    part_code: str
    label: str
    worst_entity_name: str | None
    worst_attribute_name: str | None
    worst_pct: Decimal
    next_step_en: str | None
    next_step_zh: str | None
    whole_points: Decimal

    @property
    def cause(self) -> str:
        """Say what is wrong."""
        return cause_in_words(
            self.label if self.part_type == "measure" else None,
            self.part_code,
            self.worst_entity_name,
            self.worst_attribute_name,
        )


@dataclass(frozen=True)
class Measure:
    """How good a source is by one measure, of a hundred percent."""

    source_name: str
    measure_code: str
    label: str
    part_pct: Decimal
    worst_entity_name: str | None
    worst_attribute_name: str | None
    worst_pct: Decimal


@dataclass(frozen=True)
class Score:
    """The score of a source or the whole on one night."""

    measured_on: date
    subject_type: str
    subject_name: str
    score: Decimal


@dataclass(frozen=True)
class Cost:
    """What duplicates of one kind through one source cost, over all months."""

    cost_code: str
    cost_basis: str
    source_name: str
    currency_code: str
    duplicate_count: int
    cost_amount: Decimal | None
    last_month: date | None


@dataclass(frozen=True)
class Report:
    """The quality of the published data, as of the last graded night."""

    company: str
    release: str
    night: date
    whole: Grade
    sources: list[Grade]
    tables: list[Grade]
    steps: list[Step]
    measures: list[Measure]
    trend: list[Score]
    costs: list[Cost]

    def as_dict(self) -> dict[str, Any]:
        """Return all of it for a program."""
        return asdict(self)


def read_report(settings: Settings, *, company: str) -> Report:
    """Read the report from the release that is published now.

    Args:
        settings: Whose release to read.
        company: What the company is called.

    Raises:
        WrongUseError: Nothing is published, or nothing of it is graded yet.
        ClienteleError: The release is older than this version.
    """
    release = current_release(settings)
    with open_release(settings) as connection:
        night = _night(connection)
        given = {"night": night, "steps": STEPS, "at_most": TREND_NIGHTS}
        grades = [Grade(**row) for row in _ask(connection, _GRADES, given)]
        by_type = {
            kind: [each for each in grades if each.subject_type == kind]
            for kind in ("whole", "source", "table")
        }
        return Report(
            company=company,
            release=release.release if release else "",
            night=night,
            whole=by_type["whole"][0],
            sources=by_type["source"],
            tables=by_type["table"],
            steps=[Step(**row) for row in _ask(connection, _STEPS, given)],
            measures=[Measure(**row) for row in _ask(connection, _MEASURES, given)],
            trend=[Score(**row) for row in _ask(connection, _TREND, given)],
            costs=[Cost(**row) for row in _ask(connection, _COSTS, given)],
        )


def cause_in_words(
    label: str | None, code: str, entity: str | None, attribute: str | None
) -> str:
    """Say what costs points: a measure of an attribute, or a check of a column."""
    named = label or code.replace("_", " ")
    if attribute in (None, "_all"):
        return f"{named} of {entity}" if entity else named
    return f"{named} of {entity}.{attribute}" if entity else f"{named} ({attribute})"


def _night(connection: duckdb.DuckDBPyConnection) -> date:
    (found,) = _ask(
        connection, "select max(measured_on) as night from quality.agg_grade"
    )
    night = found["night"]
    if not isinstance(night, date):
        raise WrongUseError(
            "nothing is graded yet",
            where="quality.agg_grade",
            mend="Run `clientele night` with a delivery.",
        )
    return night


def _ask(
    connection: duckdb.DuckDBPyConnection,
    sql: str,
    given: dict[str, object] | None = None,
) -> Sequence[dict[str, Any]]:
    named = {name: value for name, value in (given or {}).items() if f"${name}" in sql}
    try:
        found = connection.execute(sql, named)
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        raise ClienteleError(
            "the release was made by an earlier version, which gave no grades",
            where="quality.agg_grade",
            mend="Run `clientele night`, which publishes one that does.",
        ) from error
    columns = [column[0] for column in found.description or []]
    return [dict(zip(columns, row, strict=True)) for row in found.fetchall()]
