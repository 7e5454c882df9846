"""The house rules for aggregates: which are built whole, and what digests may hold."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from house import listed

Manifest = dict[str, Any]

BUILT_IN_PART = "days_now"
"""What a hook makes that finds the periods of which a day changed."""
BUILT_WHOLE = {
    "agg_experiment": "an open experiment goes on each night",
    "agg_list_yield": "each sale of whom a list named counts for it, for ever",
    "agg_segment_product": "its twelve months move on with each day",
    "agg_grade": "one row per run and part, made of what the checks found",
}
"""Aggregates of which every row is built each night, each with its reason."""
NOT_NOTED = {
    "agg_contribution: fct_target.target_amount": "it names its own sum",
    "agg_service: fct_service_contact.service_contact_key": "it is not handed on",
    "agg_source_quality: fct_source_quality.claim_count": "that of its own",
    "agg_source_quality: fct_source_quality.winner_count": "that of its own",
}
"""Columns whose names are read but of which no day is noted, each with its reason."""
IMPORT = re.compile(r"select \* from \{\{ ref\('(\w+)'\) \}\}")
NOT_DIGESTED = re.compile(r"double|float|hugeint|decimal\((19|[23]\d)")
SELECTED = re.compile(r"in_touched_period\(\s*\S+, '(?:\w+\.)?(\w+)'")
PART = re.compile(r"ref\('(\w+)'\) \}\} as built")


def aggregates(manifest: Manifest) -> Iterator[dict[str, Any]]:
    """Yield the models that are aggregates."""
    for node in manifest["nodes"].values():
        if node["resource_type"] == "model" and node["name"].startswith("agg_"):
            yield node


def hook(node: dict[str, Any]) -> str:
    """Return what a model runs before its build."""
    return " ".join(each["sql"] for each in node["config"]["pre-hook"])


def by_keys(node: dict[str, Any]) -> bool:
    """Return whether a model is built by keys."""
    return "reads" in node["config"]["meta"].get("journal", {})


def read_of_facts(sql: str) -> Iterator[tuple[str, str]]:
    """Yield each fact of a hook and each column that is read of it."""
    for part in sql.split(" union all "):
        for fact in PART.findall(part):
            for column in re.findall(r"built\.(\w+)", part):
                yield fact, column


def test_every_aggregate_builds_only_what_changed_or_says_why_not(
    manifest_of: Callable[[str], Manifest],
) -> None:
    """What grows with the years is not built anew for one day."""
    whole = {
        node["name"]
        for node in aggregates(manifest_of("demo"))
        if not (BUILT_IN_PART in hook(node) or by_keys(node))
    }
    assert whole == set(BUILT_WHOLE)


def test_no_digest_reads_what_cannot_be_told_apart(
    manifest_of: Callable[[str], Manifest],
) -> None:
    """A double differs by the order of a sum; 0 and -1 of 128 bits have one hash."""
    manifest = manifest_of("demo")
    types = {
        (node["name"], column["name"]): str(column.get("data_type"))
        for node in manifest["nodes"].values()
        for column in node.get("columns", {}).values()
    }
    read = {each for node in aggregates(manifest) for each in read_of_facts(hook(node))}
    assert len(read) > 50
    assert ("fct_survey_answer", "answer_score") in read
    wrong = {
        f"{fact}.{column}: {types[fact, column]}"
        for fact, column in read
        if NOT_DIGESTED.search(types[fact, column])
    }
    assert not wrong, listed(wrong)


def test_what_an_aggregate_reads_is_noted(
    manifest_of: Callable[[str], Manifest],
) -> None:
    """A change of a column that no digest has would never reach the aggregate."""
    nodes = manifest_of("demo")["nodes"].values()
    columns = {node["name"]: set(node.get("columns", {})) for node in nodes}
    unnoted = {
        f"{node['name']}: {model}.{column}"
        for node in aggregates(manifest_of("demo"))
        if "days_now" in hook(node)
        for model in IMPORT.findall(node["raw_code"])
        for column in columns.get(model, set()) & read_below(node["raw_code"])
        if not re.search(rf"\b{column}\b", hook(node))
    }
    assert unnoted == set(NOT_NOTED)


def test_the_date_that_an_aggregate_selects_by_is_the_one_that_is_noted(
    manifest_of: Callable[[str], Manifest],
) -> None:
    """Outside the calendar each date is another, and all of them have one key."""
    nodes = manifest_of("demo")["nodes"].values()
    columns = {node["name"]: set(node.get("columns", {})) for node in nodes}
    selecting = {
        (node["name"], column): f"date_of_key('built.{column}')" in hook(node)
        for node in aggregates(manifest_of("demo"))
        for column in SELECTED.findall(node["raw_code"])
        for model in IMPORT.findall(node["raw_code"])
        if column in columns.get(model, set())
    }
    assert ("agg_supply_demand", "stock_date") in selecting
    assert ("agg_contribution", "period_start") in selecting
    unnoted = {name for name, is_noted in selecting.items() if not is_noted}
    assert not unnoted, listed(unnoted)


def read_below(code: str) -> set[str]:
    """Return the words of a model below its configuration, save texts and new names."""
    below = re.sub(r"'[^'{}]*'|\bas \w+", "", code.partition("\nwith ")[2])
    return set(re.findall(r"\w+", below))
