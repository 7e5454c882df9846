"""The stages of a build: what each makes, read from the project's graph.

The graph is what dbt's manifest tells: nodes by their unique ids, and of each what it
is made of.
"""

from collections.abc import Iterable, Mapping
from enum import Enum
from graphlib import TopologicalSorter
from typing import Any

from expectations.declared import Node
from expectations.rooms import can_check

Manifest = Mapping[str, Any]

INPUT = "models/input/"
INTERMEDIATE = "models/intermediate/"
MARTS = ("models/marts/", "models/aggregates/")
"""Their tests are left out: the gate is made from them."""
PRODUCT_SEEDS = "seeds/"
"""Their tests are left out too: what ships was tested before."""
SCORED = "scores"
"""The source of what Python computes of the stars: what is made of it comes later."""
FOUND = "checks"
"""The source of what the gate finds: what is made of it comes after the gate."""
SEED = "seed"
BUILT = ("model", SEED)
ANY_FAILURE = "!= 0"
"""When a test fails, unless its yml says otherwise."""
LEFT_OUT = "left_out"
"""The tag of tests that no stage answers for."""


class Stage(Enum):
    """The parts of a build, in their order."""

    INPUTS = "inputs"
    MARTS = "marts"
    SCORES = "scores"
    QUALITY = "quality"

    @property
    def tag(self) -> str:
        """Return the tag that `mark` gives the nodes of the stage."""
        return f"stage_{self.value}"


def made_in(stage: Stage, manifest: Manifest) -> set[str]:
    """Return what a stage makes: the ids of its models and seeds."""
    nodes = _built(manifest)
    if stage is Stage.INPUTS:
        inputs = [name for name, node in nodes.items() if _is_below(node, INPUT)]
        seeds = {name for name, node in nodes.items() if node["resource_type"] == SEED}
        return seeds | (_ancestors(inputs, nodes) & nodes.keys())
    found = descendants(_of_source(FOUND, manifest), nodes)
    if stage is Stage.QUALITY:
        return found
    scored = descendants(_of_source(SCORED, manifest), nodes)
    if stage is Stage.SCORES:
        return scored - found
    rooms = (INTERMEDIATE, *MARTS)
    marts = {name for name, node in nodes.items() if _is_below(node, *rooms)}
    return marts - scored - found


def promised_in(stage: Stage, manifest: Manifest) -> dict[str, Node]:
    """Return the data tests that a stage answers for, by id: those of what it makes.

    Tests of marts and aggregates are not among them, unless they come after the gate.
    """
    made, nodes = made_in(stage, manifest), manifest["nodes"]
    elsewhere = () if stage is Stage.QUALITY else MARTS
    return {
        name: test
        for name, test in nodes.items()
        if _is_test(test)
        and test.get("attached_node") in made
        and not _is_below(nodes[test["attached_node"]], PRODUCT_SEEDS, *elsewhere)
    }


def asked_of_dbt(tests: Mapping[str, Node], manifest: Manifest) -> set[str]:
    """Return those tests that no check of ours can stand for: dbt runs them."""
    return {name for name, test in tests.items() if not can_check(test, manifest)}


def may_warn(test: Node) -> bool:
    """Return whether a data test may fail and the night still end well.

    Such a one may have failed when it was last asked, though what it reads stands.
    """
    config = test["config"]
    severity = (config.get("meta") or {}).get("severity", config.get("severity"))
    is_error = str(severity or "error").lower() == "error"
    return not is_error or config.get("error_if") not in (None, ANY_FAILURE)


def descendants(origins: Iterable[str], nodes: Mapping[str, Node]) -> set[str]:
    """Return the nodes that are made of the origins, directly or not."""
    children: dict[str, list[str]] = {}
    for name, node in nodes.items():
        for parent in parents(node):
            children.setdefault(parent, []).append(name)
    found: set[str] = set()
    waiting = list(origins)
    while waiting:
        new = set(children.get(waiting.pop(), ())) - found
        found |= new
        waiting.extend(new)
    return found


def parents(node: Node) -> list[str]:
    """Return what a node is made of."""
    return list(node.get("depends_on", {}).get("nodes", ()))


def in_order(names: set[str], nodes: Mapping[str, Node]) -> list[str]:
    """Return the names of nodes, each after those of them that it is made of."""
    below = {name: names.intersection(parents(nodes[name])) for name in sorted(names)}
    return list(TopologicalSorter(below).static_order())


def mark(manifest: Manifest) -> None:
    """Give each node the tag of its stage, for whoever selects by tags.

    Tests that no stage answers for are marked as left out.
    """
    left = {name for name, node in manifest["nodes"].items() if _is_test(node)}
    for stage in Stage:
        tested = promised_in(stage, manifest).keys()
        left -= tested
        _tag(manifest, made_in(stage, manifest) | tested, stage.tag)
    _tag(manifest, left, LEFT_OUT)


def _tag(manifest: Manifest, names: Iterable[str], tag: str) -> None:
    for name in names:
        manifest["nodes"][name]["tags"].append(tag)


def _is_test(node: Node) -> bool:
    return bool(node["resource_type"] == "test")


def _built(manifest: Manifest) -> dict[str, Node]:
    nodes = manifest["nodes"].items()
    return {name: node for name, node in nodes if node["resource_type"] in BUILT}


def _is_below(node: Node, *folders: str) -> bool:
    return str(node["original_file_path"]).startswith(folders)


def _of_source(source: str, manifest: Manifest) -> set[str]:
    sources = manifest["sources"].items()
    return {name for name, node in sources if node["source_name"] == source}


def _ancestors(origins: Iterable[str], nodes: Mapping[str, Node]) -> set[str]:
    found: set[str] = set()
    waiting = list(origins)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(parents(nodes[name]) if name in nodes else ())
    return found
