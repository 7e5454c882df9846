"""Draws the histories of the benchmarks, and growth: `var/benchmarks/plots/*.svg`.

Each ratio of each benchmark against the moment that it was measured, a line for every
size that was measured; and of the last growth that was measured, seconds, processor
seconds and memory against rows, a line a step, both axes logarithmic. `index.html`
shows them all; it needs no network.
"""

import argparse
import html
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from history import HISTORY, kept
from vl_convert import vegalite_to_svg

Spec = dict[str, Any]

WIDTH, HEIGHT = 640, 260
LONGEST_STEPS = 8
SEPARATE = ("dbt", "great_expectations", "dagster")
"""Groups of steps, which would stand beside the steps that they are made of."""
UNITS = {"seconds": "s", "cpu_seconds": "processor s", "peak_mb": "MB"}
NOT_HISTORIES = ("growth",)


def histories(folder: Path) -> list[str]:
    """Name the benchmarks that have a history."""
    found = sorted(file.stem for file in folder.glob("*.jsonl"))
    return [name for name in found if name not in NOT_HISTORIES]


def ratios(runs: Iterable[Mapping[str, Any]]) -> Iterator[Spec]:
    """Yield a point for each ratio of each run; ratios of several cases have a name."""
    for run in runs:
        for name, value in run["ratios"].items():
            parts = value if isinstance(value, dict) else {"": value}
            for part, number in parts.items():
                if "measured_at" in run and isinstance(number, int | float):
                    yield {
                        "at": run["measured_at"],
                        "ratio": f"{name} {part}".strip(),
                        "size": size_of(run),
                        "value": number,
                    }


def size_of(run: Mapping[str, Any]) -> str:
    """Return how large a run was, in words."""
    size = run.get("size", run)
    for name in ("customers", "sale_lines", "mb"):
        if isinstance(size.get(name), int | float):
            return f"{size[name]:,.0f} {name.replace('_', ' ')}"
    return "one size"


def history_spec(title: str, points: list[Spec]) -> Spec:
    """Return the plot of one ratio over time."""
    return {
        "title": title,
        "width": WIDTH,
        "height": HEIGHT,
        "data": {"values": points},
        "mark": {"type": "line", "point": True},
        "encoding": {
            "x": {"field": "at", "type": "temporal", "title": "measured at"},
            "y": {"field": "value", "type": "quantitative", "title": "ratio"},
            "color": {"field": "size", "type": "nominal", "title": None},
        },
    }


def growth_points(growth: Mapping[str, Any], kind: str) -> list[Spec]:
    """Return what the full build and its longest steps took, by rows."""
    sizes = growth["sizes"]
    if not sizes:
        return []
    last = {
        step: value
        for step, value in sizes[-1][kind]["full_steps"].items()
        if step not in SEPARATE
    }
    longest = sorted(last, key=lambda step: -last[step])[:LONGEST_STEPS]
    points = []
    for size in sizes:
        whole = {"full build": size[kind]["full"], "floor": size[kind]["floor"]}
        steps = {step: size[kind]["full_steps"].get(step, 0) for step in longest}
        points += [
            {"rows": size["rows"]["full"], "step": step, "value": value}
            for step, value in (whole | steps).items()
            if value > 0
        ]
    return points


def growth_spec(kind: str, points: list[Spec]) -> Spec:
    """Return the plot of one measure against rows; a straight line of slope 1 is fair.

    Both axes are logarithmic.
    """
    log = {"type": "log"}
    return {
        "title": f"{kind} of the full build against loaded rows",
        "width": WIDTH,
        "height": HEIGHT * 2,
        "data": {"values": points},
        "mark": {"type": "line", "point": True},
        "encoding": {
            "x": {
                "field": "rows",
                "type": "quantitative",
                "scale": log,
                "title": "rows",
            },
            "y": {
                "field": "value",
                "type": "quantitative",
                "scale": log,
                "title": UNITS[kind],
            },
            "color": {"field": "step", "type": "nominal", "title": None},
        },
    }


def specs(folder: Path) -> Iterator[tuple[str, Spec]]:
    """Yield all plots of a folder of histories, by name."""
    for name in histories(folder):
        points = list(ratios(kept(name, folder)))
        for ratio in sorted({point["ratio"] for point in points}):
            shown = [point for point in points if point["ratio"] == ratio]
            yield f"{name}-{ratio}", history_spec(f"{name}: {ratio}", shown)
    for growth in kept("growth", folder)[-1:]:
        for kind in UNITS:
            if points := growth_points(growth, kind):
                yield f"growth-{kind}", growth_spec(kind, points)


def draw(folder: Path, target: Path) -> list[Path]:
    """Draw all that there is.

    Args:
        folder: Where the histories lie.
        target: Where to write; plots of an earlier time are removed.

    Returns:
        The files of the plots.
    """
    target.mkdir(parents=True, exist_ok=True)
    for old in target.glob("*.svg"):
        old.unlink()
    files = []
    for name, spec in specs(folder):
        plain = "".join(each if each.isalnum() else "-" for each in name)
        files.append(target / f"{plain}.svg")
        files[-1].write_text(vegalite_to_svg(spec), encoding="utf-8")
    shown = "\n".join(
        f'<p><img src="{html.escape(file.name)}" alt="{html.escape(file.stem)}"></p>'
        for file in files
    )
    page = (
        f'<!doctype html>\n<meta charset="utf-8">\n<title>Benchmarks</title>\n{shown}\n'
    )
    (target / "index.html").write_text(page, encoding="utf-8")
    return files


def main() -> None:
    """Draw the histories and say where they lie."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=HISTORY, help="of histories")
    parser.add_argument("--target", type=Path, help="where to draw")
    asked = parser.parse_args()
    target = asked.target or asked.folder / "plots"
    files = draw(asked.folder, target)
    print(f"{len(files)} plots in {target / 'index.html'}")


if __name__ == "__main__":
    main()
