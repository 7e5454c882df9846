"""The house rules for Python and for text: who may lean on whom, and how it is written.

The rules for models and SQL are in `test_house_models.py`. An exception stands in a
list here with its reason, and the lists do not grow.
"""

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from house import listed

ROOT = Path(__file__).parents[2]

MAY_IMPORT = {
    "warehouse": set(),
    "expectations": set(),
    "pipelines": {"warehouse", "expectations"},
    "dashboards": {"warehouse"},
    "benchmarks": {"warehouse"},
}
FRAMEWORKS = {
    "dagster": ("pipelines/",),
    "dagster_dbt": ("pipelines/",),
    "dbt": ("pipelines/", "warehouse/standardization/plugin.py"),
    "dbt_common": ("pipelines/", "warehouse/standardization/plugin.py"),
    "great_expectations": ("expectations/",),
    "sqlalchemy": ("expectations/",),
    "typer": ("pipelines/cli/",),
    "rich": ("pipelines/",),
}
PYTHON = (*MAY_IMPORT, "tests")
ROOMS = (*PYTHON, "models", "macros", "companies", "seeds")
BUILT = {"__pycache__", "target", "logs", "deliveries"}
MAY_READ_THE_ENVIRONMENT = {
    "pipelines/dbt_process.py": "dbt reads its settings from the environment only",
    "pipelines/dagster_home.py": "Dagster finds its home through DAGSTER_HOME only",
    "expectations/engine.py": "GX is told by the environment only not to send usage",
    "benchmarks/processes.py": "what it measures runs in this machine's environment",
}
MAY_IGNORE = {
    "S608": 33,  # SQL is put together of names that `database.identifier` let through
    "ANN401": 5,  # values that have no narrower type: a cell, a node of YAML, a module
    "S603": 1,  # the benchmark starts the command
    "S606": 1,  # `clientele dev` becomes Dagster's own process
    "S701": 1,  # a template of SQL, not of a page
    "B018": 1,  # asking for the time zone is what validates it
    "misc": 2,  # base classes of libraries that ship no types
}
"""How often the rooms ignore a rule of ruff or mypy; nothing else is ignored."""
LONGEST_MODULE, LONGEST_FUNCTION = 300, 40
RULES = ["E", "F", "I", "B", "UP", "SIM", "PTH", "RUF", "ANN", "D", "S"]
RUFF_EXCEPTIONS = {"tests/**": ["S101"]}

UNFINISHED = ("TO" + "DO", "FIX" + "ME", "raise Not" + "ImplementedError")
SKIPPED = re.compile(r"pytest\.(mark\.)?(" + "skip|x" + "fail)")
MAY_SKIP = {
    "tests/unit/test_receiving_databases.py": "no PostgreSQL server can be had here",
}
IGNORED = re.compile(r"# (?:noqa: |type: ignore\[)([\w-]+)")
BLANKET = re.compile(r"# (?:noqa|type: ignore)(?![:\[])")
THIS_MACHINE = re.compile(r"/(?:" + "home|root|Users|work" + r")/\w")
NO_HOST = ("localhost", "127.0.0.1", "www.example.", "schemas.")
"""What stands behind `//` and is never asked for: ourselves, made-up and XML names."""
HOST = re.compile("https?:" + f"//(?!{'|'.join(map(re.escape, NO_HOST))})\\w")
ROW_BY_ROW = re.compile(r"\.(iterrows|itertuples)\(|apply\([^)]*axis=1")
MAY_GO_ROW_BY_ROW: dict[str, str] = {}


def written(folder: str, *patterns: str) -> list[Path]:
    """List the files of a room that people wrote and whose names match."""
    found = {
        path
        for pattern in patterns
        for path in (ROOT / folder).rglob(pattern)
        if not BUILT & set(path.relative_to(ROOT).parts)
    }
    return sorted(found)


def modules() -> list:
    """List every Python module of the rooms, with the room that holds it."""
    return [
        pytest.param(room, path, id=str(path.relative_to(ROOT)))
        for room in MAY_IMPORT
        for path in written(room, "*.py")
    ]


def named(path: Path) -> str:
    """Return the path as the project names it."""
    return path.relative_to(ROOT).as_posix()


