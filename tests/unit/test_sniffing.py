"""From an unseen file to contract, staging model and mapping."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from warehouse.clock import SteppingClock
from warehouse.company import Company, read_company
from warehouse.contract_files import read_sources
from warehouse.contracts import NumberFormat
from warehouse.errors import WrongUseError
from warehouse.receiving import receive_date
from warehouse.settings import PROJECT_ROOT, Settings
from warehouse.sniffing import SniffedColumn, sniff, write_source
from warehouse.sniffing.sample import encoding_of
from warehouse.sniffing.sniff import snake
from warehouse.sniffing.values import AmbiguousValuesError
from warehouse.sniffing.writing import with_input

ENGLISH = """\
Customer ID,First Name,Last Name,Gender,Date of Birth,E-Mail Address,Home Owner,Notes,Last Modified
C001,Ann,Lee,F,03/14/1980,ann@example.com,Y,"likes, commas",2025-12-31 10:00:00
C002,Bob,Ray,M,12/01/1975,bob@example.com,N,,2025-12-30 10:00:00
"""  # noqa: E501 - a header is one line
CHINESE = """\
会员编号,姓名,性别,出生日期,手机号,邮箱,地址,年收入,注册时间,积分
000123,张三,男,1990年03月04日,13800138000,zhang@example.cn,北京市海淀区1号,"￥120,000",2025-01-03 10:20:30,12
000124,李四,女,1985年12月24日,13900139000,,上海市南京路2号,"￥80,000.50",2025-02-03 11:20:30,0
000125,王五,保密的,1979年01月02日,,wang@example.cn,,,2025-03-03 09:00:00,7
"""  # noqa: E501 - a record is one line
GERMAN = """\
Kundennr;Nachname;Vorname;Ort;PLZ;Umsatz;Geburtsdatum;Newsletter
0017;Müller;Jürgen;Köln;50667;"1.234,56";13.04.1980;ja
0018;Weiß;Änne;Ulm;89073;99,5;01.02.1990;nein
"""

Lay = Callable[[str, str | bytes], Path]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a company that may be written to."""
    shutil.copytree(
        PROJECT_ROOT / "companies" / "adventureworks",
        tmp_path / "companies" / "adventureworks",
        ignore=shutil.ignore_patterns("deliveries"),
    )
    return Settings(
        company="adventureworks",
        companies=tmp_path / "companies",
        home=tmp_path / "home",
    )


@pytest.fixture
def company(settings: Settings) -> Company:
    """The company as it was before."""
    return read_company(settings)


@pytest.fixture
def lay(tmp_path: Path) -> Lay:
    """Write a file of that name and content."""

    def write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def by_header(columns: list[SniffedColumn]) -> dict[str, SniffedColumn]:
    """Index columns by the header of the file."""
    return {column.header: column for column in columns}


def test_english_headers_find_their_columns(company: Company, lay: Lay) -> None:
    """Names, dates, codes, yes and no, and what changed when."""
    found = sniff(lay("customers.csv", ENGLISH), entity="party", company=company)
    columns = by_header(found.columns)
    assert {name: column.feeds for name, column in columns.items()} == {
        "Customer ID": "source_record_id",
        "First Name": "given_name",
        "Last Name": "family_name",
        "Gender": "sex_code",
        "Date of Birth": "birth_date",
        "E-Mail Address": "email",
        "Home Owner": "is_home_owner",
        "Notes": None,
        "Last Modified": None,
    }
    assert found.key.contract.name == "customer_id"
    assert found.clock is columns["Last Modified"]
    assert columns["Gender"].codes == {"f": "female", "m": "male"}
    assert columns["Date of Birth"].contract.formats == ["%m/%d/%Y"]
    assert columns["Home Owner"].contract.true_values == ["Y"]
    assert columns["E-Mail Address"].contract.pii == "email"


