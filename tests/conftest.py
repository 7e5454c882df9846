"""What tests share: one finished night of the demo, a tiny company, dbt's manifests.

What is dear is made once for all workers, behind a file lock, and only read afterwards.
"""

import gc
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from house import House

from warehouse.company import read_company
from warehouse.settings import Settings

TINY = Path(__file__).parent / "companies" / "tiny"

Maker = Callable[[Path], None]
Once = Callable[[str, Maker], Path]
PARSES = pytest.StashKey[str]()
LONGEST = (
    # The night of the demo, which most of the others wait for.
    "test_cookbook_facts",
    "test_round_trip",
    "test_repointing",
    "test_night_kills",
    "test_history_oracle",
    "test_night_holds",
    "test_stewardship",
    "test_provenance",
    "test_real_companies",
    "test_benchmark",
    "test_night_orders",
    "test_night_history",
    "test_pipelines_definitions",
    "test_alerts",
    "test_tiny_company",
    "test_extra_attributes",
    "test_households",
    "test_crowds",
    "test_benchmark_identity",
    "test_demo_truth",
)
"""Files that take minutes: they begin, so that no worker is alone at the end. Two that
wait for one house do not follow each other."""


def pytest_configure(config: pytest.Config) -> None:
    """Let all homes of this run share what dbt parses; look for garbage seldom."""
    gc.set_threshold(500_000, 20, 100)
    if "PYTEST_XDIST_WORKER" not in os.environ:
        config.stash[PARSES] = tempfile.mkdtemp(prefix="clientele-parses-")
        os.environ["CLIENTELE_PARSES"] = config.stash[PARSES]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files that take long before the others, which stay as they are."""
    place = {name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path.stem, len(LONGEST)))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Forget them."""
    if PARSES in config.stash:
        shutil.rmtree(config.stash[PARSES], ignore_errors=True)


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """Make a folder once for all workers of this run, and hand it to each."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def made(name: str, make: Maker) -> Path:
        folder, outcome = shared / name, shared / f"{name}.outcome"
        with FileLock(shared / f"{name}.lock"):
            if not outcome.exists():
                folder.mkdir()
                try:
                    make(folder)
                    outcome.touch()
                except BaseException as error:
                    outcome.write_text(f"{name} could not be made: {error}", "utf-8")
                    raise
        if failure := outcome.read_text("utf-8"):
            pytest.fail(failure)
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