def imports(tree: ast.AST) -> Iterator[str]:
    """Name every top-level package that the module imports, wherever it does."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.module and not node.level, "imports are absolute"
            yield node.module.split(".")[0]


@pytest.mark.parametrize(("room", "path"), modules())
def test_a_module_imports_only_what_its_room_may(room: str, path: Path) -> None:
    """The frameworks stay in their rooms, and nothing imports pipelines."""
    imported = set(imports(ast.parse(path.read_text(encoding="utf-8"))))
    assert imported & set(MAY_IMPORT) <= MAY_IMPORT[room] | {room}
    astray = [
        framework
        for framework in imported & set(FRAMEWORKS)
        if not named(path).startswith(FRAMEWORKS[framework])
    ]
    assert not astray, listed(astray)


@pytest.mark.parametrize(("room", "path"), modules())
def test_only_the_settings_read_the_environment(room: str, path: Path) -> None:
    """What is set is set in one place; frameworks that force it are listed."""
    touched = {
        node.attr
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv")
    }
    assert not touched or named(path) in MAY_READ_THE_ENVIRONMENT | {
        "warehouse/settings.py": "the one place"
    }


@pytest.mark.parametrize(("room", "path"), modules())
def test_a_module_says_what_it_is_for(room: str, path: Path) -> None:
    """A module opens with its purpose, unless it is an empty package mark."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert not tree.body or ast.get_docstring(tree)


def length(function: ast.FunctionDef) -> int:
    """Count the lines of a function, its docstring left out."""
    said = function.body[0] if ast.get_docstring(function) else None
    documented = said.end_lineno - said.lineno + 1 if said else 0
    return function.end_lineno - function.lineno + 1 - documented


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, id=named(path))
        for room in PYTHON
        for path in written(room, "*.py")
    ],
)
def test_modules_and_functions_stay_small(path: Path) -> None:
    """Over 300 lines a module, over 40 a function, asks to be divided."""
    text = path.read_text(encoding="utf-8")
    long = {
        f"{node.name}: {length(node)}"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef) and length(node) > LONGEST_FUNCTION
    }
    assert not long, listed(long)
    assert len(text.splitlines()) <= LONGEST_MODULE


@pytest.mark.parametrize(("room", "path"), modules())
def test_no_loop_goes_over_rows(room: str, path: Path) -> None:
    """Rows are worked on in sets: by SQL, or by vectorised code."""
    found = ROW_BY_ROW.findall(path.read_text(encoding="utf-8"))
    assert not found or named(path) in MAY_GO_ROW_BY_ROW


def code() -> list:
    """List every file that is code, of whatever language."""
    found = [path for room in ROOMS for path in written(room, "*.py", "*.sql", "*.yml")]
    found += [*ROOT.glob("*.toml"), *ROOT.glob("*.yml"), *ROOT.glob("*.yaml")]
    found += [ROOT / "Makefile", ROOT / ".ci" / "run"]
    return [pytest.param(path, id=named(path)) for path in found]


@pytest.mark.parametrize("path", code())
def test_nothing_is_left_unfinished(path: Path) -> None:
    """What is not done is an issue, not a remark; who skips a test says why."""
    text = path.read_text(encoding="utf-8")
    assert [word for word in UNFINISHED if re.search(rf"\b{word}\b", text)] == []
    assert not SKIPPED.search(text) or named(path) in MAY_SKIP


@pytest.mark.parametrize("path", code())
def test_no_place_or_host_is_written_down(path: Path) -> None:
    """The project runs anywhere: no folder of one machine, no host of one network."""
    text = path.read_text(encoding="utf-8")
    assert THIS_MACHINE.findall(text) == []
    assert HOST.findall(text) == []


def test_the_list_of_exceptions_does_not_grow() -> None:
    """Linters are not switched off rule by rule; the few exceptions name their rule."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lint = settings["tool"]["ruff"]["lint"]
    assert lint["select"] == RULES
    assert not {"ignore", "extend-ignore"} & set(lint)
    assert lint["per-file-ignores"] == RUFF_EXCEPTIONS
    assert settings["tool"]["mypy"]["strict"] is True
    rooms = [path.values[1] for path in modules()]
    text = "\n".join(path.read_text(encoding="utf-8") for path in rooms)
    ignored = Counter(IGNORED.findall(text))
    assert not ignored - Counter(MAY_IGNORE), listed(ignored - Counter(MAY_IGNORE))
    assert not BLANKET.findall(text)


def test_the_lists_of_exceptions_are_lived_in() -> None:
    """An exception that nothing needs any more is struck off."""
    listed = MAY_READ_THE_ENVIRONMENT | MAY_SKIP | MAY_GO_ROW_BY_ROW
    assert [name for name in listed if not (ROOT / name).is_file()] == []
