"""What tests share: the command line, one finished night of the demo, a tiny company.

What is dear is made once for all workers, behind a file lock, and only read afterwards.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest
from filelock import FileLock

from warehouse.company import read_company
from warehouse.settings import PROJECT_ROOT, Settings

BIN = Path(sys.executable).parent
TINY = Path(__file__).parent / "companies" / "tiny"


@dataclass(frozen=True)
class House:
    """One company's house in a temporary home: run its commands, read its release."""

    settings: Settings

    @property
    def environment(self) -> dict[str, str]:
        """The environment its commands run in: this machine's, and its own settings."""
        inherited = {k: v for k, v in os.environ.items() if "CLIENTELE" not in k}
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


Maker = Callable[[Path], None]
Once = Callable[[str, Maker], Path]


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """Make a folder once for all workers of this run, and hand it to each."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def made(name: str, make: Maker) -> Path:
        folder, done = shared / name, shared / f"{name}.done"
        with FileLock(shared / f"{name}.lock"):
            if not done.exists():
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                make(folder)
                done.touch()
        return folder

    return made


@pytest.fixture(scope="session")
def demo_night(once: Once) -> House:
    """A finished night of a small demo company; tests only read it."""

    def make(home: Path) -> None:
        house = House(Settings(company="demo", home=home))
        house.done("demo", "--customers", "1000", "--days", "4", "--seed", "7")
        said = house.done("night", "--json")
        (home / "night.json").write_text(said, encoding="utf-8")

    return House(Settings(company="demo", home=once("demo_night", make)))


@pytest.fixture
def demo_copy(demo_night: House, tmp_path: Path) -> House:
    """A copy of the demo's house, for tests and commands that write."""
    home = tmp_path / "home"
    shutil.copytree(demo_night.settings.home, home, symlinks=True)
    return House(demo_night.settings.model_copy(update={"home": home}))


@pytest.fixture
def tiny_company(tmp_path: Path) -> House:
    """A company of one source with parties and sales, and nothing delivered yet."""
    companies = tmp_path / "companies"
    shutil.copytree(TINY, companies / "tiny")
    return House(Settings(company="tiny", home=tmp_path / "home", companies=companies))


Manifest = dict[str, Any]


@pytest.fixture(scope="session")
def manifest_of(once: Once) -> Callable[[str], Manifest]:
    """Return a function that gives the dbt manifest of a company that ships."""
    from pipelines.transformation import Transformation

    def parsed(company: str) -> Manifest:
        def make(home: Path) -> None:
            settings = Settings(company=company, home=home)
            settings.places.prepare()
            Transformation(settings, read_company(settings)).manifest()

        home = once(f"manifest_{company}", make)
        file = Settings(company=company, home=home).places.target / "manifest.json"
        manifest: Manifest = json.loads(file.read_text(encoding="utf-8"))
        return manifest

    return parsed
