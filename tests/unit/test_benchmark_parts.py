"""What the benchmarks count with: processes, histories, slopes, floors."""

import json
import sys
import time
from argparse import Namespace
from pathlib import Path

import duckdb
import pytest

from warehouse.settings import PROJECT_ROOT

sys.path.append(str(PROJECT_ROOT / "benchmarks"))
import growth
import history
import homes
import night_report
import plots
from guard import Guard
from narrow import narrowed, write_narrow
from processes import Look, Run, Step, middle, run
from readers import Looks

CHILD = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "a = bytearray(80_000_000); "
    "import time; time.sleep(1)"])
a = bytearray(80_000_000)
time.sleep(0.6)
print("  receive                         0.5 s", file=sys.stderr, flush=True)
child.wait()
sum(range(6_000_000))
print("  publish                         0.4 s", file=sys.stderr, flush=True)
print("done")
"""


def sized(customers: int, seconds: float, mb: float) -> dict:
    """What growth knows of one size."""
    values = {"floor": 1.0, "full": seconds, "one_percent_night": 1.0}
    steps = {
        f"{night}_steps": {"dbt marts": seconds / 2, "publish": 1.0}
        for night in growth.NIGHTS
    }
    memory = values | {"full": mb}
    return {
        "benchmark": "night",
        "customers": customers,
        "disk_mb": customers / 100,
        "ratios": {},
        "rows": {"floor": customers * 40, "full": customers * 40},
        "seconds": values | steps,
        "cpu_seconds": values | steps,
        "peak_mb": memory | steps,
    }


def test_a_process_is_measured_with_all_that_it_starts(tmp_path: Path) -> None:
    """The memory of parent and child together, and each step's share of it."""
    ran = run([sys.executable, "-c", CHILD], tmp_path)
    assert ran.said == "done\n"
    assert ran.seconds > 1
    assert ran.peak_mb > 170
    assert 0.05 < ran.cpu_seconds < 30
    assert set(ran.step_peaks) == {"receive", "publish"}
    assert ran.step_peaks["receive"] > 170


def test_a_process_that_fails_says_what_it_said(tmp_path: Path) -> None:
    """And its code is not taken for success."""
    with pytest.raises(SystemExit, match="no such thing"):
        run([sys.executable, "-c", "raise ValueError('no such thing')"], tmp_path)


def test_a_step_has_the_looks_of_its_time() -> None:
    """Its memory is the most of them; its processor time what was used in it."""
    looks = [Look(at, at * 2, mb, 0) for at, mb in ((1, 5), (2, 9), (3, 7), (4, 30))]
    ran = Run(
        5, 10, 30, "", looks, [Step("a", 0, 2), Step("b", 2.5, 3), Step("a", 3, 4)]
    )
    assert ran.step_peaks == {"a": 30, "b": 7}
    assert ran.step_cpus == {"a": 6, "b": 2}


def test_the_median_run_is_one_of_them() -> None:
    """Of two, the longer one."""
    runs = [Run(seconds, 0, 0, "") for seconds in (3, 1, 2)]
    assert middle(runs).seconds == 2
    assert middle(runs[:2]).seconds == 3


def test_a_night_is_held_against_its_floor_and_identity_against_its_own() -> None:
    """Identity's step is in no ratio but its own and that of both floors."""

    def ran(seconds: float, **steps: float) -> Run:
        return Run(seconds, seconds / 2, 100, json.dumps({"steps": steps}))

    splink = Run(9, 4, 50, '{"seconds": 5.0, "peak_mb": 50}')
    found = night_report.report(
        night_report.Figures(
            floor=ran(10),
            identity_floor=splink,
            rewriting=Run(15, 30, 80, '{"tables": 3, "rows": 9}'),
            full=ran(40, identify=10.0, publish=20.0),
            one_percent=ran(4, publish=1.0),
            nights=[],
            empties=[ran(1)],
            new_rows={"full": 1000, "one_percent": 11},
            sale_lines=500,
            delivered_mb=1.0,
        ),
        customers=10,
        days=2,
    )
    assert found["ratios"] == {
        "full_to_floor": 3.0,
        "identify_to_splink": 2.0,
        "full_to_floors": 2.667,
        "full_cpu_to_floor_cpu": 4.0,
        "full_to_rewriting": 2.0,
        "rewriting_to_floor": 1.5,
        "rewriting_cpu_to_floor_cpu": 6.0,
        "one_percent_night_to_full": 0.1,
        "one_percent_night_to_full_cpu": 0.1,
        "empty_to_full": 0.025,
        "empty_to_full_cpu": 0.025,
    }
    assert found["size"]["one_percent_night_pct"] == 1.1


