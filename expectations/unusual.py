"""The checks of what is unusual, made of judgements beside a table's own history."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from expectations.limits import contract_of, tolerated
from expectations.severities import RULES
from expectations.sql import filled, text
from expectations.suites import Check, counted
from expectations.usual import Usual

_MOST_TOLD = 5
_SAYS = {
    "volume_is_usual": "As many rows came as usual.",
    "blanks_are_usual": "As much is blank as usual.",
    "mix_is_usual": "Values are mixed as usual.",
}


def unusual_checks(node: Mapping[str, Any], usual: Usual) -> list[Check]:
    """Make the checks of one raw table; none of what has too short a history.

    A column whose contract states `anomalies` gets checks of its own, with the severity
    and reason stated there; all others share one check per kind.

    Args:
        node: The table's node among the manifest's sources.
        usual: The judgements of all tables.
    """
    name = f"{node['source_name']}.{node['name']}"
    stated = contract_of(node).get("anomalies")
    own = {
        column: contract_of(declared).get("anomalies")
        for column, declared in node["columns"].items()
    }
    own = {column: each for column, each in own.items() if each}
    checks = [_check("volume_is_usual", _of(usual.volumes, name), stated)]
    for kind, found in (
        ("blanks_are_usual", _of(usual.blanks, name)),
        ("mix_is_usual", _of(usual.mixes, name)),
    ):
        if found.empty:
            continue
        is_own = found["column_name"].isin(list(own))
        checks.append(_check(kind, found[~is_own], stated))
        checks += [
            _check(kind, found[found["column_name"] == column], each, column=column)
            for column, each in own.items()
        ]
    return [check for check in checks if check]


def _of(judged: pd.DataFrame, name: str) -> pd.DataFrame:
    return judged[judged["name"] == name]


def _check(
    kind: str,
    found: pd.DataFrame,
    stated: Mapping[str, Any] | None,
    *,
    column: str | None = None,
) -> Check | None:
    if found.empty:
        return None
    told = [str(said) for said in found.loc[found["is_unusual"], "said"]]
    more = [f"and {len(told) - _MOST_TOLD} more"] if len(told) > _MOST_TOLD else []
    return counted(
        f"{kind}_{column}" if column else kind,
        _SAYS[kind],
        filled(
            "select $checked as rows_checked, $failed as rows_failed, "
            "$observed as observed",
            checked=len(found),
            failed=len(told),
            observed=text("; ".join(told[:_MOST_TOLD] + more) or "as usual"),
        ),
        rule=tolerated(RULES[kind], stated),
        column=column,
    )
