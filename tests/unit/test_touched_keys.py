"""A table built by keys is what a whole build gives; only touched keys are made.

The macros ask dbt what stands, so a small project of dbt's own runs them.
"""

import json
import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner

from warehouse.settings import PROJECT_ROOT

PROJECT = {
    "name": "shop",
    "profile": "shop",
    "models": {"shop": {"+schema": "intermediate"}},
}
PROFILE = {
    "shop": {
        "target": "it",
        "outputs": {"it": {"type": "duckdb", "path": "shop.duckdb", "schema": "main"}},
    }
}
MACROS = (
    *("touched_keys", "journals", "building", "materializations"),
    "generate_schema_name",
)
MODELS = {
    "input_answer": """
        {{ config(materialized='incremental', incremental_strategy='append') }}
        select * from read_csv('answers.csv')
        {% if is_incremental() %}
        where load_id > (select max(load_id) from {{ this }})
        {% endif %}
    """,
    "int_links": """
        {{ config(**made_whole_with_journal(['record'])) }}
        select * from read_csv('links.csv')
    """,
    "int_answers": """
        {%- set key = ['answer'] -%}
        {%- set reads = [
            {'loads_of': 'input_answer'},
            {'keys_of': 'int_links', 'via': '
                select built.answer
                from {{ this }} as built
                inner join changed on built.record = changed.record
            '},
        ] -%}
        {{ config(**built_by_keys(key, reads, tells=['record'])) }}
        with delivered as (
            select * from {{ ref('input_answer') }}
        ),

        touched as (
            {{ rows_of_touched_keys('delivered', key) }}
        )

        select answer, record, customer, score
        from touched
        left join {{ ref('int_links') }} using (record)
        qualify load_id = max(load_id) over (partition by answer)
    """,
    "int_verdicts": """
        {%- set key = ['answer'] -%}
        {%- set reads = [{'keys_of': 'int_answers'}] -%}
        {{ config(
            post_hook="create or replace table counted as select 3",
            **built_by_keys(key, reads, is_compared=true)
        ) }}
        with answers as (
            select * from {{ ref('int_answers') }}
        ),

        touched as (
            {{ rows_of_touched_keys('answers', key) }}
        )

        select answer, score > 3 as is_good from touched order by answer
    """,
}


class Shop:
    """A project of four models, and the two files that it reads."""

    def __init__(self, folder: Path) -> None:
        """Write the project."""
        self.folder = folder
        for name, content in (("dbt_project", PROJECT), ("profiles", PROFILE)):
            (folder / f"{name}.yml").write_text(json.dumps(content), "utf-8")
        for name, sql in MODELS.items():
            (folder / "models").mkdir(exist_ok=True)
            (folder / "models" / f"{name}.sql").write_text(sql, "utf-8")
        (folder / "macros").mkdir()
        for name in MACROS:
            shutil.copy(PROJECT_ROOT / "macros" / f"{name}.sql", folder / "macros")

    def night(self, *options: str) -> dict[str, str]:
        """Build what there is; return what dbt says of each model."""
        ran = dbtRunner().invoke(
            ["--quiet", "--no-send-anonymous-usage-stats", "run", *options]
        )
        assert ran.success, ran.exception or ran.result
        result: Any = ran.result
        return {each.node.name: each.message for each in result.results}

    def deliver(self, name: str, *rows: str) -> None:
        """Write a file whole."""
        heads = {"answers": "answer,record,score,load_id", "links": "record,customer"}
        (self.folder / f"{name}.csv").write_text(
            "\n".join([heads[name], *rows]) + "\n", "utf-8"
        )

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """Ask the work database; dbt lets go of it first."""
        DuckDBConnectionManager.close_all_connections()
        with duckdb.connect(str(self.folder / "shop.duckdb")) as connection:
            return connection.execute(query).fetchall()

    def answers(self) -> list[tuple[Any, ...]]:
        """Return the table that is built by keys."""
        return self.ask("from intermediate.int_answers order by all")

    def touched(self, model: str = "int_answers") -> list[str]:
        """Return what the last build touched, a build of all nothing."""
        return [
            answer
            for [answer] in self.ask(
                "select answer from intermediate.$__touched "
                "where build_number = (from intermediate.$__head "
                "select build_number) order by all".replace("$", model)
            )
        ]


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterable[Shop]:
    """A shop after its first night: three answers of two customers."""
    monkeypatch.chdir(tmp_path)
    shop = Shop(tmp_path)
    shop.deliver("answers", "1,a,5,1", "2,a,4,1", "3,b,3,1")
    shop.deliver("links", "a,x", "b,y")
    shop.night()
    yield shop
    DuckDBConnectionManager.close_all_connections()


