"""What the house can say when something is wrong, read from its code.

An error, a trouble, a finding and a fault state what is wrong and where. The words of
`what` are the same in each case but for the parts that vary, which stand as `…`.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from warehouse.settings import PROJECT_ROOT

ROOMS = ("warehouse", "expectations", "pipelines")
VARIES = "…"
AS_IT_IS = -1
PARTS = {"where", "mend"}
FAULT = "Iterator[_Fault]"
"""What a function returns that yields pairs of what is wrong, and where."""

Function = ast.FunctionDef | None
Found = tuple[ast.AST, Function]


def messages() -> dict[str, str]:
    """Return every message, with the module that says it."""
    trees = {
        path.relative_to(PROJECT_ROOT).as_posix(): ast.parse(path.read_text("utf-8"))
        for room in ROOMS
        for path in sorted((PROJECT_ROOT / room).rglob("*.py"))
    }
    code = _Code(trees)
    return {
        text: module
        for module, tree in trees.items()
        for node, function in _below(tree, None)
        for text in code.said(node, function)
    }


@dataclass(frozen=True)
class _Code:
    """The modules, in which what a name stands for is looked up."""

    trees: dict[str, ast.Module]

    @cached_property
    def nodes(self) -> list[Found]:
        """Every node, with the function that it stands in."""
        return [found for tree in self.trees.values() for found in _below(tree, None)]

    def said(self, node: ast.AST, function: Function) -> list[str]:
        """Return what a node says is wrong; most nodes say nothing."""
        if isinstance(node, ast.Yield) and isinstance(node.value, ast.Tuple):
            is_fault = (
                function
                and function.returns
                and (ast.unparse(function.returns) == FAULT)
            )
            return self.texts(node.value.elts[0], function) if is_fault else []
        if not isinstance(node, ast.Call):
            return []
        if _name(node) == "Finding":
            return self.texts(node.args[0], function)
        stated = [each.value for each in node.keywords if each.arg == "what"]
        if _name(node) == "_fault":
            return self.texts(stated[0], function)
        if not {keyword.arg for keyword in node.keywords} >= PARTS:
            return []
        told = (self.texts(each, function) for each in stated or node.args)
        return next((texts for texts in told if texts), [])

    def texts(self, node: ast.expr, function: Function) -> list[str]:
        """Return the texts that an expression may be, with `…` for what varies."""
        match node:
            case ast.IfExp():
                return [
                    *self.texts(node.body, function),
                    *self.texts(node.orelse, function),
                ]
            case ast.Constant(value=str(text)):
                return [_tidy(text)]
            case ast.JoinedStr():
                heads, rest = self._head(node.values, function)
                return [_tidy(head + rest) for head in heads]
            case ast.Name(id=name):
                return [*self._handed(name, function), *self._made(name, function)]
        return []

    def _head(self, parts: list[ast.expr], function: Function) -> tuple[list[str], str]:
        """Return what a text may begin with, and the rest of it."""
        first, *others = parts
        rest = "".join(_part(each) for each in others)
        if isinstance(first, ast.FormattedValue) and first.conversion == AS_IT_IS:
            return self.texts(first.value, function) or [VARIES], rest
        return [_part(first)], rest

    def _handed(self, name: str, function: Function) -> Iterator[str]:
        """Return what callers hand to a parameter."""
        names = [each.arg for each in function.args.args] if function else []
        if function is None or name not in names:
            return
        position = names.index(name)
        for call, around in self.nodes:
            if isinstance(call, ast.Call) and _name(call) == function.name:
                named = [each.value for each in call.keywords if each.arg == name]
                for given in named or call.args[position : position + 1]:
                    yield from self.texts(given, around)

    def _made(self, name: str, function: Function) -> Iterator[str]:
        """Return what a function returns whose result has the name."""
        for node in ast.walk(function) if function else ():
            match node:
                case (
                    ast.NamedExpr(target=ast.Name(id=found), value=ast.Call() as call)
                    | ast.Assign(targets=[ast.Name(id=found)], value=ast.Call() as call)
                ) if found == name:
                    yield from self._returned(_name(call))

    def _returned(self, name: str) -> Iterator[str]:
        for node, function in self.nodes:
            is_its = function is not None and function.name == name
            if is_its and isinstance(node, ast.Return) and node.value:
                yield from self.texts(node.value, function)


def _below(node: ast.AST, function: Function) -> Iterator[Found]:
    """List what lies below a node, each with the function that it stands in."""
    for child in ast.iter_child_nodes(node):
        yield child, function
        inner = child if isinstance(child, ast.FunctionDef) else function
        yield from _below(child, inner)


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _part(node: ast.expr) -> str:
    return str(node.value) if isinstance(node, ast.Constant) else VARIES


def _tidy(text: str) -> str:
    return " ".join(text.split()).strip(" :")
