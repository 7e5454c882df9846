"""A company's house in a temporary home, as tests drive it."""

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from warehouse.settings import PROJECT_ROOT, Settings

BIN = Path(sys.executable).parent


def listed(offences: Iterable[object]) -> str:
    """Say what offends against a rule, one a line."""
    return "\n".join(sorted(map(str, offences)))


@dataclass(frozen=True)
class House:
    """One company's house: run its commands, lay deliveries, read its release."""

    settings: Settings

    @property
    def environment(self) -> dict[str, str]:
        """The environment its commands run in: this machine's, and its own settings."""
        inherited = {k: v for k, v in os.environ.items() if "CLIENTELE" not in k}
        if self.settings.parses:
            inherited["CLIENTELE_PARSES"] = str(self.settings.parses)
        return inherited | {
            "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
            "CLIENTELE_COMPANY": self.settings.company,
            "CLIENTELE_COMPANIES": str(self.settings.companies),
            "CLIENTELE_HOME": str(self.settings.home),
            "CLIENTELE_THREADS": "2",
            "NO_COLOR": "1",
        }

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run `clientele` with the arguments and return what it said."""
        return subprocess.run(  # noqa: S603
            [str(BIN / "clientele"), *arguments],
            cwd=PROJECT_ROOT,
            env=self.environment,
            text=True,
            capture_output=True,
            check=False,
        )

    def done(self, *arguments: str) -> str:
        """Run `clientele`, see it succeed, and return what it printed."""
        result = self.run(*arguments)
        assert result.returncode == 0, f"{result.stdout}\n{result.stderr}"
        return result.stdout

    def deliver(self, business_date: str, name: str, content: str | bytes) -> Path:
        """Lay one file into the landing folder of a business date."""
        file = self.settings.places.landing / business_date / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file

    @contextmanager
    def open(self, name: str = "marts") -> Iterator[duckdb.DuckDBPyConnection]:
        """Open a database of the current release, read-only."""
        release = self.settings.places.current.resolve()
        connection = duckdb.connect(str(release / f"{name}.duckdb"), read_only=True)
        try:
            yield connection
        finally:
            connection.close()

    def rows(self, query: str, parameters: list[Any] | None = None) -> list[Any]:
        """Query the marts of the current release."""
        with self.open() as connection:
            return connection.execute(query, parameters or []).fetchall()
