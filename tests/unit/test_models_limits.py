"""How many threads, and how much memory, DuckDB takes."""

from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from jinja2 import Environment

from pipelines.transformation import Transformation
from warehouse.company import read_company
from warehouse.database import session
from warehouse.settings import PROJECT_ROOT, Settings


def profile(settings: Settings) -> tuple[dict[str, str], dict[str, str]]:
    """Return what dbt opens DuckDB with, and what it says to each of its sessions."""
    environment = Transformation(settings, read_company(settings)).environment
    read = yaml.safe_load((PROJECT_ROOT / "profiles.yml").read_text("utf-8"))
    output = read["clientele"]["outputs"]["duckdb"]

    def rendered(options: dict[str, Any]) -> dict[str, str]:
        return {
            key: Environment()  # noqa: S701 - no page
            .from_string(str(stated))
            .render(env_var=lambda name, _: environment[name])
            for key, stated in options.items()
        }

    return rendered(output["config_options"]), rendered(output["settings"])


def test_the_threads_that_are_set_hold_for_models(tmp_path: Path) -> None:
    """DuckDB took every core beside the threads of dbt."""
    config, _ = profile(Settings(home=tmp_path, company="demo", threads=1))
    with duckdb.connect(":memory:", config=config) as connection:
        [(held,)] = connection.sql("select current_setting('threads')").fetchall()
    assert held == 1


def test_a_session_may_begin_when_another_has_spilt(tmp_path: Path) -> None:
    """What is said to each session is nothing that spilling forbids to say again."""
    settings = Settings(home=tmp_path, company="demo", threads=1)
    settings.places.prepare()
    config, said = profile(settings)
    spilling = config | {"memory_limit": "40MB"}
    with duckdb.connect(str(tmp_path / "work.duckdb"), config=spilling) as connection:
        connection.execute(
            "create temp table wide as select i, md5(i::varchar) as text"
            " from range(2_000_000) as t(i) order by text"
        )
        [(spilt,)] = connection.sql(
            "select count(*) from duckdb_temporary_files()"
        ).fetchall()
        assert spilt
        for key, value in said.items():
            connection.cursor().execute(f"set {key} = '{value}'")


def test_two_fifths_of_the_memory_are_taken_when_nobody_says(tmp_path: Path) -> None:
    """DuckDB alone takes four fifths, and Python wants some beside it."""
    with duckdb.connect(":memory:") as connection:
        whole = bytes_of(connection) / 0.8
    with session(Settings(home=tmp_path, company="demo")) as connection:
        assert bytes_of(connection) == pytest.approx(whole * 2 / 5, rel=0.02)


def bytes_of(connection: duckdb.DuckDBPyConnection) -> float:
    """Return the limit of memory of a session."""
    [[said]] = connection.sql("select current_setting('memory_limit')").fetchall()
    amount, unit = said.split()
    return float(amount) * 1024 ** ["bytes", "KiB", "MiB", "GiB", "TiB"].index(unit)
