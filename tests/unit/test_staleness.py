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


def test_the_standard_forms_belong_to_the_models(
    tiny_company: House,
    company: Company,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A phone number judged anew must not stand beside one judged before."""
    (tmp_path / "warehouse" / "standardization").mkdir(parents=True)
    monkeypatch.setattr(staleness, "PROJECT_ROOT", tmp_path)
    staleness.forget_stale_work(tiny_company.settings, company)
    tiny_company.settings.places.work.touch()
    staleness.stamp_work(tiny_company.settings)
    assert not staleness.is_stale(tiny_company.settings, company)
    add(tmp_path / "warehouse" / "standardization", "contacts.py")
    assert staleness.is_stale(tiny_company.settings, company)
