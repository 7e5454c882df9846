"""What the house can say when something is wrong, read from its code.

An error, a trouble and a finding state what is wrong, where, and the mend. The words of
`what` are the same in each case but for the parts that vary, which stand as `…`.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from warehouse.settings import PROJECT_ROOT

ROOMS = ("warehouse", "expectations", "pipelines")
VARIES = "…"
PARTS = {"where", "mend"}

Function = ast.FunctionDef | None


def messages() -> dict[str, str]:
    """Return every message, with the module that says it."""
    trees = [
        (path, ast.parse(path.read_text(encoding="utf-8")))
        for room in ROOMS
        for path in sorted((PROJECT_ROOT / room).rglob("*.py"))
    ]
    found: dict[str, str] = {}
    for path, tree in trees:
        module = path.relative_to(PROJECT_ROOT).as_posix()
        for call, function in _calls(tree, None):
            if _states_parts(call) or _named(call) == "Finding":
                found |= dict.fromkeys(_said(call, function, trees), module)
    return found


def _calls(node: ast.AST, function: Function) -> Iterator[tuple[ast.Call, Function]]:
    """List the calls below a node, each with the function that it stands in."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call):
            yield child, function
        inner = child if isinstance(child, ast.FunctionDef) else function
        yield from _calls(child, inner)


def _states_parts(call: ast.Call) -> bool:
    return {keyword.arg for keyword in call.keywords} >= PARTS


def _named(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _said(
    call: ast.Call, function: Function, trees: list[tuple[Path, ast.Module]]
) -> Iterator[str]:
    """Return what a call says; where its function is told, what that is told."""
    stated = [each.value for each in call.keywords if each.arg == "what"]
    for argument in stated or call.args:
        texts = list(_texts(argument))
        if texts:
            yield from texts
            return
    names = {each.id for each in (stated or call.args) if isinstance(each, ast.Name)}
    parameters = [each.arg for each in function.args.args] if function else []
    for name in names & set(parameters):
        assert function is not None
        position = parameters.index(name)
        for _, tree in trees:
            for told, _ in _calls(tree, None):
                if _named(told) == function.name and len(told.args) > position:
                    yield from _texts(told.args[position])


def _texts(node: ast.expr) -> Iterator[str]:
    """Return the texts that an expression may be, with `…` for what varies."""
    if isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield _tidy(node.value)
    elif isinstance(node, ast.JoinedStr):
        parts = [
            str(each.value) if isinstance(each, ast.Constant) else VARIES
            for each in node.values
        ]
        yield _tidy("".join(parts))
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        yield from _texts(node.func.value)


def _tidy(text: str) -> str:
    return " ".join(text.split()).strip(" :")
