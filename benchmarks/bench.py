"""All benchmarks, one after the other: what `make bench` runs.

The night is measured in a home of its own; queries, aggregates, publication and backup
read the release that it leaves. What each finds is added to its history in
`var/benchmarks/`, and the plots are drawn anew. Growth takes hours and a disk, and is
run when it is asked for.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from history import HISTORY
from homes import lent, remove
from plots import draw
from processes import say, started

PARTS = (
    "night",
    "queries",
    "aggregates",
    "publication",
    "backup",
    "readers",
    "peers",
    "checks",
    "identity",
)
ON_REQUEST = ("growth",)
OF_A_RELEASE = ("queries", "aggregates", "publication", "backup")
"""They read what the night before them left."""
SMALL = {
    "night": ["--customers=2000", "--days=4", "--nights=1", "--repeats=1"],
    "queries": ["--repeats=3"],
    "aggregates": ["--repeats=1"],
    "publication": ["--repeats=1"],
    "backup": [],
    "readers": ["--customers=2000", "--days=2", "--readers=2", "--idle=5"],
    "peers": ["--customers=2000", "--days=3"],
    "checks": ["--customers=1000", "--days=16", "--lines=5"],
    "identity": ["--records", "5000", "--febrl"],
    "growth": ["--customers", "1000", "2000", "--days=2"],
}
"""How each is run when only its working is to be seen."""


def options_of(part: str, asked: argparse.Namespace) -> list[str]:
    """Return the options that a part is run with."""
    if asked.small:
        return SMALL[part]
    if part == "night" and asked.customers:
        return [f"--customers={asked.customers}", f"--days={asked.days}"]
    return []


def run_part(part: str, options: Sequence[str], home: Path) -> None:
    """Run one part; what it says is heard, and its history is gathered.

    Raises:
        SystemExit: It failed; what it said is shown.
    """
    say(f"{part} {' '.join(options)}".strip())
    kept = home / part
    where = [] if part in OF_A_RELEASE else [f"--home={kept}"]
    release = home / "night"
    command = [
        *(sys.executable, str(Path(__file__).with_name(f"{part}.py"))),
        *options,
        *where,
    ]
    kept.mkdir(exist_ok=True)
    with started(command, release, aloud=True) as process:
        print(process.ended().said, end="", flush=True)
    gather(kept)
    if part != "night":
        remove(kept)


def gather(folder: Path) -> None:
    """Add the histories of a home to those of the project."""
    HISTORY.mkdir(parents=True, exist_ok=True)
    for file in folder.glob("*.jsonl"):
        with (HISTORY / file.name).open("a", encoding="utf-8") as history:
            history.write(file.read_text(encoding="utf-8"))


def main() -> None:
    """Run the parts asked for, and draw the plots."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, *ON_REQUEST, []])
    parser.add_argument("--small", action="store_true", help="see them work, no more")
    parser.add_argument("--customers", type=int, help="of the night")
    parser.add_argument("--days", type=int, default=30, help="of the night")
    asked = parser.parse_args()
    parts = asked.parts or PARTS
    if set(parts) & set(OF_A_RELEASE) and "night" not in parts:
        raise SystemExit(f"{', '.join(OF_A_RELEASE)} need the release of `night`.")
    with lent(None) as home:
        for part in sorted(parts, key=(*PARTS, *ON_REQUEST).index):
            run_part(part, options_of(part, asked), home)
    say(f"{len(draw(HISTORY, HISTORY / 'plots'))} plots in {HISTORY / 'plots'}")


if __name__ == "__main__":
    main()
