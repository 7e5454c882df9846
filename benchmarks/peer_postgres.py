"""The marts of the peers by PostgreSQL: texts copied in, then `peer_marts.sql`.

Writes one script for `psql`: the tables that take the texts, a copy of each delivered
file into them, and the statements of the marts. What PostgreSQL cannot read, Parquet,
SQLite and broken rows, becomes sound CSV first; that is measured too.
"""

import csv
import io
import sqlite3
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq

MARTS = Path(__file__).with_name("peer_marts.sql")
TEXTS = {
    "till": "receipt_number line_number outlet_code member_id account_number "
    "product_code sold_at quantity gross_amount discount_amount net_amount tax_amount "
    "currency payment campaign_code is_return terms",
    "web": "order_id line_number registration_id product_id outlet_id campaign_code "
    "channel ordered_at quantity gross_amount discount_amount net_amount currency "
    "payment is_return terms promotion_id coupon",
    "cards": "member_id card_number holder name sex birth_date id_number company_code "
    "email mobile phone marital_status income_band annual_income children home_owner "
    "address postcode city province country issued_at updated_at",
}
"""The columns of each delivery, in their order; all are taken as text."""
RESULTS = ("customer", "sale", "sums")


def tables() -> list[str]:
    """Return the statements that make the tables of texts."""
    made = [
        "create table given (source_name text, source_record_id text,"
        " customer_id text, record_count integer);",
        "create table product (product_id text, category text);",
    ]
    for table, columns in TEXTS.items():
        listed = ", ".join(f"{column} text default ''" for column in columns.split())
        made.append(f"create unlogged table {table} ({listed}, row_number bigserial);")
    return made


def copied(table: str, source: str, options: str = "") -> str:
    """Return the command that copies a file, or what a program says, into a table."""
    columns = f" ({TEXTS[table].replace(' ', ', ')})" if table in TEXTS else ""
    return (
        f"\\copy {table}{columns} from {source} "
        f"with (format csv, header, null '\\N'{options})"
    )


def quoted(file: Path) -> str:
    """Return the path as psql reads it."""
    return "'" + str(file).replace("'", "''") + "'"


def copies(landing: Path, given: Path, folder: Path) -> list[str]:
    """Return the commands that copy all deliveries in; what is no CSV becomes one."""
    found = [
        copied("given", quoted(given)),
        copied("product", quoted(products(landing, folder))),
    ]
    for file in sorted(landing.glob("*/till/sales*.csv")):
        found.append(copied("till", f"program {quoted_program(file)}"))
    for number, file in enumerate(sorted(landing.glob("*/web/orders*.parquet"))):
        text = folder / f"web_{number}.csv"
        pc.write_csv(pq.read_table(file), text)
        found.append(copied("web", quoted(text)))
    for number, file in enumerate(sorted(landing.glob("*/member/cards*.csv"))):
        text = folder / f"cards_{number}.csv"
        pc.write_csv(sound_rows(file, "gb18030"), text)
        found.append(copied("cards", quoted(text)))
    return found


def sound_rows(file: Path, encoding: str) -> pa.Table:
    """Read the rows of a CSV file whose encoding and number of fields are right.

    PostgreSQL would refuse the whole file for one that is not.
    """
    text = file.read_bytes().decode(encoding, errors="replace")
    lines = [line for line in text.splitlines(keepends=True) if "\ufffd" not in line]
    columns = lines[0].rstrip("\r\n").split(",")
    return pc.read_csv(
        io.BytesIO("".join(lines).encode()),
        parse_options=pc.ParseOptions(invalid_row_handler=lambda row: "skip"),
        convert_options=pc.ConvertOptions(
            column_types=dict.fromkeys(columns, pa.string())
        ),
    )


def quoted_program(file: Path) -> str:
    """Return the program that says a file without its last line, the control total."""
    return "'" + f"head -n -1 {file}".replace("'", "''") + "'"


def products(landing: Path, folder: Path) -> Path:
    """Write the products of the shop as CSV."""
    file = folder / "products.csv"
    with (
        sqlite3.connect(landing / "systems" / "shop.sqlite") as shop,
        file.open("w", encoding="utf-8", newline="") as text,
    ):
        writer = csv.writer(text)
        writer.writerow(["product_id", "category"])
        writer.writerows(
            shop.execute("select distinct product_id, category from products")
        )
    return file


def script(landing: Path, given: Path, folder: Path) -> Path:
    """Write the whole script, and return its file."""
    lines = [
        *tables(),
        *copies(landing, given, folder),
        MARTS.read_text(encoding="utf-8"),
        "checkpoint;",
    ]
    file = folder / "marts.sql"
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def results(folder: Path) -> Path:
    """Write the script that writes the marts out as CSV, and return its file."""
    file = folder / "results.sql"
    lines = [
        f"\\copy {table} to {quoted(folder / f'{table}.csv')} with (format csv, header)"
        for table in RESULTS
    ]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file
