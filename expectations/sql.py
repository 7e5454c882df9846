"""Names and literals in the queries of checks, by allow-list."""

import re
from collections.abc import Iterable
from string import Template

_IDENTIFIER = re.compile(r"^[a-z_][a-z0-9_]{0,62}$")


def filled(query: str, **parts: object) -> str:
    """Return the query with its `$names` filled in.

    The parts are names from the allow-list, literals made here, and conditions that
    contracts and yml of the project state; never a value of a row.
    """
    return Template(query).substitute(parts)


def quoted(name: str) -> str:
    """Return the name, quoted, if it is one that the house allows.

    Raises:
        ValueError: The name has other than lower-case letters, digits and `_`.
    """
    if not _IDENTIFIER.match(name):
        raise ValueError(f"{name!r} is not allowed as a name")
    return f'"{name}"'


def relation(schema: str, table: str, *, database: str | None = None) -> str:
    """Return the quoted name of a table."""
    parts = [database, schema, table] if database else [schema, table]
    return ".".join(quoted(part) for part in parts)


def text(value: str) -> str:
    """Return the value as an SQL literal."""
    return "'" + value.replace("'", "''") + "'"


def texts(values: Iterable[str]) -> str:
    """Return the values as a parenthesised list of SQL literals."""
    return f"({', '.join(text(value) for value in values)})"


def numbers(values: Iterable[int]) -> str:
    """Return the numbers as a parenthesised list."""
    return f"({', '.join(str(int(value)) for value in values)})"
