"""What the demo published, held against what was delivered and what was planted.

Each test reads the release as an analyst would, and the deliveries by another way than
receiving's, so that an error of both is needed to pass.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from operator import add

import duckdb
import pytest
from house import House

from warehouse.company import read_company

IDENTIFIERS = ("email", "phone", "national_id", "account", "member_number")
MEASURES = ("quantity", "gross_amount", "net_amount", "tax_amount")
NUMBER = re.compile(r"[ACGH][0-9]{11}")


@pytest.fixture(scope="module")
def receipts(demo_night: House) -> list[dict[str, str]]:
    """Lines of receipts as the tills wrote them, each once; bad rows and totals not."""
    lines = {}
    for file in sorted(demo_night.settings.places.landing.glob("*/till/*.csv")):
        text = file.read_bytes().decode("utf-8", errors="replace").splitlines()
        for row in csv.DictReader(text):
            if NUMBER.fullmatch(row["receipt_number"]):
                lines[row["receipt_number"], row["line_number"]] = row
    return list(lines.values())


def test_sales_add_up_to_the_delivered_receipts(
    demo_night: House, receipts: list[dict[str, str]]
) -> None:
    """Lines, units and money of each currency are those of the files."""
    totals: defaultdict[str, list[Decimal]] = defaultdict(lambda: [Decimal()] * 5)
    for row in receipts:
        line = [Decimal(1), *(Decimal(row[name]) for name in MEASURES)]
        totals[row["currency"]] = list(map(add, totals[row["currency"]], line))
    sums = ", ".join(f"sum({name})" for name in MEASURES)
    published = demo_night.rows(
        f"select currency_code, count(*), {sums} from behavioural.fct_sale"  # noqa: S608
        " where source_key = 'till' group by currency_code"
    )
    assert {row[0]: list(row[1:]) for row in published} == totals


def test_net_is_gross_less_discount_on_every_line(demo_night: House) -> None:
    """Returns too: their three amounts are negative, so that sums agree."""
    broken = demo_night.rows(
        "select sale_key from behavioural.fct_sale"
        " where gross_amount - discount_amount <> net_amount"
        " or gross_amount * discount_amount < 0"
    )
    assert broken == []


def test_every_response_keeps_its_kind_and_its_coupon(demo_night: House) -> None:
    """What answered an exposure is told by the exposure's row."""
    ((answered, told, coupons),) = demo_night.rows(
        "select count(*), count(response_type_code), count(coupon_code)"
        " from behavioural.fct_campaign_touch where is_responded"
    )
    assert answered == told > coupons > 0


def test_a_campaign_reaches_nobody_before_it_begins(demo_night: House) -> None:
    """Touches and the sales credited to a campaign fall into its days."""
    for fact, moment in (("sale", "ordered"), ("campaign_touch", "touched")):
        early_or_late = demo_night.rows(
            f"select campaign_key from behavioural.fct_{fact}"  # noqa: S608
            " inner join shared.dim_campaign using (campaign_key)"
            f" where try_cast({moment}_date_key as date) < starts_on"
            f" or try_cast({moment}_date_key as date) > ends_on"
        )
        assert early_or_late == []


def test_no_two_customers_of_the_truth_are_linked(demo_night: House) -> None:
    """Twins, namesakes and those who share a telephone stay apart."""
    truth = demo_night.settings.places.root / "truth" / "records.parquet"
    mixed = demo_night.rows(
        "select links.customer_id from descriptive.bridge_customer_identity as links"
        " inner join read_parquet($1) as truth using (source_name, source_record_id)"
        " group by links.customer_id having count(distinct truth.party_id) > 1",
        [str(truth)],
    )
    assert mixed == []


def test_what_customers_bought_is_kept_in_one_currency(demo_night: House) -> None:
    """Number, amount, first and last follow from the sales; a return is none."""
    wrong = demo_night.rows(
        """
        select customer_id
        from descriptive.dim_customer
        left join (
            select
                customer_id,
                count(distinct order_key) filter (not is_return) as order_count,
                sum(company_net_amount) as net_amount,
                min(ordered_at) filter (not is_return) as first_at,
                max(ordered_at) filter (not is_return) as last_at
            from behavioural.fct_sale
            group by customer_id
        ) as bought using (customer_id)
        where customer_id <> '_unknown' and (
            transaction_count <> coalesce(order_count, 0)
            or transaction_amount <> coalesce(net_amount, 0)
            or first_transaction_at is distinct from first_at
            or last_transaction_at is distinct from last_at
        )
        """
    )
    assert wrong == []


def test_no_delivered_identifier_of_a_person_is_in_the_marts(
    demo_night: House,
) -> None:
    """Values, not names of columns: none of raw's identifiers occurs in any text."""
    places = demo_night.settings.places
    release = places.current.resolve() / "marts.duckdb"
    with duckdb.connect() as connection:
        connection.execute("create table identifier (class varchar, value varchar)")
        connection.execute(f"attach '{places.archive}' as archive (read_only)")
        connection.execute(f"attach '{release}' as marts (read_only)")
        for column, table, name in _identifying(demo_night):
            connection.execute(
                f"insert into identifier select distinct $1, trim({column})"  # noqa: S608
                f" from archive.{table} where length(trim({column})) > 6",
                [name],
            )
        assert connection.sql("from identifier").fetchone()
        leaks = {
            text: connection.execute(
                f"select count(*) from {text[0]} semi join identifier"  # noqa: S608
                f' on "{text[1]}" = value'
            ).fetchone()
            for text in connection.execute(
                "select 'marts.' || schema_name || '.' || table_name, column_name"
                " from duckdb_columns() where database_name = 'marts'"
                " and data_type = 'VARCHAR' and schema_name <> 'main'"
            ).fetchall()
        }
    assert {text for text, found in leaks.items() if found != (0,)} == set()


def _identifying(house: House) -> Iterator[tuple[str, str, str]]:
    """Yield column, raw table and class of what identifies a person directly."""
    for source in read_company(house.settings).sources:
        for table in source.tables:
            for column in table.columns:
                if column.pii in IDENTIFIERS:
                    yield column.name, f"raw_{source.name}.{table.name}", column.pii


def test_the_truth_knows_every_record(demo_night: House) -> None:
    """No record is lost between a source and the customers, and none is made up."""
    truth = demo_night.settings.places.root / "truth" / "records.parquet"
    ((lost,),) = demo_night.rows(
        "select count(*) from read_parquet($1) as truth"
        " full join descriptive.bridge_customer_identity as links"
        " using (source_name, source_record_id)"
        " where truth.party_id is null or links.customer_id is null",
        [str(truth)],
    )
    assert lost == 0
