"""What dbt has parsed is shared between homes, and never stands for other files."""

import gc
import os
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from house import House

from pipelines.dbt_process import COLLECT_AFTER, logging_to, surroundings
from pipelines.parses import KEPT, begin_with_shared, parsed_folder, share
from pipelines.transformation import Transformation
from warehouse.company import read_company
from warehouse.settings import PROJECT_ROOT, Settings


def moved(house: House, to: Path) -> Settings:
    """Return the settings of the same company in another place, with another home."""
    shutil.copytree(house.settings.companies, to / "companies")
    changed = {"companies": to / "companies", "home": to / "home"}
    return house.settings.model_copy(update=changed)


def folder_of(settings: Settings) -> Path:
    """Return where dbt finds the company's models."""
    return parsed_folder(settings, read_company(settings))


def test_companies_that_say_the_same_are_one_to_dbt(
    tiny_company: House, tmp_path: Path
) -> None:
    """Wherever they lie; one that says anything else is another."""
    there = moved(tiny_company, tmp_path / "there")
    assert folder_of(there) == folder_of(tiny_company.settings)
    model = next(there.companies.rglob("stg_desk__sales.sql"))
    model.write_text(model.read_text("utf-8") + "\n-- changed\n", "utf-8")
    other = folder_of(there)
    assert other != folder_of(tiny_company.settings)
    assert next(other.rglob(model.name)).read_bytes() == model.read_bytes()


def test_what_is_not_shared_is_read_where_it_lies(tiny_company: House) -> None:
    """So is a company that ships, whose folder is the same for every home."""
    alone = tiny_company.settings.model_copy(update={"parses": None})
    assert folder_of(alone) == alone.companies / "tiny"
    assert begin_with_shared(alone, "as stated") is None
    share(alone, None)
    assert folder_of(Settings(company="demo")) == PROJECT_ROOT / "companies" / "demo"


def test_a_home_begins_with_the_parse_of_another(
    tiny_company: House, tmp_path: Path
) -> None:
    """Stated alike, it is found; stated otherwise, it is not; what is there stays."""
    first = tiny_company.settings.model_copy(update={"parses": tmp_path / "parses"})
    shared = begin_with_shared(first, "as stated")
    first.places.prepare()
    (first.places.target / KEPT).write_text("parsed")
    share(first, shared)
    second = first.model_copy(update={"home": tmp_path / "second"})
    begin_with_shared(second, "otherwise stated")
    assert not (second.places.target / KEPT).exists()
    begin_with_shared(second, "as stated")
    assert (second.places.target / KEPT).read_text() == "parsed"
    (second.places.target / KEPT).write_text("parsed since")
    share(second, begin_with_shared(second, "as stated"))
    assert (second.places.target / KEPT).read_text() == "parsed since"


def test_a_changed_company_is_parsed_as_it_is_now(
    tiny_company: House, tmp_path: Path
) -> None:
    """No home is given models that are not its own."""
    there = moved(tiny_company, tmp_path / "there")
    model = next(there.companies.rglob("stg_desk__sales.sql"))
    model.write_text(model.read_text("utf-8") + "\n-- changed here\n", "utf-8")
    for settings, is_changed in ((tiny_company.settings, False), (there, True)):
        settings.places.prepare()
        manifest = Transformation(settings, read_company(settings)).manifest()
        code = manifest["nodes"]["model.clientele.stg_desk__sales"]["raw_code"]
        assert ("-- changed here" in code) is is_changed
        assert str(settings.places.root) not in str(manifest["nodes"])


def test_dbt_is_surrounded_by_its_own_and_leaves_its_way_with_memory() -> None:
    """But garbage is looked for seldom: to look at its end costs half a second."""
    before, thresholds = dict(os.environ), gc.get_threshold()
    gc.set_threshold(700)
    try:
        with pytest.raises(ZeroDivisionError), surroundings({"CLIENTELE_X": "y"}):
            assert os.environ["CLIENTELE_X"] == "y"
            raise ZeroDivisionError
        assert gc.get_threshold()[0] == COLLECT_AFTER
    finally:
        gc.set_threshold(*thresholds)
    assert dict(os.environ) == before


def test_the_log_keeps_what_is_said_at_level_info(tmp_path: Path) -> None:
    """In a file that is set aside when it has grown, as often as that."""
    file = tmp_path / "logs" / "dbt.log"
    for said in ("a model was built", "x" * 11 * 1024 * 1024, "another"):
        with logging_to(file) as write:
            for level in ("debug", "info"):
                info = SimpleNamespace(level=level, msg=f"{level}: {said}")
                write(cast(Any, SimpleNamespace(info=info)))
    [line] = file.read_text("utf-8").splitlines()
    assert line.endswith("[info ] info: another")
    kept = file.with_name("dbt.log.1").read_text("utf-8")
    assert "debug:" not in kept
    assert kept.splitlines()[0].endswith("info: a model was built")


def test_a_project_that_was_moved_is_parsed_anew(
    tiny_company: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What dbt has parsed holds whole paths, and other variables make it void."""
    settings = tiny_company.settings
    company = read_company(settings)
    here = Transformation(settings, company)._options()
    monkeypatch.setattr("pipelines.transformation.PROJECT_ROOT", tmp_path)
    there = Transformation(settings, company)._options()
    number = here.index("--vars") + 1
    assert here[number] != there[number]


def test_what_other_macros_wrote_is_parsed_anew(
    tiny_company: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hooks of models are kept as they were written when they were parsed."""
    settings = tiny_company.settings
    monkeypatch.setattr("pipelines.parses.PROJECT_ROOT", tmp_path)
    (tmp_path / "macros").mkdir()
    told = []
    for said in ("one hook", "another"):
        (tmp_path / "macros" / "hooks.sql").write_text(said)
        options = Transformation(settings, read_company(settings))._options()
        told.append(options[options.index("--vars") + 1])
    assert told[0] != told[1]