def test_only_touched_keys_are_built(shop: Shop) -> None:
    """A new answer and a corrected one, then a record that goes to another customer."""
    shop.deliver("answers", "1,a,5,1", "2,a,4,1", "3,b,3,1", "3,b,1,2", "4,c,2,2")
    shop.night()
    assert shop.touched() == [3, 4]
    assert shop.answers() == [
        *((1, "a", "x", 5), (2, "a", "x", 4)),
        *((3, "b", "y", 1), (4, "c", None, 2)),
    ]
    shop.deliver("links", "a,z", "b,y")
    shop.night()
    assert shop.touched() == [1, 2]
    assert [customer for _, _, customer, _ in shop.answers()] == ["z", "z", "y", None]


def test_where_nothing_is_new_nothing_is_done(shop: Shop) -> None:
    """No journal tells of such a night; a hook of a model is asked all the same."""
    journals = "from intermediate.int_answers__head, intermediate.int_links__head"
    before = shop.ask(journals)
    shop.ask("drop table counted")
    assert shop.night() == {
        "input_answer": "OK",
        "int_links": "STANDS",
        "int_answers": "STANDS",
        "int_verdicts": "OK",
    }
    assert shop.ask("from counted") == [(3,)]
    assert shop.ask(journals) == before


def test_where_what_is_new_touches_nothing_it_is_noted_as_read(shop: Shop) -> None:
    """A link of a record that nobody answered: the model itself is not asked."""
    shop.deliver("links", "a,x", "b,y", "c,z")
    shop.ask("update intermediate.int_answers set customer = 'as it was'")
    said = shop.night()
    assert (said["int_links"], said["int_answers"]) == ("OK", "STANDS")
    assert {customer for _, _, customer, _ in shop.answers()} == {"as it was"}


def test_a_journal_tells_what_a_row_was_and_what_it_is(shop: Shop) -> None:
    """An answer is another record's after all: both are to be known of."""
    shop.deliver("answers", "1,a,5,1", "2,a,4,1", "3,b,3,1", "1,b,5,2", "4,c,2,2")
    shop.night()
    assert shop.ask(
        "select answer, record from intermediate.int_answers__touched order by all"
    ) == [(1, "a"), (1, "b"), (4, "c")]


def test_what_others_did_meanwhile_is_not_missed(shop: Shop) -> None:
    """Nights that built only what lies below, and a journal that began anew."""
    for customer in ("p", "q"):
        shop.deliver("links", f"a,{customer}", "b,y")
        shop.night("--select", "int_links")
    shop.night()
    assert shop.touched() == [1, 2]
    shop.deliver("links", "a,q", "b,r")
    shop.night("--full-refresh", "--select", "int_links")
    shop.night()
    assert [customer for _, _, customer, _ in shop.answers()] == ["q", "q", "r"]


def test_a_reader_that_lags_behind_a_journal_is_built_whole(shop: Shop) -> None:
    """A journal tells of its last builds only."""
    shop.deliver("links", "a,z", "b,y")
    shop.night("--select", "int_links")
    shop.ask(
        "update intermediate.int_links__head set build_number = 99;"
        "delete from intermediate.int_links__touched"
    )
    shop.night("--select", "int_answers")
    assert [customer for _, _, customer, _ in shop.answers()] == ["z", "z", "y"]


def test_what_was_built_for_nothing_touches_nothing_further(shop: Shop) -> None:
    """A table that compares names only keys whose rows are not what they were."""
    shop.deliver(
        "answers", "1,a,5,1", "2,a,4,1", "3,b,3,1", "1,a,4,2", "2,a,1,2", "4,c,2,2"
    )
    shop.night()
    assert shop.touched() == [1, 2, 4]
    assert shop.touched("int_verdicts") == [2, 4]
    assert shop.ask("from intermediate.int_verdicts order by all") == [
        *((1, True), (2, False), (3, False), (4, False)),
    ]


def test_of_a_row_that_was_not_touched_no_more_than_the_key_is_read(
    shop: Shop,
) -> None:
    """What touched rows were is taken by their place: a wide table stays unread."""
    shop.deliver("answers", "1,a,5,1", "2,a,4,1", "3,b,3,1", "1,a,4,2")
    shop.night()
    ran = (shop.folder / "target/run/shop/models/int_verdicts.sql").read_text("utf-8")
    [before] = re.findall(r'"int_verdicts__before" as(.*?);', ran, re.DOTALL)
    assert "where rowid in" in before and "join" not in before


def test_what_was_built_for_nothing_is_not_written(shop: Shop) -> None:
    """Of a table that compares, rows that are what they were stay in their place."""
    places = "select answer from intermediate.int_verdicts order by rowid"
    assert shop.ask(places) == [(1,), (2,), (3,)]
    shop.deliver("answers", "1,a,5,1", "2,a,4,1", "3,b,3,1", "1,a,4,2", "2,a,1,2")
    shop.night()
    assert shop.touched("int_verdicts") == [2]
    assert shop.ask(places) == [(1,), (3,), (2,)]
