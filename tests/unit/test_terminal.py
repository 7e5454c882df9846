"""What commands print steers no terminal, whoever wrote it."""

import sys

import pytest
import typer

from pipelines.cli.main import app, main
from pipelines.cli.tables import show
from pipelines.cli.terminal import showing_text, visible
from warehouse.errors import ClienteleError

STEERING = {
    "a\x1b[2Jb": "a\\x1b[2Jb",
    "\x1b]0;title\x07": "\\x1b]0;title\\x07",
    "a\rb\x08": "a\\rb\\x08",
    "\u202efdp.exe": "\\u202efdp.exe",
    "a\x9b2J": "a\\x9b2J",
    "\x1b[8mhidden": "\\x1b[8mhidden",
}
PLAIN = ("王芳", "Jörg\n\tÉmile", "\x1b[31mred\x1b[0m", "{{ 1 }} [red] %s")


@pytest.mark.parametrize("text", STEERING)
def test_what_steers_is_shown_by_its_number(text: str) -> None:
    """Neither a screen is cleared, nor a line turned round."""
    assert visible(text) == STEERING[text]


@pytest.mark.parametrize("text", PLAIN)
def test_text_is_shown_as_it_is(text: str) -> None:
    """The colours of the house too."""
    assert visible(text) == text


def test_tables_and_lines_go_through_it(capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever prints them; afterwards the stream is the one of before."""
    before = sys.stdout
    with showing_text():
        show(["name"], [["a\x1b[2Jb"]], json_=False)
        typer.echo("c\x07")
        print("d\r")
    assert sys.stdout is before
    assert [*capsys.readouterr().out] == [*"name     \na\\x1b[2Jb\nc\\x07\nd\\r\n"]


def test_an_error_goes_through_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file's name stands in it."""

    def fail(*_: object) -> None:
        raise ClienteleError("lost", where="a\x1b[2Jb", mend="Find it.")

    monkeypatch.setattr(type(app), "__call__", fail)
    with pytest.raises(SystemExit):
        main()
    assert "where: a\\x1b[2Jb" in capsys.readouterr().err
