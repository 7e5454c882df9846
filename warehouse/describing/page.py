"""The data dictionary as one HTML page, which needs no network and no server."""

import re
from pathlib import Path

from jinja2 import Environment, StrictUndefined

from warehouse.describing.catalogue import Catalogue
from warehouse.publication.definitions import MACROS

TEMPLATE = Path(__file__).with_name("page.html.j2")
_MACRO = re.compile(
    r"^-- (?P<told>.*?)\ncreate macro main\.(?P<call>[^\n]*\)) as", re.S
)


def write_page(catalogue: Catalogue, file: Path, *, company: str) -> None:
    """Write the page.

    Args:
        catalogue: What is published.
        file: Where to write it; its folder is made.
        company: Whose tables they are.
    """
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page = environment.from_string(TEMPLATE.read_text("utf-8")).render(
        company=company,
        catalogue=catalogue,
        schemas=list(dict.fromkeys(table.schema for table in catalogue.tables)),
        names={table.name for table in catalogue.tables},
        macros=_macros(),
    )
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(page, encoding="utf-8")


def _macros() -> list[tuple[str, str]]:
    """Return how each as-of macro is called, and what it answers."""
    stated = [_MACRO.findall(file.read_text("utf-8")) for file in MACROS.glob("*.sql")]
    return sorted(
        (call, " ".join(answers.split("\n-- "))) for [(answers, call)] in stated
    )
