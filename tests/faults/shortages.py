"""Disks that are full or read-only, files that may not be touched, too little memory.

Each is real: a small file system, a mount that may only be read, a file that even the
superuser may not change, a limit of DuckDB. While it lasts, a person is told what
stands in the way; when it is over, the next night gives what nothing had disturbed.
"""

import ctypes
import os
import shutil
import subprocess
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
from publication_world import (
    make_archive,
    make_settings,
    make_work,
    publish_made,
    publish_world,
)

from faults import Say
from faults.houses import Content, assert_heals, content, open_world
from faults.readers import SEEN
from warehouse.database import session
from warehouse.errors import ClienteleError
from warehouse.machine import in_words
from warehouse.publication import open_release, published_up_to, verify
from warehouse.settings import Settings

ENOUGH = 64 << 20
ROOM = (0, 50, 100, 300, 600, 1000, 1500, 2000, 3000, 5000)
"""How many kilobytes are free on the disk that is full."""
MEMORY = ("2MB", "3MB", "4MB", "6MB", "8MB", "12MB", "16MB", "24MB")

Act = Callable[[], object]


@dataclass
class Count:
    """What became of the cases: told, gone through all the same, or wrong."""

    told: int = 0
    passed: int = 0
    faults: list[str] = field(default_factory=list)

    def act(self, case: str, act: Act, words: str) -> None:
        """Do what may fail, and see that a failure is told in the words expected."""
        try:
            act()
        except Exception as error:
            told = in_words(error)
            if told is None or words not in told.what:
                self.faults.append(f"{case}: told as {told or error!r}")
            else:
                self.told += 1
        else:
            self.passed += 1

    def heal(self, case: str, check: Act) -> None:
        """See that what was hurt is whole again."""
        try:
            check()
        except (AssertionError, ClienteleError, duckdb.Error, OSError) as error:
            self.faults.append(f"{case}, afterwards: {error!r}")


def _run(*command: str) -> None:
    program = shutil.which(command[0]) or command[0]
    subprocess.run([program, *command[1:]], check=True, capture_output=True)  # noqa: S603