def test_chinese_in_gbk_is_read_by_its_encoding(company: Company, lay: Lay) -> None:
    """Encoding, headers, dates and money as a Chinese system writes them."""
    file = lay("members.csv", CHINESE.encode("gbk"))
    found = sniff(file, entity="party", company=company)
    columns = by_header(found.columns)
    assert found.sample.encoding == "gb18030"
    assert found.key.header == "会员编号"
    assert columns["会员编号"].contract.data_type == "varchar"
    assert columns["出生日期"].contract.formats == ["%Y年%m月%d日"]
    assert columns["年收入"].contract.number == NumberFormat(
        thousands_mark=",", symbols=["￥"]
    )
    assert columns["性别"].unknown_codes == ["保密的"]
    assert columns["注册时间"].contract.time_zone == company.time_zone
    assert columns["积分"].feeds is None
    assert columns["积分"].contract.name == "ji_fen"


def test_semicolons_and_decimal_commas_are_told(company: Company, lay: Lay) -> None:
    """A Western European file in the Windows code page."""
    file = lay("kunden.csv", GERMAN.encode("cp1252"))
    found = sniff(file, entity="party", company=company)
    columns = by_header(found.columns)
    assert (found.sample.encoding, found.sample.delimiter) == ("cp1252", ";")
    assert columns["PLZ"].contract.data_type == "varchar"
    assert columns["Umsatz"].contract.number == NumberFormat(
        decimal_mark=",", thousands_mark="."
    )


def test_a_date_of_two_readings_is_asked_about(company: Company, lay: Lay) -> None:
    """3 April or 4 March: the engineer says, nobody guesses."""
    file = lay("people.csv", "id,name,dob\n1,a,03/04/1980\n2,b,05/06/1981\n")
    with pytest.raises(
        AmbiguousValuesError, match="--date-format '%d/%m/%Y' or"
    ) as held:
        sniff(file, entity="party", company=company)
    assert "03/04" not in str(held.value)
    told = sniff(file, entity="party", company=company, date_format="%d/%m/%Y")
    assert by_header(told.columns)["dob"].contract.formats == ["%d/%m/%Y"]


def test_a_number_of_two_readings_is_asked_about(company: Company, lay: Lay) -> None:
    """`1,234` is one thousand or one and a bit."""
    file = lay("people.csv", 'id,name,income\n1,a,"1,234"\n2,b,"5,678"\n')
    with pytest.raises(AmbiguousValuesError, match="income"):
        sniff(file, entity="party", company=company)


def test_a_column_that_feeds_nothing_is_not_asked_about(
    company: Company, lay: Lay
) -> None:
    """It is kept as text."""
    file = lay("people.csv", "id,name,visited\n1,a,03/04/1980\n2,b,05/06/1981\n")
    found = sniff(file, entity="party", company=company)
    assert by_header(found.columns)["visited"].contract.data_type == "varchar"


def test_content_of_the_wrong_kind_stays_in_raw(company: Company, lay: Lay) -> None:
    """A column called children that holds words feeds nothing."""
    file = lay("people.csv", "id,name,children\n1,a,many\n2,b,2\n")
    column = by_header(sniff(file, entity="party", company=company).columns)["children"]
    assert column.feeds is None
    assert column.why_not == "its values are not all of type integer"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("id,name\n", "no records"),
        ("id,name\n1,a\n1,b\n", "no column is a key"),
        ("id,id\n1,a\n2,b\n", "no header"),
        ("1,2\n3,4\n5,6\n", "no header"),
        ("id,{{ x }}\n1,a\n2,b\n", "no header"),
        ("id,{# x\n1,a\n2,b\n", "no header"),
        ("id,name\n1,a\n2,b,c\n3,d\n", "cannot be told apart"),
    ],
)
def test_a_file_that_is_no_table_is_refused(
    company: Company, lay: Lay, content: str, message: str
) -> None:
    """With a message that says what to do."""
    with pytest.raises(WrongUseError, match=message):
        sniff(lay("people.csv", content), entity="party", company=company)


def test_other_formats_are_sniffed_too(company: Company, tmp_path: Path) -> None:
    """JSON lines, Parquet and Excel state their columns themselves."""
    frame = pd.DataFrame({"id": ["1", "2"], "name": ["a", "b"], "phone": ["010", ""]})
    frame.to_parquet(tmp_path / "people.parquet")
    frame.to_excel(tmp_path / "people.xlsx", index=False, sheet_name="clients")
    frame.to_json(tmp_path / "people.jsonl", orient="records", lines=True)
    for ending in ("parquet", "xlsx", "jsonl"):
        found = sniff(tmp_path / f"people.{ending}", entity="party", company=company)
        assert [column.feeds for column in found.columns] == [
            "source_record_id",
            "full_name",
            "phone",
        ]
    assert (
        sniff(tmp_path / "people.xlsx", entity="party", company=company).sample.sheet
        == "clients"
    )


