"""One writer at a time, with private files and nothing left in the temporary folder."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from publication_world import make_settings

from warehouse.errors import ClienteleError
from warehouse.locking import one_writer, refuse_second, running_night

HOLD = """
import sys
from pathlib import Path
from warehouse.locking import one_writer
from warehouse.settings import Settings

with one_writer(Settings(company="demo", home=Path(sys.argv[1]))):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_writer_is_refused_and_told_who_holds_the_lock(
    tmp_path: Path,
) -> None:
    """A lock held by a killed process is free again."""
    settings = make_settings(tmp_path)
    with subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", HOLD, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with (
            pytest.raises(ClienteleError, match=rf"process {holder.pid}\b.*Wait"),
            one_writer(settings),
        ):
            pass
        holder.kill()
    with one_writer(settings):
        assert settings.places.lock.exists()


def test_the_same_process_cannot_write_twice(tmp_path: Path) -> None:
    """Two nights in one process exclude each other too."""
    settings = make_settings(tmp_path)
    with (
        one_writer(settings),
        pytest.raises(ClienteleError, match=f"process {os.getpid()}"),
        one_writer(settings),
    ):
        pass


def test_a_number_that_a_killed_night_left_stops_nobody(tmp_path: Path) -> None:
    """After a restart of the machine it is another process's."""
    settings = make_settings(tmp_path)
    with one_writer(settings):
        assert running_night(settings) == os.getpid()
    left = settings.places.lock.with_suffix(".pid")
    left.write_text(str(os.getppid()), encoding="utf-8")
    assert running_night(settings) is None
    refuse_second(settings)
    with one_writer(settings):
        assert left.read_text(encoding="utf-8") == str(os.getpid())


def test_spill_files_are_wiped_and_new_files_are_private(tmp_path: Path) -> None:
    """Spill files are plain text, and no others may read what a night writes."""
    settings = make_settings(tmp_path)
    temporary = settings.places.temporary
    (temporary / "left").mkdir()
    (temporary / "left" / "spill").touch()
    with one_writer(settings):
        assert list(temporary.iterdir()) == []
        (temporary / "spill").touch()
        assert (temporary / "spill").stat().st_mode & 0o777 == 0o640
    assert list(temporary.iterdir()) == []


def test_the_lock_is_released_when_the_night_fails(tmp_path: Path) -> None:
    """The lock and the umask of before come back with an error as well."""
    settings = make_settings(tmp_path)
    before = os.umask(0o022)
    try:
        with pytest.raises(ValueError, match="failed"), one_writer(settings):
            raise ValueError("failed")
        assert os.umask(0o022) == 0o022
    finally:
        os.umask(before)
    with one_writer(settings):
        pass
