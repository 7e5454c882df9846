"""The demo company: the same seed gives the same bytes, with all that is promised."""

import re
from collections.abc import Iterator
from pathlib import Path

import phonenumbers
import pyarrow.parquet as parquet
import pytest
import yaml
from demo_world import (
    COMPANY,
    CUSTOMERS,
    digest,
    lines_of,
    make,
    table_of,
)
from stdnum.cn import ric, uscc

from warehouse.company import read_company
from warehouse.contract_files import read_sources
from warehouse.demo import DemoSummary, generate
from warehouse.demo import vocabulary as words
from warehouse.errors import WrongUseError
from warehouse.settings import PROJECT_ROOT, Settings


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoSummary:
    """Make the deliveries once for all tests of this module."""
    return make(tmp_path_factory.mktemp("demo"))


def test_same_seed_gives_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    """Every delivery and the truth are a function of the numbers asked for."""
    digests = []
    for name, seed in (("first", 5), ("second", 5), ("third", 6)):
        settings = Settings(home=tmp_path / name, company="demo")
        generate(settings, customers=1_000, days=4, seed=seed)
        digests.append(digest(tmp_path / name))
    assert digests[0] == digests[1] != digests[2]


@pytest.mark.parametrize(("customers", "days"), [(999, 7), (10_000_001, 7), (1_000, 0)])
def test_numbers_out_of_bounds_are_refused(
    tmp_path: Path, customers: int, days: int
) -> None:
    """Too few or too many customers, or no day at all, is wrong use."""
    settings = Settings(home=tmp_path, company="demo")
    with pytest.raises(WrongUseError):
        generate(settings, customers=customers, days=days, seed=1)


def test_only_the_demo_company_is_made_up(tmp_path: Path) -> None:
    """A real company's landing folder is never overwritten."""
    settings = Settings(home=tmp_path, company="adventureworks")
    with pytest.raises(WrongUseError, match="adventureworks"):
        generate(settings, customers=1_000, days=1, seed=1)


def test_one_day_and_no_sales_are_enough(tmp_path: Path) -> None:
    """The smallest company of one day can be made, its sale files without a line."""
    settings = Settings(home=tmp_path, company="demo")
    made = generate(settings, customers=1_000, days=1, seed=1, lines_per_customer=0)
    assert made.rows["web.orders"] == 0
    assert made.rows["till.sales"] == 0


def test_deliveries_have_the_columns_of_their_contracts(demo: DemoSummary) -> None:
    """A delivered column is declared; one that is left out is declared optional."""
    for source in read_sources(COMPANY):
        for table in (each for each in source.tables if each.format == "csv"):
            names = {column.name for column in table.columns}
            optional = {column.name for column in table.columns if column.is_optional}
            paths = list(demo.landing.glob(f"*/{table.place}"))
            assert paths, table.place
            for path in paths:
                header = set(lines_of(path, table)[0])
                assert header <= names
                assert names - header <= optional
                if names != header:
                    assert "changes" in path.name


def test_footers_state_count_and_sum_of_their_files(demo: DemoSummary) -> None:
    """The control total is that of all rows, as far as they can be read."""
    contract = table_of("till", "sales")
    for path in demo.landing.glob(f"*/{contract.place}"):
        header, *rows, footer = lines_of(path, contract)
        amounts = [row[header.index("net_amount")] for row in rows]
        cents = sum(int(amount.replace(".", "")) for amount in amounts)
        assert footer[:2] == ["TOTAL", str(len(rows))]
        assert int(footer[2].replace(".", "")) == cents


def test_sale_lines_per_customer_are_constant(demo: DemoSummary) -> None:
    """Till and web together sell twenty lines for each customer."""
    contract = table_of("till", "sales")
    receipts = [
        row[0]
        for path in demo.landing.glob(f"*/{contract.place}")
        if "resent" not in path.name
        for row in lines_of(path, contract)[1:-1]
        if not row[0].startswith("BAD")
    ]
    assert len(receipts) + demo.rows["web.orders"] == 20 * CUSTOMERS


def test_some_cards_are_used_before_they_are_delivered(demo: DemoSummary) -> None:
    """Sales name cards that come on a later day; in the end each of them has come."""
    cards, sales = table_of("member", "cards"), table_of("till", "sales")
    known: set[str] = set()
    orphans: set[str] = set()
    for folder in sorted(demo.landing.glob("2026-*")):
        for path in folder.glob(cards.place):
            known |= {row[0] for row in lines_of(path, cards)[1:]}
        for path in folder.glob(sales.place):
            used = {row[3] for row in lines_of(path, sales)[1:-1] if row[3]}
            orphans |= used - known
    assert orphans
    assert orphans <= known


