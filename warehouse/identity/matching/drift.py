"""Whether a model still sees what it was trained on.

The measure is the population stability index, as in Siddiqi, "Credit Risk Scorecards"
(2006): per comparison, the sum over levels of (now - then) * ln(now / then). Below 0.1
nothing has changed, from 0.25 on the model is due to be trained again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from string import Template

import duckdb
import numpy as np

from warehouse.database import identifier, literal
from warehouse.identity.matching.artefact import Artefact

DUE_FROM = 0.25
LEAST_PAIRS = 1_000
LEAST_SHARE = 0.001
"""A rarer level counts as this rare, so that one pair of it is no drift."""
DIGITS = 6

SHARES = Template(
    """
with judged as (
    select
        name,
        regexp_extract(',' || levels, ',' || name || '=([0-9]+)', 1) as level
    from $scored
    cross join (select unnest([$names]) as name)
)

select name, case when level = '' then 'absent' else level end as level, count(*)
from judged
group by all
order by all
"""
)


@dataclass(frozen=True)
class Drift:
    """How far the pairs of now lie from those of training.

    Attributes:
        figure: The largest index among the comparisons; 0 with too few pairs to say.
        by_comparison: The index of each.
        pair_count: How many pairs were looked at.
        is_due: Whether the model ought to be trained again.
    """

    figure: float
    by_comparison: Mapping[str, float]
    pair_count: int
    is_due: bool


def level_shares(
    connection: duckdb.DuckDBPyConnection, names: tuple[str, ...], *, scored: str
) -> dict[str, dict[str, float]]:
    """Return the share of each level among scored pairs, by comparison.

    Args:
        connection: The session that holds the pairs.
        names: The comparisons.
        scored: A table with the column `levels`.
    """
    counts = connection.execute(
        SHARES.substitute(
            scored=identifier(scored), names=", ".join(map(literal, names))
        )
    ).fetchall()
    shares: dict[str, dict[str, float]] = {name: {} for name in names}
    totals = dict.fromkeys(names, 0)
    for name, _, count in counts:
        totals[name] += count
    for name, level, count in counts:
        shares[name][level] = round(count / totals[name], DIGITS)
    return shares


def drift(
    connection: duckdb.DuckDBPyConnection, artefact: Artefact, *, scored: str = "scored"
) -> Drift:
    """Compare the levels of newly scored pairs with those of training.

    Args:
        connection: The session that holds the pairs.
        artefact: The model that scored them.
        scored: The table of pairs, as `score` makes it.
    """
    pairs = connection.table(scored).count("*").fetchall()[0][0]
    now = level_shares(connection, artefact.comparisons, scored=scored)
    then = artefact.training.level_shares
    indices = {name: _index(now[name], then.get(name, {})) for name in now}
    figure = max(indices.values(), default=0.0) if pairs >= LEAST_PAIRS else 0.0
    return Drift(figure, indices, pairs, figure >= DUE_FROM)


def _index(now: Mapping[str, float], then: Mapping[str, float]) -> float:
    levels = sorted({*now, *then})
    new = np.array([max(now.get(level, 0.0), LEAST_SHARE) for level in levels])
    old = np.array([max(then.get(level, 0.0), LEAST_SHARE) for level in levels])
    return round(float(((new - old) * np.log(new / old)).sum()), DIGITS)