@contextmanager
def own_disk(folder: Path) -> Iterator[Callable[[int], None]]:
    """Mount a file system of its own; what is yielded leaves so many bytes free."""
    folder.mkdir(parents=True)
    _run("mount", "-t", "tmpfs", "-o", f"size={ENOUGH}", "tmpfs", str(folder))

    def leave(free: int) -> None:
        disk = os.statvfs(folder)
        used = (disk.f_blocks - disk.f_bfree) * disk.f_bsize
        size = max(used + free, disk.f_bsize)
        _run("mount", "-o", f"remount,size={size}", str(folder))

    try:
        yield leave
    finally:
        _run("umount", str(folder))


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Let a folder be read and not written, by anybody."""
    _run("mount", "--bind", str(folder), str(folder))
    try:
        _run("mount", "-o", "remount,ro,bind", str(folder))
        yield
    finally:
        _run("umount", str(folder))


@contextmanager
def untouchable(path: Path) -> Iterator[None]:
    """Let nobody change a file or a folder, not even the superuser."""
    _run("chattr", "+i", str(path))
    try:
        yield
    finally:
        _run("chattr", "-i", str(path))


def obey_modes() -> None:
    """Let this process keep to the modes of files, though it be the superuser's."""
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    none = (ctypes.c_uint32 * 6)()
    if ctypes.CDLL(None, use_errno=True).capset(header, none):
        raise OSError(ctypes.get_errno(), "no privilege can be given up")


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Take away the leave to write to a file or into a folder."""
    mode = path.stat().st_mode
    path.chmod(0o500)
    try:
        yield
    finally:
        path.chmod(mode)


def full_disks(root: Path, unhurt: Content, count: Count) -> None:
    """Receive, and publish, where there is little room."""
    for room in ROOM:
        case = f"receiving with {room} kB free"
        with own_disk(root / f"received-{room}") as leave:
            world = open_world(root / f"received-{room}")
            leave(room << 10)
            count.act(case, world.night, "full")
            leave(ENOUGH)
            count.heal(case, partial(assert_heals, world, unhurt))
        case = f"publishing with {room} kB free"
        with own_disk(root / f"published-{room}") as leave:
            settings = make_settings(root / f"published-{room}")
            make_archive(settings)
            publish_world(settings, last_load_id=1)
            make_work(settings, last_load_id=2)
            leave(room << 10)
            count.act(case, partial(publish_made, settings, last_load_id=2), "full")
            count.heal(case, partial(_assert_readable, settings))
            leave(ENOUGH)
            count.heal(case, partial(_assert_publishes, settings))


def full_spill(root: Path, unhurt: Content, count: Count) -> None:
    """Too little memory, and no room either for what does not fit into it."""
    for room in ROOM[:4]:
        case = f"spilling with {room} kB free"
        world = open_world(root / f"spill-{room}", memory_limit="4MB")
        with own_disk(world.settings.places.temporary) as leave:
            leave(room << 10)
            count.act(case, world.night, "")
        world.settings = world.settings.model_copy(update={"memory_limit": "1GB"})
        count.heal(case, partial(assert_heals, world, unhurt))


def little_memory(root: Path, unhurt: Content, count: Count) -> None:
    """Limits of memory that are reached while rows are read, sorted and committed."""
    for limit in MEMORY:
        case = f"{limit} of memory"
        world = open_world(root / f"memory-{limit}", memory_limit=limit)
        count.act(case, world.night, "memory")
        world.settings = world.settings.model_copy(update={"memory_limit": "1GB"})
        count.heal(case, partial(assert_heals, world, unhurt))


def lost_permissions(root: Path, unhurt: Content, count: Count) -> None:
    """A disk that may only be read, files and folders that nobody may change."""
    world = open_world(root / "read-only")
    with read_only(world.settings.home):
        count.act("a read-only disk", world.night, "may only be read")
    count.heal("a read-only disk", partial(assert_heals, world, unhurt))
    for name in ("archive", "archive_file", "deliveries"):
        world = open_world(root / f"untouchable-{name}")
        world.settings.places.prepare()
        with session(world.settings, write=world.settings.places.archive):
            pass
        path = getattr(world.settings.places, name.removesuffix("_file"))
        with untouchable(path):
            count.act(f"{name} is untouchable", world.night, "may not be used")
        count.heal(f"{name} is untouchable", partial(assert_heals, world, unhurt))
    settings = make_settings(root / "published")
    make_archive(settings)
    publish_world(settings, last_load_id=1)
    make_work(settings, last_load_id=2)
    publish = partial(publish_made, settings, last_load_id=2)
    with read_only(settings.places.published):
        count.act("releases may only be read", publish, "may only be read")
        count.heal("releases may only be read", partial(_assert_readable, settings))
    with untouchable(settings.places.published):
        count.act("releases are untouchable", publish, "may not be used")
    count.heal("releases are untouchable", partial(_assert_publishes, settings))


def _assert_readable(settings: Settings) -> None:
    with open_release(settings) as connection:
        [[load_id, least, most, _]] = connection.execute(SEEN).fetchall()
    assert load_id == least == most == published_up_to(settings)


def _assert_publishes(settings: Settings) -> None:
    publish_world(settings, last_load_id=3)
    assert published_up_to(settings) == 3
    assert verify(settings, deep=True) == []


def measure(root: Path, _asked: Namespace, say: Say) -> dict[str, Any]:
    """Make every shortage, and see it told and mended.

    Args:
        root: Where the houses lie; it takes the superuser to mount disks there.
        say: Who hears how far it is.
    """
    root.mkdir()
    unhurt_world = open_world(root / "unhurt")
    unhurt_world.night()
    unhurt = content(unhurt_world)
    kinds = [little_memory]
    if os.geteuid() == 0:
        kinds += [full_disks, full_spill, lost_permissions]
    else:
        say("  only the superuser can mount disks: those are left out")
    figures: dict[str, Any] = {"faults": [], "kinds": {}}
    for kind in kinds:
        count = Count()
        kind(root, unhurt, count)
        name = kind.__name__
        figures["kinds"][name] = {"told": count.told, "passed": count.passed}
        figures["faults"] += count.faults
        say(f"  {name}: {count.told} told, {count.passed} went through")
    cases = sum(sum(counts.values()) for counts in figures["kinds"].values())
    return figures | {"injected": cases, "cases": cases}
