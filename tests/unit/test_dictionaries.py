"""A company's own dictionary lies over the product's, code by code."""

import csv
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from jinja2 import Environment, FileSystemLoader

from warehouse.settings import PROJECT_ROOT

SEEDS = sorted(
    file
    for file in (PROJECT_ROOT / "seeds").glob("*.csv")
    if file.read_text(encoding="utf-8").startswith("code,label_en,label_zh")
)
PRODUCT = [("a", "First", "一"), ("b", "Second", "二")]
COMPANY = [("b", "Other second", "另二"), ("c", "Third", "三")]


def dictionary(connection: duckdb.DuckDBPyConnection, overlaid: str) -> list:
    """Return the rows of the dictionary `size` for a company that overlays one."""
    environment = Environment(  # noqa: S701 - SQL, not a page
        loader=FileSystemLoader(PROJECT_ROOT / "macros"), extensions=["jinja2.ext.do"]
    )
    module = environment.get_template("dictionary.sql").make_module(
        {"var": lambda _: [overlaid], "ref": lambda name: name}
    )
    return connection.query(module.dictionary("size")).order("code").fetchall()


@pytest.fixture
def seeds() -> duckdb.DuckDBPyConnection:
    """The product's seed and the company's."""
    connection = duckdb.connect(":memory:")
    for name, rows in (("size", PRODUCT), ("size__company", COMPANY)):
        frame = pd.DataFrame(rows, columns=["code", "label_en", "label_zh"])
        connection.from_df(frame).create(name)
    return connection


def test_the_company_wins_for_the_same_code(seeds: duckdb.DuckDBPyConnection) -> None:
    """What it does not name stays, what it adds is added."""
    assert dictionary(seeds, "size") == [PRODUCT[0], *COMPANY]


def test_the_product_stands_alone_where_nothing_overlays_it(
    seeds: duckdb.DuckDBPyConnection,
) -> None:
    """Another dictionary's overlay is none of its business."""
    assert dictionary(seeds, "education") == PRODUCT


@pytest.mark.parametrize("file", SEEDS, ids=lambda file: file.stem)
def test_a_code_has_a_label_in_both_languages(file: Path) -> None:
    """And each code once."""
    with file.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    codes = [row["code"] for row in rows]
    assert len(codes) == len(set(codes))
    assert [row for row in rows if not (row["label_en"] and row["label_zh"])] == []
