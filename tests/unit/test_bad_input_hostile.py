"""Text that wants to be more than text, and numbers that prove nothing."""

from pathlib import Path

import duckdb
import pytest

from warehouse.contract_files import read_sources
from warehouse.database import identifier
from warehouse.errors import ClienteleError, ContractError
from warehouse.identity.tax_ids import TELLING_TAX_ID
from warehouse.standardization.codes import national_id, organisation_code

PERSON, FIRM = "11010119900307109X", "91110000600037341L"
DIGITS = "0123456789"


def test_a_tag_of_yaml_runs_nothing(tmp_path: Path) -> None:
    """A contract is data, whoever wrote it."""
    touched = tmp_path / "touched"
    file = tmp_path / "sources" / "crm" / "_crm__sources.yml"
    file.parent.mkdir(parents=True)
    tag = f"!!python/object/apply:pathlib.Path.touch [!!python/name:str {touched}]"
    file.write_text(f"version: 2\nsources: {tag}\n", encoding="utf-8")
    with pytest.raises(ContractError):
        read_sources(tmp_path)
    assert not touched.exists()


@pytest.mark.parametrize("name", ['x"; drop table y; --', "a b", "", "x" * 64, "Ünï"])
def test_a_name_that_is_sql_reaches_no_statement(name: str) -> None:
    """Names are let through by a list of what they may hold."""
    with pytest.raises(ClienteleError, match="not allowed"):
        identifier(name)


@pytest.mark.parametrize(
    ("code", "prove"), [(PERSON, national_id), (FIRM, organisation_code)]
)
def test_a_wrong_check_digit_proves_nothing(code: str, prove: object) -> None:
    """A single wrong digit is seen, wherever it stands."""
    assert callable(prove)
    assert prove(code) == code
    wrong = [
        f"{code[:place]}{digit}{code[place + 1 :]}"
        for place, right in enumerate(code)
        if right in DIGITS
        for digit in DIGITS
        if digit != right
    ]
    assert [each for each in wrong if prove(each)] == []


def telling(*tax_ids: str) -> list[str]:
    """Return the tax numbers by which organisations are told apart."""
    with duckdb.connect() as connection:
        found = connection.execute(
            f"select {TELLING_TAX_ID} from (select unnest(?::varchar[]) as tax_id)",  # noqa: S608
            [list(tax_ids)],
        ).fetchall()
    return [value for (value,) in found if value is not None]


def test_a_tax_number_in_the_form_of_a_code_bears_its_check_digit_out() -> None:
    """A single wrong digit is seen; numbers of other forms are believed."""
    wrong = [
        f"{FIRM[:place]}{digit}{FIRM[place + 1 :]}"
        for place, right in enumerate(FIRM)
        if right in DIGITS
        for digit in DIGITS
        if digit != right
    ]
    believed = [
        FIRM,
        FIRM.lower(),
        f"{FIRM[:8]}-{FIRM[8:]}",
        "DE136695976",
        "21/815/08150",
    ]
    assert telling(*wrong) == []
    assert telling(*believed) == believed


def test_a_tax_number_that_is_typed_for_none_tells_nobody() -> None:
    """One character, or digits in a row."""
    assert telling("0" * 15, "9" * 18, "123456789", "987-654-321", "xxx", "-") == []
