"""Lint the SQL of the models and of every company, compiled as dbt compiles it.

sqlfluff's dbt templater knows neither the company's settings nor its inputs; this gives
it both. Ends with what sqlfluff says: 0 when it finds nothing.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from pipelines.staleness import dbt_variables
from pipelines.transformation import Transformation
from warehouse.company import read_company
from warehouse.database import session
from warehouse.ledger import prepare_archive
from warehouse.settings import PROJECT_ROOT, Settings


def lint(company: str, *paths: str) -> int:
    """Lint the paths with a company's settings and return sqlfluff's exit code."""
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(company=company, home=Path(home))
        settings.places.prepare()
        transformation = Transformation(settings, read_company(settings))
        with session(settings, write=settings.places.archive) as connection:
            prepare_archive(connection, transformation.company)
        context = json.loads(dbt_variables(transformation.company))
        config = Path(home) / "pyproject.toml"
        config.write_text(
            "[tool.sqlfluff.templater.dbt.context]\n"
            + "\n".join(f"{name} = {inline(context[name])}" for name in context),
            encoding="utf-8",
        )
        sqlfluff = str(Path(sys.executable).parent / "sqlfluff")
        return subprocess.run(  # noqa: S603
            [sqlfluff, "lint", "--nocolor", "--config", str(config), *paths],
            cwd=PROJECT_ROOT,
            env=os.environ | transformation.environment,
            check=False,
        ).returncode


def inline(value: object) -> str:
    """Write a value of JSON as TOML, where objects differ, wherever they stand."""
    if isinstance(value, dict):
        return (
            "{"
            + ", ".join(f"{json.dumps(k)} = {inline(value[k])}" for k in value)
            + "}"
        )
    if isinstance(value, list):
        return "[" + ", ".join(map(inline, value)) + "]"
    return json.dumps(value)


def main() -> int:
    """Lint the shared models with the demo, then each company's own."""
    folders = sorted(
        file.parent for file in (PROJECT_ROOT / "companies").glob("*/company.yml")
    )
    codes = [lint(folder.name, str(folder / "sources")) for folder in folders]
    return max([lint("demo", "models"), *codes])


if __name__ == "__main__":
    sys.exit(main())