def test_numbers_have_true_check_digits_but_for_a_few(demo: DemoSummary) -> None:
    """Resident ids and organisation codes stand the library's test, most of them."""
    cards = table_of("member", "cards")
    places = [column.name for column in cards.columns]
    first = demo.landing / "2026-01-01" / "member" / "cards_2026-01-01.csv"
    rows = [row for row in lines_of(first, cards)[1:] if len(row) == len(places)]
    ids = [row[places.index("id_number")] for row in rows]
    proven = [
        ric.calc_check_digit(number) == number[-1] and bool(ric.get_birth_date(number))
        for number in ids
        if number
    ]
    assert 0.95 < sum(proven) / len(proven) < 1
    directory = table_of("list_beta", "names")
    codes = [
        row[4]
        for path in demo.landing.glob(f"*/{directory.place}")
        for row in lines_of(path, directory)[1:]
        if row[4]
    ]
    assert sum(map(uscc.is_valid, codes)) / len(codes) > 0.9


def test_telephone_numbers_are_valid(demo: DemoSummary) -> None:
    """Numbers can be dialled, but for the placeholder that some shops type in."""
    directory = table_of("list_alpha", "names")
    names = [column.name for column in directory.columns]
    checked = 0
    for path in demo.landing.glob(f"*/{directory.place}"):
        for row in lines_of(path, directory)[1:]:
            fields = dict(zip(names, row, strict=True))
            for number in (fields["mobile"], fields["phone"]):
                if number and number != "13800000000":
                    parsed = phonenumbers.parse(number, fields["country"])
                    assert phonenumbers.is_valid_number(parsed), number[:6]
                    checked += 1
    assert checked > 100


def test_e_mail_hosts_are_reserved_for_examples() -> None:
    """Nobody can be reached at an address that was made up."""
    text = (PROJECT_ROOT / "warehouse/demo/known.py").read_text(encoding="utf-8")
    hosts = re.findall(r'"([a-z.]*example\.[a-z]+)"', text)
    assert set(hosts) == {
        "example.com",
        "example.org",
        "example.net",
        "mail.example.com",
    }


def test_words_that_are_mistaken_for_each_other_stand_in_pairs() -> None:
    """A list of odd length would mistake its last word for its first."""
    for name in vars(words):
        if name.startswith(("FAMILY_", "GIVEN_", "STREETS_")):
            assert len(getattr(words, name)) % 2 == 0, name


def test_parquet_rows_are_as_many_as_were_counted(demo: DemoSummary) -> None:
    """The summary counts what the files hold."""
    paths = demo.landing.glob("*/web/events*.parquet")
    held = sum(parquet.ParquetFile(path).metadata.num_rows for path in paths)
    assert held == demo.rows["web.events"]


def test_every_attribute_of_a_party_is_fed_by_some_source() -> None:
    """Rows A1 and A2 of the requirements have a source each."""
    company = read_company(Settings(company="demo"))
    stated = yaml.safe_load(
        (PROJECT_ROOT / "models/input/input_party.yml").read_text(encoding="utf-8")
    )
    columns = {
        column["name"]
        for column in stated["models"][0]["columns"]
        if not column.get("config", {}).get("meta", {}).get("is_derived")
        and not column["name"].startswith("collected_")
    }
    fed: set[str] = set()
    for model in company.inputs["party"]:
        (path,) = COMPANY.glob(f"sources/*/{model}.sql")
        fed |= set(re.findall(r"\bas (\w+)", path.read_text(encoding="utf-8")))
    delivered = (PROJECT_ROOT / "macros/delivery_columns.sql").read_text()
    fed |= set(re.findall(r"\bas (\w+)", delivered)) | {"is_deleted"}
    assert columns <= fed


def test_a_report_names_a_value_that_its_record_has_stated(demo: DemoSummary) -> None:
    """What is tried is what a source delivered, so that each report finds its point."""
    for source, table, place, stated in (
        ("email_gateway", "reports", "address", ("web", "registrations", "email")),
        ("mail_house", "returns", "address", ("member", "cards", "address")),
        ("call_centre", "number_checks", "number", ("member", "cards", "mobile")),
    ):
        held = {
            (row[0], row[_place(stated, header)])
            for header, row in _rows(demo, stated[0], stated[1])
            if len(row) == len(header)
        }
        tried = {
            (row[2], row[header.index(place)])
            for header, row in _rows(demo, source, table)
            if len(row) == len(header) and row[1] == stated[0]
        }
        assert tried, table
        assert tried <= held, table


def _place(stated: tuple[str, str, str], header: list[str]) -> int:
    return header.index(stated[2]) if stated[2] in header else 0


def _rows(
    demo: DemoSummary, source: str, table: str
) -> Iterator[tuple[list[str], list[str]]]:
    contract = table_of(source, table)
    for path in demo.landing.glob(f"*/{contract.place}"):
        header, *rows = lines_of(path, contract)
        yield from ((header, row) for row in rows)
