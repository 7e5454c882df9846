"""The marts of the peers by pandas alone: no history but that of cards, no checks.

Run as a process of its own, `peer_pandas.py LANDING GIVEN TARGET`: reads the deliveries
of till, web shop and loyalty system and the table of products, is given which record is
which customer, and writes customer versions, sale lines and their sums by period as
Parquet, flushed. What exactly is in `peers.py`; `peer_marts.sql` says the same in SQL.
"""

import os
import sqlite3
import sys
from pathlib import Path

import numpy as np
import pandas as pd

ZONE = "Asia/Shanghai"
BEGINNING = np.datetime64("1900-01-01", "us")
END = np.datetime64("9999-12-31", "us")
SEX = {"女": "female", "男": "male"}
MARITAL = {"未婚": "single", "已婚": "married", "离异": "divorced", "丧偶": "widowed"}
OWNER = {"是": True, "否": False}
ATTRIBUTES = ["sex_code", "marital_status_code", "income_band_code", "children_count"]
ATTRIBUTES += ["is_home_owner", "postcode", "city"]
CURRENCIES = ["CNY", "HKD", "USD", "GBP", "EUR", "SGD"]
GRAIN = ["category", "channel_code", "currency_code"]
AMOUNTS = ["gross_cents", "discount_cents", "net_cents"]
MOST_UNITS = 1000


def read_text(files: list[Path], encoding: str) -> pd.DataFrame:
    """Read CSV files as text, in the order of dates and names.

    Rows of too many fields are left out, and those that are broken in their encoding.
    """
    read = [
        pd.read_csv(
            file,
            dtype=str,
            keep_default_na=False,
            encoding=encoding,
            encoding_errors="replace",
            on_bad_lines="skip",
        )
        for file in files
    ]
    rows = pd.concat(read, ignore_index=True)
    broken = pd.Series(False, index=rows.index)
    for name in rows.columns:
        broken |= rows[name].str.contains("\ufffd", na=True)
    return rows[~broken]


def moments(texts: pd.Series) -> pd.Series:
    """Return texts with an offset as naive UTC; what is no moment as none."""
    found = pd.to_datetime(texts, utc=True, errors="coerce", format="ISO8601")
    return found.dt.tz_localize(None).astype("datetime64[us]")


def cents(values: pd.Series) -> pd.Series:
    """Return amounts as whole cents."""
    return (pd.to_numeric(values, errors="coerce") * 100).round()


def customers(landing: Path, given: pd.DataFrame) -> pd.DataFrame:
    """Return the versions of customers behind whom stands one card and nothing else."""
    cards = read_text(sorted(landing.glob("*/member/cards*.csv")), "gb18030")
    alone = given[(given.source_name == "member") & (given.record_count == 1)]
    states = cards.merge(alone, left_on="member_id", right_on="source_record_id")
    states = states.assign(
        sex_code=states.sex.map(SEX),
        marital_status_code=states.marital_status.map(MARITAL),
        income_band_code=states.income_band.where(states.income_band != ""),
        children_count=pd.to_numeric(states.children, errors="coerce"),
        is_home_owner=states.home_owner.map(OWNER),
        postcode=states.postcode.where(states.postcode != ""),
        city=states.city.where(states.city != ""),
        valid_from=moments(states.updated_at),
    ).dropna(subset="valid_from")
    states = states.sort_values(["customer_id", "valid_from"], kind="stable")
    states = states.drop_duplicates(["customer_id", "valid_from"], keep="last")
    said = pd.util.hash_pandas_object(states[ATTRIBUTES].astype(str), index=False)
    is_first = states.customer_id != states.customer_id.shift()
    states = states[is_first | (said != said.shift()).to_numpy()]
    is_first = states.customer_id != states.customer_id.shift()
    is_last = states.customer_id != states.customer_id.shift(-1)
    until = states.valid_from.shift(-1).mask(is_last, END)
    since = states.valid_from.mask(is_first, BEGINNING)
    found = states.assign(valid_from=since, valid_to=until)
    return found[["customer_id", "valid_from", "valid_to", *ATTRIBUTES]]


def till_lines(landing: Path) -> pd.DataFrame:
    """Return the lines of the tills, without their control totals."""
    lines = read_text(sorted(landing.glob("*/till/sales*.csv")), "utf-8")
    lines = lines[~lines.receipt_number.str.startswith("TOTAL")]
    member = lines.member_id != ""
    return pd.DataFrame(
        {
            "source_name": "till",
            "order_number": lines.receipt_number,
            "order_line_number": pd.to_numeric(lines.line_number, errors="coerce"),
            "party_source": np.where(member, "member", "crm"),
            "party_record": lines.member_id.where(member, lines.account_number),
            "product_record_id": lines.product_code,
            "channel_code": "shop",
            "currency_code": lines.currency,
            "is_return": lines.is_return == "R",
            "quantity": pd.to_numeric(lines.quantity, errors="coerce"),
            "gross_cents": cents(lines.gross_amount),
            "discount_cents": cents(lines.discount_amount),
            "net_cents": cents(lines.net_amount),
            "ordered_at": moments(lines.sold_at),
        }
    )


