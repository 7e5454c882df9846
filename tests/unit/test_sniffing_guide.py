"""The guide says what the commands really print."""

import re
from pathlib import Path

import pytest

from warehouse.company import read_company
from warehouse.settings import PROJECT_ROOT, Settings
from warehouse.sniffing import check_source, write_source

GUIDE = (PROJECT_ROOT / "docs" / "add-a-source.md").read_text(encoding="utf-8")


def block(language: str, start: str) -> str:
    """Return the block of the guide that starts so."""
    blocks = re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)
    [found] = [each for each in blocks if each.startswith(start)][:1]
    return found


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The company of the guide, in a folder that is the working folder."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "companies" / "wineshop"
    folder.mkdir(parents=True)
    (folder / "company.yml").write_text(block("yaml", "name: Wine shop"))
    return Settings(
        company="wineshop", companies=tmp_path / "companies", home=tmp_path / "var"
    )


def test_the_guide_shows_what_is_printed(settings: Settings, tmp_path: Path) -> None:
    """The file of the guide yields the report of the guide, word for word."""
    file = tmp_path / "kunden_20260105.csv"
    file.write_bytes(block("csv", "Kundennr").encode("cp1252"))
    company = read_company(settings, is_new=True)
    written = write_source(settings, company, file, entity="party")
    shown = block("console", r"$ export").splitlines()[2:]
    assert str(written).splitlines() == shown
    asked = block("console", "$ clientele source check\nSource").splitlines()[1:]
    assert check_source(read_company(settings)) == asked


def test_what_the_guide_tells_to_say_is_enough(
    settings: Settings, tmp_path: Path
) -> None:
    """With the lines of the guide in the contract, nothing is left to mend."""
    file = tmp_path / "kunden_20260105.csv"
    file.write_bytes(block("csv", "Kundennr").encode("cp1252"))
    company = read_company(settings, is_new=True)
    written = write_source(settings, company, file, entity="party")
    contract = written.files[0].read_text(encoding="utf-8")
    for line in block("yaml", "          channel").splitlines():
        name = line.split(":")[0]
        contract = re.sub(rf"^{name}: .*$", line, contract, flags=re.MULTILINE)
    written.files[0].write_text(contract, encoding="utf-8")
    assert check_source(read_company(settings)) == []
