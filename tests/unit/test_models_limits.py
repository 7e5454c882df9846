"""How many threads DuckDB takes while it builds models."""

from pathlib import Path

import duckdb
import yaml
from jinja2 import Environment

from pipelines.transformation import Transformation
from warehouse.company import read_company
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
