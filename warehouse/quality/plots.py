"""Plots of the report, as SVG that needs no script: Vega-Lite, drawn without a browser.

Colours are names of the page's style, so that a plot is legible in light and in dark.
"""

import re
from collections.abc import Sequence
from typing import Any

from warehouse.quality.reading import Cost, Score

Spec = dict[str, Any]

WIDTH = 760
WORST = 5
"""How many sources the trend shows: more lines than colours tell nothing."""
LONGEST_COSTS = 10
LETTER = 8
"""Pixels that a letter may take: who reads may have a wider font than who draws."""
ROOM_FOR_WORDS = 1.3
COLOURS = [f"var(--c{number})" for number in range(1, WORST + 1)]
KINDS = {
    "double_mailing": "Sent twice",
    "double_contact": "Called twice",
    "list_name_held": "Bought though held",
    "double_count": "Counted twice",
}
"""What kinds of duplicates are called."""
_SIZE = re.compile(r'(<svg[^>]*?) width="[\d.]+" height="[\d.]+"')
_STYLE: Spec = {
    "background": "transparent",
    "font": "system-ui, sans-serif",
    "view": {"stroke": None},
    "axis": {
        "labelColor": "var(--soft)",
        "titleColor": "var(--soft)",
        "gridColor": "var(--line)",
        "domainColor": "var(--line)",
        "tickColor": "var(--line)",
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
    },
    "text": {"color": "var(--ink)", "fontSize": 12},
}


def plot_trend(scores: Sequence[Score], *, worst: Sequence[str]) -> str:
    """Plot the score of the whole by night, and those of the worst sources.

    Args:
        scores: The scores of all nights that are shown.
        worst: Names of sources, the worst first; some of them are shown.
    """
    shown = list(worst[:WORST])
    named = {"_all": "The whole"} | {name: name for name in shown}
    values: list[Spec] = [
        {
            "night": each.measured_on.isoformat(),
            "name": named[each.subject_name],
            "score": float(each.score),
        }
        for each in scores
        if each.subject_type == "whole" or each.subject_name in shown
    ]
    whole = {"test": "datum.name === 'The whole'"}
    return _drawn(
        {
            "data": {"values": values},
            "height": 240,
            "mark": {"type": "line", "point": {"size": 30}},
            "encoding": {
                "x": _nights(sorted({value["night"] for value in values})),
                "y": _scores(min((value["score"] for value in values), default=0.0)),
                "color": _colours(shown),
                "strokeWidth": {"condition": whole | {"value": 3.5}, "value": 1.5},
            },
        }
    )


def plot_costs(costs: Sequence[Cost], *, currency: str) -> str:
    """Plot what duplicates cost in one currency, the dearest kind and source first."""
    dearest = sorted(
        (each for each in costs if each.cost_amount and each.currency_code == currency),
        key=lambda each: (-(each.cost_amount or 0), each.cost_code, each.source_name),
    )[:LONGEST_COSTS]
    values: list[Spec] = [
        {
            "what": f"{KINDS[each.cost_code]}: {each.source_name}",
            "amount": float(each.cost_amount or 0),
            "told": f"{each.cost_amount:,.2f} for {each.duplicate_count:,}",
        }
        for each in dearest
    ]
    sides = {"x": _amounts(values, currency), "y": _names(values)}
    told = {"text": {"field": "told", "type": "nominal"}}
    bar = {"type": "bar", "color": "var(--c1)", "height": {"band": 0.7}}
    word = {"type": "text", "align": "left", "dx": 6}
    return _drawn(
        {
            "data": {"values": values},
            "height": {"step": 30},
            "layer": [
                {"mark": bar, "encoding": sides},
                {"mark": word, "encoding": sides | told},
            ],
        }
    )


def _nights(nights: Sequence[str]) -> Spec:
    return {
        "field": "night",
        "type": "ordinal",
        "axis": {
            "title": "night (business date)",
            "labelAngle": 0,
            "values": _some_of(nights),
            "grid": False,
        },
    }


def _scores(least: float) -> Spec:
    return {
        "field": "score",
        "type": "quantitative",
        "scale": {"domain": [max(0.0, least // 5 * 5), 100]},
        "axis": {"title": "score (of 100 points)", "tickCount": 6},
    }


def _colours(shown: Sequence[str]) -> Spec:
    return {
        "field": "name",
        "type": "nominal",
        "scale": {
            "domain": ["The whole", *shown],
            "range": ["var(--ink)", *COLOURS[: len(shown)]],
        },
        "legend": {
            "title": None,
            "orient": "top",
            "labelColor": "var(--ink)",
            "labelFontSize": 12,
            "symbolStrokeWidth": 3,
            "symbolType": "stroke",
        },
    }


def _names(values: Sequence[Spec]) -> Spec:
    return {
        "field": "what",
        "type": "nominal",
        "sort": None,
        "axis": {
            "title": None,
            "labelLimit": 0,
            "minExtent": LETTER * max(len(each["what"]) for each in values),
            "domain": False,
            "ticks": False,
        },
    }


def _amounts(values: Sequence[Spec], currency: str) -> Spec:
    return {
        "field": "amount",
        "type": "quantitative",
        "axis": {"title": f"spent, in {currency}", "tickCount": 5, "format": ",.0f"},
        "scale": {
            "nice": False,
            "domain": [0, max(each["amount"] for each in values) * ROOM_FOR_WORDS],
        },
    }


def _some_of(nights: Sequence[str], *, at_most: int = 8) -> list[str]:
    """Return as many of the nights as can be labelled, the last among them."""
    step = max(1, -(-len(nights) // at_most))
    return list(nights[::-1][::step][::-1])


def _drawn(spec: Spec) -> str:
    from vl_convert import vegalite_to_svg

    svg = vegalite_to_svg({"width": WIDTH, **spec, "config": _STYLE})
    return _SIZE.sub(r"\1", svg, count=1)
