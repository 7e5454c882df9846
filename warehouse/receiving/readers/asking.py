"""Asking a database: attached for one question, and let go of again.

A question is text alone, so that another process can be handed it. What a database
answers when it fails is never told: it may hold values, and the connection's secrets.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import duckdb
from duckdb_extensions import import_extension

from warehouse.database import literal
from warehouse.receiving.reasons import Refusal

_SCANNERS = {"sqlite": "sqlite_scanner", "postgres": "postgres_scanner"}


@dataclass(frozen=True)
class Question:
    """What a database is asked.

    Args:
        format: Its kind, a format of the contract.
        where: Its file, or its connection, which is a secret.
        statements: What is run in order; the database is attached as `shop`.
        last: A query whose one value is the answer.
    """

    format: str
    where: str
    statements: tuple[str, ...]
    last: str


def _attach(connection: duckdb.DuckDBPyConnection, question: Question) -> None:
    try:
        import_extension(_SCANNERS[question.format], con=connection)
        connection.execute(f"load {_SCANNERS[question.format]}")
        if question.format == "sqlite":
            connection.execute("set sqlite_all_varchar = true")
        connection.execute(
            f"attach {literal(question.where)} as shop "
            f"(type {question.format}, read_only)"
        )
    except duckdb.Error:
        raise Refusal("source_unreachable", "the database cannot be opened") from None


def ask(
    connection: duckdb.DuckDBPyConnection,
    question: Question,
    *,
    on_open: Callable[[], None] = lambda: None,
) -> str | None:
    """Return the answer to a question, as text.

    Args:
        connection: A session in which to ask.
        question: What is asked.
        on_open: Hears when the database has let us in.

    Raises:
        Refusal: It cannot be opened, breaks off, or is not as the question takes it.
    """
    _attach(connection, question)
    try:
        on_open()
        for statement in question.statements:
            connection.execute(statement)
        last = connection.execute(question.last).fetchone()
    except duckdb.IOException as error:
        raise Refusal("source_unreachable", "the database broke off") from error
    except duckdb.Error as error:
        raise Refusal("unreadable", "the table is not as its contract says") from error
    finally:
        with suppress(duckdb.Error):
            connection.execute("detach shop")
    return str(last[0]) if last and last[0] is not None else None
