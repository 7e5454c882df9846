"""The work database is built anew when what it was built by has changed."""

from pathlib import Path

import pytest
from house import House

from pipelines import staleness
from warehouse.company import Company, read_company


@pytest.fixture
def company(tiny_company: House) -> Company:
    """A company whose work database was just built and published."""
    company = read_company(tiny_company.settings)
    tiny_company.settings.places.prepare()
    staleness.forget_stale_work(tiny_company.settings, company)
    tiny_company.settings.places.work.touch()
    assert staleness.is_stale(tiny_company.settings, company)
    staleness.stamp_work(tiny_company.settings)
    assert not staleness.is_stale(tiny_company.settings, company)
    return company


def add(folder: Path, name: str) -> None:
    """Write a file into a folder, which may be new."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text("code,label_en,label_zh\n", encoding="utf-8")


def test_a_new_dictionary_makes_it_stale(tiny_company: House, company: Company) -> None:
    """And the next night forgets what was built without it."""
    work = tiny_company.settings.places.work
    work.touch()
    add(company.folder / "dictionaries", "size__company.csv")
    assert staleness.is_stale(tiny_company.settings, company)
    staleness.forget_stale_work(tiny_company.settings, company)
    assert not work.exists()


def test_a_build_that_was_not_published_is_stale(
    tiny_company: House, company: Company
) -> None:
    """A failed build after a change of models is built again, though nothing came."""
    add(company.folder / "dictionaries", "size__company.csv")
    staleness.forget_stale_work(tiny_company.settings, company)
    tiny_company.settings.places.work.touch()
    assert staleness.is_stale(tiny_company.settings, company)
    staleness.stamp_work(tiny_company.settings)
    assert not staleness.is_stale(tiny_company.settings, company)


def test_a_work_database_that_was_deleted_is_built_whole(
    tiny_company: House, company: Company
) -> None:
    """It may be deleted at any time: its seeds are then built again, too."""
    tiny_company.settings.places.work.unlink()
    assert staleness.is_stale(tiny_company.settings, company)
    assert staleness.forget_stale_work(tiny_company.settings, company)


def test_what_nobody_wrote_does_not(tiny_company: House, company: Company) -> None:
    """Caches come and go."""
    add(company.folder / "sources", "cache.pyc")
    assert not staleness.is_stale(tiny_company.settings, company)


@pytest.fixture
def project(
    tiny_company: House,
    company: Company,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    """A project of no models, by which the work database was built."""
    root = tmp_path / "project"
    root.mkdir()
    monkeypatch.setattr(staleness, "PROJECT_ROOT", root)
    staleness.forget_stale_work(tiny_company.settings, company)
    tiny_company.settings.places.work.touch()
    staleness.stamp_work(tiny_company.settings)
    assert not staleness.is_stale(tiny_company.settings, company)
    assert not staleness.is_built_anew(tiny_company.settings)
    return root


@pytest.mark.parametrize(
    "name",
    [
        "warehouse/standardization/contacts.py",
        "warehouse/keyed_hash.py",
        "warehouse/keyed_hash_plugin.py",
        "expectations/rooms.py",
        "tests/data/generic/unique_together.sql",
        "dbt_project.yml",
        "profiles.yml",
        "requirements.lock",
    ],
)
def test_what_decides_what_models_make_belongs_to_them(
    tiny_company: House, company: Company, project: Path, name: str
) -> None:
    """A phone number judged anew must not stand beside one judged before."""
    (project / name).parent.mkdir(parents=True, exist_ok=True)
    add((project / name).parent, (project / name).name)
    assert staleness.is_stale(tiny_company.settings, company)


def test_each_file_that_is_named_lies_there() -> None:
    """What is renamed would be missed in silence."""
    missing = [
        name
        for name in (*staleness.ROOMS, *staleness.FILES)
        if not (staleness.PROJECT_ROOT / name).exists()
    ]
    assert not missing


def test_another_engine_makes_it_stale(
    tiny_company: House, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same words may give other values."""
    monkeypatch.setattr("duckdb.__version__", "0.0.1")
    assert staleness.is_stale(tiny_company.settings, company)


def test_a_file_that_moves_makes_it_stale(
    tiny_company: House, company: Company, project: Path
) -> None:
    """The folder of a model is its room."""
    add(project / "models", "a.sql")
    (project / "models" / "marts").mkdir()
    before = staleness.fingerprint(company)
    (project / "models" / "a.sql").rename(project / "models" / "marts" / "a.sql")
    assert staleness.fingerprint(company) != before


def test_where_a_name_ends_is_told(
    tiny_company: House, company: Company, project: Path
) -> None:
    """The same letters, some of them in the name or in what it holds, are not one."""
    room = project / "models"
    room.mkdir()
    (room / "a.sql").write_text("b.sqlc", "utf-8")
    before = staleness.fingerprint(company)
    (room / "a.sql").write_text("", "utf-8")
    (room / "b.sql").write_text("c", "utf-8")
    assert staleness.fingerprint(company) != before
