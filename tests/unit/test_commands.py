"""The commands from outside: what there is, how they fail, what they do not load."""

import json
import subprocess
import sys

import pytest
from house import House
from typer.main import get_command

from pipelines.cli.main import app, main
from warehouse.errors import ExitCode
from warehouse.settings import PROJECT_ROOT

DESIGNED = {
    *("demo", "night", "status", "sql", "source", "quarantine", "rollback", "verify"),
    *("identity", "customer", "dbt", "dev", "docs", "backup", "restore", "notify"),
    "quality",
}
HEAVY = {"dagster", "dbt", "duckdb", "great_expectations", "numpy", "pandas", "pyarrow"}
WORK = {"dagster", "dbt", "great_expectations", "splink", "pandas", "scipy", "pypinyin"}
STATISTICS = {"scipy", "statsmodels"}
"""What a night without experiments does without."""
LOADED = """
import importlib, sys
importlib.import_module(sys.argv[1])
print(*{name.split(".")[0] for name in sys.modules})
"""


def test_every_command_is_there_and_says_what_it_does() -> None:
    """Nobody has to read the code to learn what a command is for."""
    commands = get_command(app).commands
    assert set(commands) == DESIGNED
    assert [name for name, command in commands.items() if not command.help] == []


@pytest.mark.parametrize(
    ("module", "dear"),
    [
        ("pipelines.cli.main", HEAVY),
        ("pipelines.night", WORK),
        ("warehouse.scoring", STATISTICS),
    ],
)
def test_what_answers_at_once_loads_nothing_dear(module: str, dear: set[str]) -> None:
    """`--help` in a third of a second, and a night with nothing new in a second."""
    loaded = subprocess.run(  # noqa: S603
        [sys.executable, "-c", LOADED, module],
        cwd=PROJECT_ROOT,
        text=True,
        capture_output=True,
        check=True,
    )
    assert dear & set(loaded.stdout.split()) == set()


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("night", "--date", "yesterday"),
        ("source", "check", "nobody"),
        ("sql", "select 1"),
        ("rollback",),
        ("backup",),
        ("restore", "nowhere"),
    ],
)
def test_wrong_use_ends_with_two(
    tiny_company: House, arguments: tuple[str, ...]
) -> None:
    """And says so on standard error, where no program reads data."""
    result = tiny_company.run(*arguments)
    assert result.returncode == 2
    assert result.stderr
    assert not result.stdout


def test_nothing_delivered_is_a_failure_with_a_mend(tiny_company: House) -> None:
    """A night that has nothing to work on is not a finished one."""
    result = tiny_company.run("night")
    assert result.returncode == 1
    assert "where:" in result.stderr
    assert "mend:" in result.stderr


def test_a_program_reads_json(tiny_company: House) -> None:
    """Each line is an object."""
    listed = tiny_company.done("source", "list", "--json").splitlines()
    tables = {(row["source"], row["table"]) for row in map(json.loads, listed)}
    names = ("decisions", "match_models", "quarantine_decisions")
    own = {("steward", name) for name in names}
    assert tables == {("desk", "members"), ("desk", "sales")} | own
    assert json.loads(tiny_company.done("status", "--json"))["release"] is None
    assert tiny_company.done("quarantine", "--json") == ""


def test_a_build_without_inputs_stops_with_a_message(tiny_company: House) -> None:
    """It never yields empty tables."""
    file = tiny_company.settings.companies / "tiny" / "company.yml"
    text = file.read_text(encoding="utf-8")
    file.write_text(f"{text.partition('inputs:')[0]}inputs: {{}}\n", encoding="utf-8")
    night = tiny_company.run("night")
    assert night.returncode == 2
    assert "inputs" in night.stderr
    plain = subprocess.run(
        [sys.executable, "-m", "dbt.cli.main", "--no-use-colors", "parse"],
        cwd=PROJECT_ROOT,
        env=tiny_company.environment
        | {
            "DBT_TARGET_PATH": str(tiny_company.settings.home / "target"),
            "DBT_LOG_PATH": str(tiny_company.settings.home / "logs"),
        },
        text=True,
        capture_output=True,
        check=False,
    )
    assert plain.returncode != 0
    assert "clientele dbt" in plain.stdout


def test_a_wrong_setting_is_told_by_its_name(
    tiny_company: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    """No trace of the program's insides; the exit code says wrong use."""
    for name, value in tiny_company.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("CLIENTELE_MEMORY_LIMIT", "lots")
    with pytest.raises(SystemExit) as ended:
        main(["status"])
    assert ended.value.code == ExitCode.WRONG_USE
    assert "CLIENTELE_MEMORY_LIMIT" in capsys.readouterr().err
