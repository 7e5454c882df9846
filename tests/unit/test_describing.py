"""What readers are told of the tables: the bus matrix, the page, how measures add."""

from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from house import listed

from warehouse.describing.bus_matrix import bus_matrix, roles
from warehouse.describing.catalogue import Catalogue, Column, Table, read_catalogue
from warehouse.describing.page import write_page
from warehouse.settings import PROJECT_ROOT

ManifestOf = Callable[[str], dict[str, Any]]


@pytest.fixture(scope="module")
def catalogue(manifest_of: ManifestOf) -> Catalogue:
    """What the demo publishes."""
    return read_catalogue(manifest_of("demo"))


def column(name: str, description: str = "", refers_to: str | None = None) -> Column:
    """Make a column."""
    kind = "decimal(18,4)" if name.endswith("_amount") else "varchar"
    return Column(name, kind, description, None, refers_to)


def test_the_bus_matrix_is_that_of_the_models(catalogue: Catalogue) -> None:
    """`clientele docs --bus-matrix > docs/bus-matrix.md` writes it anew."""
    page = (PROJECT_ROOT / "docs" / "bus-matrix.md").read_text("utf-8")
    assert page == bus_matrix(catalogue)


def test_a_matrix_names_roles_and_kinds() -> None:
    """A date has a role, a customer none; a fact without a measure is factless."""
    sale = Table(
        *("behavioural", "fct_sale", "One row per sale. Kept.", ("sale_key",)),
        columns=(
            column("sale_key"),
            column("order_number"),
            column("ordered_date_key", refers_to="dim_date"),
            column("shipped_date_key", refers_to="dim_date"),
            column("customer_key", refers_to="dim_customer"),
            column("customer_id", refers_to="dim_customer"),
            column("net_amount", "Net; additive."),
        ),
        reads=(),
        meta={},
    )
    visit = Table(
        *("behavioural", "fct_visit", "One row per visit.", ("visit_key",)),
        columns=(
            column("started_date_key", refers_to="dim_date"),
            column("customer_key", refers_to="dim_customer"),
        ),
        reads=(),
        meta={},
    )
    page = bus_matrix(Catalogue((sale, visit), ()))
    assert "| process | customer | date | others |" in page
    assert "| `fct_sale` | x | ordered, shipped |  |" in page
    assert (
        "| `fct_sale` | transaction | sale | sale_key | additive: net_amount |" in page
    )
    assert "| `fct_visit` | factless | visit |" in page
    assert "**Degenerate dimension**: `fct_sale.order_number`" in page


@pytest.mark.parametrize(
    ("dimension", "columns", "expected"),
    [
        ("dim_customer", ("customer_key", "customer_id"), ["x"]),
        ("dim_date", ("ordered_date_key",), ["ordered"]),
        ("dim_customer", ("customer_id", "referrer_customer_id"), ["referrer"]),
        ("dim_date", (), []),
    ],
)
def test_a_role_is_what_stands_before_the_name(
    dimension: str, columns: tuple[str, ...], expected: list[str]
) -> None:
    """A key without a name of its own is just that dimension."""
    assert roles(dimension, columns) == expected


def test_a_measure_of_a_fact_says_how_it_adds_up(catalogue: Catalogue) -> None:
    """Whoever sums what must not be summed was not told."""
    silent = [
        f"{fact.name}.{measure.name}"
        for fact in catalogue.of_kind("fact")
        for measure in fact.measures
        if fact.additivity(measure) is None
    ]
    assert not silent, listed(silent)


@pytest.mark.parametrize(
    ("measure", "table", "expected"),
    [
        ("Net; additive.", "", "additive"),
        (
            "Net, in `currency_code`; additive within a currency.",
            "",
            "additive within a currency",
        ),
        ("On hand. Semi-additive: not over time.", "", "semi-additive, not over time"),
        ("Share; not additive: divide the sums.", "", "not additive"),
        ("How often.", "One row per day. Its measures are additive.", "additive"),
        ("Share. Not additive.", "Its measures are additive.", "not additive"),
        ("Its value.", "One row per value. No value is additive.", None),
        ("No value is additive.", "Its measures are additive.", None),
        ("Its value.", "No measure is additive but the counts.", None),
        ("Its value.", "Its measures are hardly additive.", None),
        ("Net; additive, but not over time.", "", None),
        ("Net. Additive. Not additive over time.", "", None),
        ("Lower end.", "The value is additive as its measure is.", None),
    ],
)
def test_no_value_is_additive_never_reads_as_additive(
    measure: str, table: str, expected: str | None
) -> None:
    """What is not said in so many words is not said, and a condition is kept."""
    net = column("net_amount", measure)
    fact = Table("behavioural", "fct_sale", table, (), (net,), (), {})
    assert fact.additivity(net) == expected


def test_a_dimension_of_one_fact_alone_is_not_conformed() -> None:
    """It conforms to nothing."""
    columns = column("list_key", refers_to="dim_list"), column("a", refers_to="dim_a")
    one = Table("behavioural", "fct_one", "One row per one.", (), columns, (), {})
    two = Table("behavioural", "fct_two", "One row per two.", (), columns[1:], (), {})
    page = bus_matrix(Catalogue((one, two), ()))
    assert "**Conformed dimensions**: `dim_a`\n" in page


class Reader(HTMLParser):
    """Collects the anchors and the links of a page."""

    def __init__(self) -> None:
        """Start with nothing."""
        super().__init__()
        self.anchors: set[str] = set()
        self.links: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep ids and what is linked or loaded."""
        for name, value in attrs:
            if name == "id":
                self.anchors.add(value or "")
            if name in ("href", "src"):
                self.links.add(value or "")


def test_the_page_has_every_column_and_asks_for_no_network(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    """All links stay within the page, and each finds its place."""
    file = tmp_path / "docs" / "index.html"
    write_page(catalogue, file, company="Ada & Sons")
    text = file.read_text("utf-8")
    reader = Reader()
    reader.feed(text)
    assert {link for link in reader.links if not link.startswith("#")} == set()
    assert {link.removeprefix("#") for link in reader.links} <= reader.anchors
    assert {table.name for table in catalogue.tables} <= reader.anchors
    missing = [
        f"{table.name}.{each.name}"
        for table in catalogue.tables
        for each in table.columns
        if f">{each.name}</code>" not in text
    ]
    assert not missing, listed(missing)
    assert "Ada &amp; Sons" in text
    assert "customer_as_of(valid_at, known_at)" in text