def test_a_history_is_appended_to_and_read_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each line says when it was measured, of which version, on what machine."""
    for ratio in (1, 2):
        history.keep({"benchmark": "toy", "ratios": {"a": ratio}}, tmp_path)
    runs = history.kept("toy", tmp_path)
    assert [run["ratios"]["a"] for run in runs] == [1, 2]
    assert runs[0]["machine"]["cores"] >= 1
    assert runs[0].keys() >= {"measured_at", "version"}
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["ratios"] == {"a": 2}
    assert history.kept("other", tmp_path) == []


def test_a_slope_is_one_where_time_grows_with_rows() -> None:
    """Two for a square, none for one size."""
    assert growth.slope([10, 100, 1000], [1, 10, 100]) == 1
    assert growth.slope([10, 100], [1, 100]) == 2
    assert growth.slope([10, 100], [0, 5]) is None


def test_growth_has_a_slope_for_each_step() -> None:
    """Of all sizes, and of the last two."""
    sizes = [sized(1000, 10, 100), sized(10_000, 100, 200), sized(100_000, 4000, 400)]
    found = growth.summary(sizes, "")
    marts = found["slopes"]["seconds of full, dbt marts"]
    assert marts["last"] == 1.602
    assert marts["all"] == 1.301
    assert found["ratios"]["slope_of_memory"] == 0.301
    assert found["slopes"]["seconds of full, publish"]["all"] == 0


def test_a_size_that_the_machine_cannot_hold_is_not_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither for want of disk nor of memory, and what was measured stands."""
    known = [sized(1000, 10, 100)]
    assert growth.wanting(2000, 20, known, tmp_path) == ""
    assert "of the disk" in growth.wanting(10**12, 20, known, tmp_path)
    grown = [sized(1000, 10, 100), sized(2000, 20, 200)]
    grown[1]["disk_mb"] = 0
    assert "of memory" in growth.wanting(10**9, 20, grown, tmp_path)
    assert growth.wanting(4000, 20, grown, tmp_path) == ""
    monkeypatch.setattr(growth, "measured", lambda home, size, guard: known[0])
    asked = Namespace(customers=[10**9, 1000], lines=20, days=2)
    found = growth.grown(tmp_path, asked, tmp_path)
    assert [size["customers"] for size in found["sizes"]] == [1000]
    assert found["stopped"].startswith("1,000,000,000 customers were not measured")


def test_the_guard_kills_what_would_fill_the_disk(tmp_path: Path) -> None:
    """And says why; here every disk is too full."""
    started = time.monotonic()
    with Guard(tmp_path, least_disk_mb=10**12) as guard, pytest.raises(SystemExit):
        run([sys.executable, "-c", "import time; time.sleep(60)"], tmp_path)
    assert "the disk was full" in guard.reason
    assert time.monotonic() - started < 30


def test_a_floor_has_the_needed_columns_only(tmp_path: Path) -> None:
    """Sorted by what is compared, with the macros that the query calls."""
    query = "select metric_sum(amount) as total from sold.sale where day >= 2"
    with duckdb.connect(str(tmp_path / "marts.duckdb")) as made:
        made.execute("create schema sold")
        made.execute(
            "create table sold.sale as select 5 - day as day, 2 * day as amount,"
            " 'x' as note from range(5) as t (day)"
        )
        made.execute("create macro metric_sum(value) as sum(value)")
        write_narrow(made, query, tmp_path / "narrow.duckdb", release="marts")
        wanted = made.sql(query).fetchall()
    with duckdb.connect(str(tmp_path / "narrow.duckdb"), read_only=True) as floor:
        assert floor.table("sold.sale").columns == ["day", "amount"]
        days = floor.table("sold.sale").project("day").fetchall()
        assert days == sorted(days)
        assert floor.sql(query).fetchall() == wanted


def test_a_query_for_all_columns_needs_them_all() -> None:
    """`select *` names none and means every one."""
    tables = {"a.b": ["one", "two"], "a.c": ["three"]}
    found = narrowed("select * from a.b where two = 1", tables)
    assert found["a.b"].columns == ["one", "two"]
    assert found["a.b"].compared == ["two"]
    assert "a.c" not in found


def test_readers_that_see_an_older_release_again_are_counted() -> None:
    """Versions never go back."""
    runs = [
        Run(1, 1, 1, json.dumps({"taken": [1, 2], "errors": [], "seen": seen}))
        for seen in (["r-1", "r-2"], ["r-2", "r-1"])
    ]
    looks = Looks.of(runs)
    assert looks.went_back == 1
    assert looks.figures()["looks"] == 4
    assert looks.figures()["releases"] == 2
    assert looks.figures()["longest"] == 2


def test_histories_and_growth_are_drawn(tmp_path: Path) -> None:
    """A plot for each ratio, and three of growth."""
    for value in (1.5, 2.5):
        ratios = {"full_to_floor": value, "demo": {"f1": 0.9}}
        figures = {"benchmark": "toy", "size": {"customers": 5}, "ratios": ratios}
        history.keep(figures, tmp_path)
    sizes = [sized(1000, 10, 100), sized(10_000, 100, 200)]
    history.keep(growth.summary(sizes, ""), tmp_path)
    files = plots.draw(tmp_path, tmp_path / "plots")
    assert sorted(file.stem for file in files) == [
        "growth-cpu-seconds",
        "growth-peak-mb",
        "growth-seconds",
        "toy-demo-f1",
        "toy-full-to-floor",
    ]
    assert all("<svg" in file.read_text("utf-8") for file in files)
    assert "toy-full-to-floor.svg" in (tmp_path / "plots" / "index.html").read_text()


def test_a_home_that_was_lent_goes_and_one_that_is_kept_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the releases in it, though nobody may write to them."""
    monkeypatch.setattr(homes, "HISTORY", tmp_path)
    with homes.lent(None) as home:
        release = home / "published" / "r-000001"
        release.mkdir(parents=True)
        (release / "marts.duckdb").touch(mode=0o440)
        release.chmod(0o550)
    assert not home.exists()
    with homes.lent(tmp_path / "kept") as kept:
        (kept / "night.jsonl").touch()
    assert (kept / "night.jsonl").is_file()
