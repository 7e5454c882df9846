"""Fields that one industry has and another has not, without a change of code."""

import re
import shutil
from pathlib import Path

import pytest
from night_world import Nights

from warehouse.company import read_company
from warehouse.errors import ContractError
from warehouse.extra_attributes import read_extra_attributes
from warehouse.settings import PROJECT_ROOT, Settings

COMPANIES = Path(__file__).parents[1] / "companies"
SUBSCRIBERS = (
    "subscriber,name,tariff,monthly_fee,data_volume_gb,has_roaming,contract_ends_on,"
    "sim_number\n"
    "7,Ann Lee,Large,39.90,40,Y,2027-03-31,8986001\n"
    "8,Bo Ek,,,,,,\n"
)
PLANTS = (
    "plant,name,machine_count,yearly_steel_t,is_iso_certified,last_audit_at\n"
    "1,Alder Tools Ltd,120,850.5,Y,2025-11-03 08:30:00\n"
)
EXAMPLE = re.compile(r"^```sql\n(.*?)^```\n\n```text\n(.*?)^```", re.M | re.S)
HEADER = "attribute_name,data_type,label_en,label_zh,description,personal_class\n"
COLUMNS = """
select columns.column_name, columns.data_type, columns.comment
from duckdb_columns() as columns
where columns.table_name = 'dim_customer_extra'
order by columns.column_index
"""
KNOWN = "where customer_extra_key <> '_unknown'"


def house_of(company: str, home: Path) -> Nights:
    """Return the house of an example company, with a copy of its folder."""
    companies = home / "companies"
    shutil.copytree(COMPANIES / company, companies / company)
    return Nights(Settings(company=company, home=home / "home", companies=companies))


def test_a_telecom_has_its_own_fields_and_personal_ones_are_restricted(
    tmp_path: Path,
) -> None:
    """Typed columns, described in the file; a card's number is not in the marts."""
    house = house_of("telecom", tmp_path)
    house.deliver("2026-01-05", "subscribers.csv", SUBSCRIBERS)
    house.night()
    assert [(name, kind) for name, kind, _ in house.rows(COLUMNS)] == [
        ("customer_extra_key", "VARCHAR"),
        ("customer_id", "VARCHAR"),
        ("tariff", "VARCHAR"),
        ("monthly_fee", "DECIMAL(18,2)"),
        ("data_volume_gb", "INTEGER"),
        ("has_roaming", "BOOLEAN"),
        ("contract_ends_on", "DATE"),
    ]
    assert house.rows(COLUMNS)[3][2] == (
        "Monthly fee (月租费). What it costs a month, in yuan."
    )
    page = (PROJECT_ROOT / "docs" / "extra-attributes.md").read_text(encoding="utf-8")
    [(query, printed)] = EXAMPLE.findall(page)
    found = [" | ".join(map(str, row)) for row in house.rows(query)]
    assert found == printed.splitlines()
    dictionary = COMPANIES / "telecom" / "dictionaries" / "extra_attribute.csv"
    assert dictionary.read_text(encoding="utf-8") in page
    assert house.rows(
        "select count(*), count_if(customer_extra_key = '_unknown') "
        "from descriptive.dim_customer where customer_id <> '_unknown'"
    ) == [(2, 1)]
    with house.open("restricted") as restricted:
        assert restricted.execute(
            f"select sim_number from descriptive.dim_customer_extra {KNOWN}"  # noqa: S608
        ).fetchall() == [("8986001",)]


def test_a_manufacturer_has_others(tmp_path: Path) -> None:
    """The same product, another dictionary; a field leaves when its row does."""
    house = house_of("manufacturer", tmp_path)
    house.deliver("2026-01-05", "plants.csv", PLANTS)
    house.night()
    query = (
        "select machine_count, cast(yearly_steel_t as text), is_iso_certified, "  # noqa: S608
        f"cast(last_audit_at as text) from descriptive.dim_customer_extra {KNOWN}"
    )
    assert house.rows(query) == [(120, "850.5", True, "2025-11-03 08:30:00")]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("fleet,integer,Fleet,车队,Cars.,secret", "personal_class"),
        ("Fleet,integer,Fleet,车队,Cars.,", "attribute_name"),
        ("fleet,number,Fleet,车队,Cars.,", "data_type"),
        ("fleet,integer,Fleet,,Cars.,", "label_zh"),
        ("customer_id,varchar,Id,编号,Own.,", "customer_id is a key"),
        ("a,date,A,甲,One.,\na,date,A,甲,One.,", "a is named twice"),
    ],
)
def test_a_row_that_is_not_as_it_must_be_is_refused(
    tmp_path: Path, row: str, said: str
) -> None:
    """The error names the file, the line and the field."""
    file = tmp_path / "dictionaries" / "extra_attribute.csv"
    file.parent.mkdir()
    file.write_text(HEADER + row + "\n", encoding="utf-8")
    with pytest.raises(ContractError, match=said) as refused:
        read_extra_attributes(tmp_path)
    assert "line " in str(refused.value.where)


@pytest.mark.parametrize("personal_class", ["", "finance"])
def test_an_attribute_less_personal_than_its_contract_says_is_refused(
    tmp_path: Path, personal_class: str
) -> None:
    """One empty field must not carry personal data into the marts."""
    house = house_of("telecom", tmp_path)
    file = tmp_path / "companies/telecom/dictionaries/extra_attribute.csv"
    written = file.read_text(encoding="utf-8")
    file.write_text(written.replace("online_id", personal_class), encoding="utf-8")
    with pytest.raises(ContractError, match="sim_number") as refused:
        read_company(house.settings)
    assert refused.value.where == "billing.subscribers"
    assert "personal_class online_id" in str(refused.value.mend)


def test_a_company_that_names_none_has_none(tmp_path: Path) -> None:
    """The outrigger then has its keys alone."""
    assert read_extra_attributes(tmp_path) == []
