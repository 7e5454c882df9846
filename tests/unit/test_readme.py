"""The README's commands really run, against a finished night of the demo company."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest
from house import House

from warehouse.settings import PROJECT_ROOT, Settings

BLOCK = re.compile(r"^```bash\n(.*?)^```", re.MULTILINE | re.DOTALL)


def commands(page: str) -> list[str]:
    """List the commands of a page's bash blocks, one a line."""
    text = (PROJECT_ROOT / page).read_text(encoding="utf-8")
    joined = "".join(BLOCK.findall(text)).replace("\\\n", " ")
    lines = (line.strip() for line in joined.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def shown(page: str, *, make: bool) -> list:
    """Give each command a test of its own, named for it."""
    return [
        pytest.param(command, id=command[:60])
        for command in commands(page)
        if command.startswith("make ") is make
    ]


def shell(command: str, house: House) -> subprocess.CompletedProcess[str]:
    """Run a command as a reader would, in the house of a finished night."""
    return subprocess.run(  # noqa: S603
        ["/bin/sh", "-c", command],
        cwd=PROJECT_ROOT,
        env=house.environment,
        text=True,
        capture_output=True,
        check=False,
    )


@pytest.mark.parametrize("command", shown("README.md", make=False))
def test_a_command_of_the_readme_runs(command: str, demo_copy: House) -> None:
    """What a stranger copies from the README ends well and says something."""
    result = shell(command, demo_copy)
    assert result.returncode == 0, result.stderr
    assert result.stdout.strip()


@pytest.mark.parametrize("command", shown("README.md", make=True))
def test_a_make_of_the_readme_exists(command: str, tmp_path: Path) -> None:
    """The environment is there already, so what make would do is only asked for."""
    house = House(Settings(company="demo", home=tmp_path))
    result = shell(f"make --dry-run {shlex.split(command)[1]}", house)
    assert result.returncode == 0, result.stderr


def test_the_readme_has_commands() -> None:
    """The tests above have something to run."""
    assert len(commands("README.md")) >= 5
    assert {"make night", "make test"} <= set(commands("README.md"))


def test_the_files_that_the_readme_names_exist() -> None:
    """No link of README or AGENTS leads nowhere."""
    text = "".join(
        (PROJECT_ROOT / page).read_text(encoding="utf-8")
        for page in ("README.md", "AGENTS.md")
    )
    named = {link for link in re.findall(r"\]\(([^)#:]+)\)", text)}
    assert [link for link in named if not (PROJECT_ROOT / link).exists()] == []


def test_every_page_of_the_docs_is_found_from_the_readme() -> None:
    """What no reader comes to was written for nobody; decisions have their folder."""
    readme = (PROJECT_ROOT / "README.md").read_text(encoding="utf-8")
    pages = {f"docs/{page.name}" for page in (PROJECT_ROOT / "docs").glob("*.md")}
    assert sorted(page for page in pages if f"]({page})" not in readme) == []