def web_lines(landing: Path) -> pd.DataFrame:
    """Return the lines of the web shop."""
    files = sorted(landing.glob("*/web/orders*.parquet"))
    lines = pd.concat([pd.read_parquet(file) for file in files], ignore_index=True)
    return pd.DataFrame(
        {
            "source_name": "web",
            "order_number": lines.order_id,
            "order_line_number": lines.line_number,
            "party_source": "web",
            "party_record": lines.registration_id.fillna(""),
            "product_record_id": lines.product_id,
            "channel_code": lines.channel,
            "currency_code": lines.currency,
            "is_return": lines.is_return.fillna(False).astype(bool),
            "quantity": lines.quantity,
            "gross_cents": cents(lines.gross_amount),
            "discount_cents": cents(lines.discount_amount),
            "net_cents": cents(lines.net_amount),
            "ordered_at": lines.ordered_at.astype("datetime64[us]"),
        }
    )


def sales(landing: Path, given: pd.DataFrame, versions: pd.DataFrame) -> pd.DataFrame:
    """Return the sale lines with their customer and the version of that moment."""
    lines = pd.concat([till_lines(landing), web_lines(landing)], ignore_index=True)
    wrong = lines.quantity.isna() | (lines.quantity.abs() > MOST_UNITS)
    wrong |= ~lines.currency_code.isin(CURRENCIES) | (lines.product_record_id == "")
    lines = lines[~wrong & lines.ordered_at.notna()]
    keys = ["source_name", "order_number", "order_line_number"]
    lines = lines.drop_duplicates(keys, keep="last")
    back = lines.is_return | (lines.quantity < 0) | (lines.gross_cents < 0)
    sign = np.where(back, -1, 1)
    for name in ("quantity", *AMOUNTS):
        lines[name] = (lines[name].abs() * sign).astype("int64")
    lines = lines.merge(
        given.rename(
            columns={"source_name": "party_source", "source_record_id": "party_record"}
        ),
        how="left",
        on=["party_source", "party_record"],
    )
    lines["customer_id"] = lines.customer_id.fillna("_unknown")
    starts = versions[["customer_id", "valid_from"]].assign(
        ordered_at=versions.valid_from
    )
    lines = pd.merge_asof(
        lines.sort_values("ordered_at"),
        starts.sort_values("ordered_at").rename(
            columns={"valid_from": "customer_valid_from"}
        ),
        on="ordered_at",
        by="customer_id",
    )
    local = lines.ordered_at.dt.tz_localize("UTC").dt.tz_convert(ZONE)
    lines["ordered_date"] = local.dt.tz_localize(None).dt.normalize()
    return lines.drop(columns=["party_source", "party_record", "record_count"])


def sums(lines: pd.DataFrame, landing: Path) -> pd.DataFrame:
    """Return the sums by day, month, quarter and year."""
    with sqlite3.connect(landing / "systems" / "shop.sqlite") as shop:
        products = pd.read_sql(
            "select distinct product_id, category from products", shop
        )
    known = lines.merge(
        products, how="left", left_on="product_record_id", right_on="product_id"
    )
    measures = ["quantity", *AMOUNTS]
    by_day = known.groupby(["ordered_date", *GRAIN], dropna=False)[measures].sum()
    by_day["sale_line_count"] = known.groupby(
        ["ordered_date", *GRAIN], dropna=False
    ).size()
    by_day = by_day.reset_index()
    parts = []
    for level, period in (
        ("day", "D"),
        ("month", "M"),
        ("quarter", "Q"),
        ("year", "Y"),
    ):
        start = by_day.ordered_date.dt.to_period(period).dt.to_timestamp()
        part = by_day.assign(time_level=level, period_start=start)
        keys = ["time_level", "period_start", *GRAIN]
        parts.append(
            part.groupby(keys, dropna=False)[[*measures, "sale_line_count"]].sum()
        )
    return pd.concat(parts).reset_index()


def write(frame: pd.DataFrame, file: Path) -> None:
    """Write a table as Parquet, and have it on the disk."""
    frame.to_parquet(file, index=False)
    with file.open("rb") as written:
        os.fsync(written.fileno())


def main(landing: Path, given: Path, target: Path) -> None:
    """Make the marts."""
    links = pd.read_csv(given)
    versions = customers(landing, links)
    write(versions, target / "customer.parquet")
    lines = sales(landing, links, versions)
    write(lines, target / "sale.parquet")
    write(sums(lines, landing), target / "sums.parquet")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
