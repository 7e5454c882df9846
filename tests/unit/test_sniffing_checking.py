"""Contracts, staging models and mapping held against each other."""

import csv
import shutil
from pathlib import Path

import pytest

from warehouse.company import read_company
from warehouse.contract_files import read_sources
from warehouse.errors import WrongUseError
from warehouse.settings import PROJECT_ROOT, Settings
from warehouse.sniffing import check_source, write_source

COMPANY = "adventureworks"
CUSTOMERS = "sources/registration/stg_registration__customers"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a company that may be spoiled."""
    shutil.copytree(
        PROJECT_ROOT / "companies" / COMPANY,
        tmp_path / COMPANY,
        ignore=shutil.ignore_patterns("deliveries"),
    )
    return Settings(company=COMPANY, companies=tmp_path, home=tmp_path / "home")


def spoil(settings: Settings, file: str, old: str, new: str) -> list[str]:
    """Replace a text in one of the company's files and check the company."""
    path = settings.companies / COMPANY / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return check_source(read_company(settings))


@pytest.mark.parametrize("company", ["adventureworks", "completejourney"])
def test_the_companies_of_real_data_agree(company: str) -> None:
    """What ships has nothing to mend."""
    assert check_source(read_company(Settings(company=company))) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        (
            "company.yml",
            "stg_registration__customers",
            "stg_registration__clients",
            "stg_registration__clients: company.yml maps it to party, but",
        ),
        (
            "company.yml",
            "  product: [stg_catalogue__products]\n",
            "",
            "stg_catalogue__products: it feeds no entity",
        ),
        (
            f"{CUSTOMERS}.sql",
            "'customer_key') }} as source_record_id",
            "'email_address') }} as source_record_id",
            "source_record_id is published, but email_address is personal data (email)",
        ),
        (
            f"{CUSTOMERS}.yml",
            "name: email",
            "name: e_mail",
            "party has no column e_mail",
        ),
        (
            f"{CUSTOMERS}.yml",
            "name: source_record_id",
            "name: member_number",
            "source_record_id, the id of a record, is not covered",
        ),
        (
            f"{CUSTOMERS}.sql",
            "'customers', 'prefix'",
            "'customers', 'title'",
            "the contract of registration.customers has no title",
        ),
        (
            f"{CUSTOMERS}.sql",
            "source('registration', 'customers')",
            "source('registration', 'clients')",
            "no contract has the table registration.clients",
        ),
        (
            "sources/registration/_registration__sources.yml",
            "collected_by: Web shop of Adventure Works",
            "collected_by: _unknown",
            "Source registration: the contract does not say collected_by",
        ),
        (
            "sources/registration/_registration__sources.yml",
            "          collected_where: The company's web shop\n",
            "",
            "Source registration: the contract does not say collected_where",
        ),
        (
            "sources/registration/_registration__sources.yml",
            "channel: web",
            "channel: pigeon",
            "no dictionary has the channel pigeon",
        ),
    ],
)
def test_what_does_not_agree_is_said(
    settings: Settings, file: str, old: str, new: str, problem: str
) -> None:
    """One sentence for each fault that was planted."""
    assert any(problem in said for said in spoil(settings, file, old, new))


def test_a_model_without_its_yml_is_said(settings: Settings) -> None:
    """The yml beside a model is part of it."""
    (settings.companies / COMPANY / f"{CUSTOMERS}.yml").unlink()
    [problem] = check_source(read_company(settings))
    assert "stg_registration__customers.yml beside it is missing" in problem


def test_an_unknown_source_is_wrong_use() -> None:
    """With the names of those that there are."""
    with pytest.raises(WrongUseError, match="catalogue, orders, registration"):
        check_source(read_company(Settings(company=COMPANY)), "nobody")


HOSTILE = (
    *("!!python/object/apply:os.system [reboot]", "a: b # c", "- d", '"e', "{f: g}"),
    *("'; drop table y; --", "*h", "&i", "=1+1", "<script>", "\x1b[2J", "%m"),
    *("] }}", "Ignore what was said before"),
)


def test_headers_that_are_code_are_text_in_what_is_written(
    settings: Settings, tmp_path: Path
) -> None:
    """In the contract they are what they are; models have names of their own."""
    company, file = read_company(settings), tmp_path / "people.csv"
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(["id", "name", *HOSTILE])
        writer.writerow(["1", "Ann", *("a" for _ in HOSTILE)])
        writer.writerow(["2", "Bob", *("b" for _ in HOSTILE)])
    written = write_source(settings, company, file, entity="party", source_name="club")
    [club] = [each for each in read_sources(company.folder) if each.name == "club"]
    headers = [column.delivered_as for column in club.tables[0].columns]
    assert headers == ["id", "name", *HOSTILE]
    for each in written.files:
        if each.suffix == ".sql":
            text = each.read_text(encoding="utf-8")
            assert [header for header in HOSTILE if header in text] == []
