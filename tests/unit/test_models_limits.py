"""How many threads, and how much memory, DuckDB takes."""

from pathlib import Path

import duckdb
import pytest
import yaml
from jinja2 import Environment

from pipelines.transformation import Transformation
from warehouse.company import read_company
from warehouse.database import session
from warehouse.settings import PROJECT_ROOT, Settings


def test_the_threads_that_are_set_hold_for_models(tmp_path: Path) -> None:
    """DuckDB took every core beside the threads of dbt."""
    profile = yaml.safe_load((PROJECT_ROOT / "profiles.yml").read_text("utf-8"))
    stated = profile["clientele"]["outputs"]["duckdb"]["settings"]["threads"]
    settings = Settings(home=tmp_path, company="demo", threads=1)
    environment = Transformation(settings, read_company(settings)).environment
    template = Environment().from_string(stated)  # noqa: S701 - no page
    threads = template.render(env_var=lambda name, _: environment[name])
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"set threads = '{threads}'")
        [(held,)] = connection.sql("select current_setting('threads')").fetchall()
    assert held == 1


def test_half_of_the_memory_is_taken_when_nobody_says(tmp_path: Path) -> None:
    """DuckDB alone takes four fifths, and Python wants some beside it."""
    with duckdb.connect(":memory:") as connection:
        whole = bytes_of(connection) / 0.8
    with session(Settings(home=tmp_path, company="demo")) as connection:
        assert bytes_of(connection) == pytest.approx(whole / 2, rel=0.02)


def bytes_of(connection: duckdb.DuckDBPyConnection) -> float:
    """Return the limit of memory of a session."""
    [[said]] = connection.sql("select current_setting('memory_limit')").fetchall()
    amount, unit = said.split()
    return float(amount) * 1024 ** ["bytes", "KiB", "MiB", "GiB", "TiB"].index(unit)