def test_what_is_written_is_a_contract_that_loads_the_file(
    settings: Settings, company: Company, lay: Lay
) -> None:
    """Every row passes the door that the written contract makes."""
    file = lay("members_20260105.csv", CHINESE.encode("gbk"))
    written = write_source(settings, company, file, entity="party", source_name="club")
    [club] = [each for each in read_sources(company.folder) if each.name == "club"]
    assert club.tables[0].place == "members_*.csv"
    assert written.model == "stg_club__members"
    assert "积分" in str(written)
    landing = company.landing_folder(settings) / "2026-01-06"
    landing.mkdir(parents=True)
    shutil.copy(file, landing)
    settings.places.prepare()
    moment = SteppingClock(pd.Timestamp("2026-01-06").to_pydatetime())
    again = read_company(settings)
    [load] = receive_date(settings, again, date(2026, 1, 6), clock=moment)
    assert (load.status, load.rows_loaded, load.rows_quarantined) == ("loaded", 3, 0)


def test_the_staging_model_is_in_the_house_style(
    settings: Settings, company: Company, lay: Lay
) -> None:
    """Typed by the macro, codes by `case`, a name made of its parts, 88 columns."""
    file = lay("customers.csv", ENGLISH)
    written = write_source(settings, company, file, entity="party")
    sql = written.files[1].read_text()
    assert sql.startswith("with source as (\n    select * from {{ source('customers'")
    assert sql.endswith("\nselect * from renamed\n")
    assert "{{ typed('customers', 'customers', 'customer_id') }}" in sql
    assert "            when 'f' then 'female'\n" in sql
    assert "        ) as full_name" in sql
    assert max(map(len, sql.splitlines())) <= 88


def test_nothing_is_overwritten(settings: Settings, company: Company, lay: Lay) -> None:
    """A source that exists is changed by hand."""
    file = lay("customers.csv", ENGLISH)
    write_source(settings, company, file, entity="party")
    before = (company.folder / "company.yml").read_text()
    with pytest.raises(WrongUseError, match="exists"):
        write_source(settings, read_company(settings), file, entity="party")
    assert (company.folder / "company.yml").read_text() == before


def test_a_file_that_is_refused_leaves_nothing_behind(
    settings: Settings, company: Company, lay: Lay
) -> None:
    """No folder, no mapping."""
    with pytest.raises(WrongUseError):
        write_source(settings, company, lay("x.csv", "id,id\n1,2\n"), entity="party")
    assert not (company.folder / "sources" / "x").exists()
    assert "stg_x" not in (company.folder / "company.yml").read_text()


def test_the_mapping_keeps_comments_and_order() -> None:
    """Only one model more."""
    text = (
        "# ours\nname: X  # short\ninputs:\n  sale: [stg_a__b]\n  party: [stg_a__c]\n"
    )
    assert with_input(text, "party", "stg_d__e") == text.replace(
        "[stg_a__c]", "[stg_a__c, stg_d__e]"
    )
    added = with_input(text, "product", "stg_d__e")
    assert added.startswith(text)
    assert added.removeprefix(text).split() == ["product:", "-", "stg_d__e"]


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("CustomerKey", "customer_key"),
        ("E-Mail Address", "e_mail_address"),
        ("SKUCode", "sku_code"),
        ("1st order", "column_1st_order"),
        ("Größe", "grosse"),
        ("备注", "bei_zhu"),
        ("x'; drop table y", "x_drop_table_y"),
    ],
)
def test_a_header_becomes_a_name(header: str, name: str) -> None:
    """Lower case, digits and underscores only."""
    assert snake(header) == name


def test_encodings_are_told_by_their_bytes() -> None:
    """UTF-8 proves itself, GB by its pairs, a byte order mark speaks for itself."""
    assert encoding_of("Müller".encode(), where="x") == "utf-8"
    assert encoding_of("张三,北京市".encode("gbk"), where="x") == "gb18030"
    assert encoding_of("a,b".encode("utf-16"), where="x") == "utf-16"
