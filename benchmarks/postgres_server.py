"""A PostgreSQL server of a benchmark's own, on a socket in a folder of its own.

Its programs are installed where they are missing and that is allowed, as the tests of
receiving do. It is as durable as it comes; it gets as much memory as is usual for a
machine that does nothing else, and writes less of a log, which one server may.
"""

import os
import pwd
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from processes import Process, Run, run, say, started

ACCOUNT = "postgres"
READY_WITHIN_S = 60


@dataclass
class Server:
    """A server at work, and how it is spoken to."""

    programs: Path
    folder: Path
    process: Process

    def run(self, script: Path) -> Run:
        """Run a script of statements; stop at the first that fails.

        Raises:
            SystemExit: A statement failed; what was said is shown.
        """
        return run([*self._client, "-f", str(script)], script.parent)

    def is_ready(self) -> bool:
        """Return whether it answers."""
        try:
            run([*self._client, "-c", "select 1"], self.folder)
        except SystemExit:
            return False
        return True

    @property
    def _client(self) -> Sequence[str]:
        return (
            *(str(self.programs / "psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1"),
            *("-h", str(self.folder), "-U", ACCOUNT, "-d", "postgres"),
        )


def programs() -> Path:
    """Return where PostgreSQL's programs are, installing them where that is allowed.

    Raises:
        SystemExit: They are not there, and cannot be installed by this user.
    """
    found = _installed()
    if not found and can_be_had():
        say("  installing PostgreSQL")
        apt = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
        run([*apt, "update"], Path.cwd())
        run([*apt, "install", "-y", "postgresql"], Path.cwd())
        found = _installed()
    if not found:
        raise SystemExit("PostgreSQL is not installed: install the package postgresql.")
    return found[-1].parent


def can_be_had() -> bool:
    """Return whether PostgreSQL is here, or this user may install it."""
    return bool(_installed()) or (
        os.geteuid() == 0 and shutil.which("apt-get") is not None
    )


def _installed() -> list[Path]:
    return sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))


def settings() -> dict[str, str]:
    """Return what is set otherwise than it comes: for one large job on this machine."""
    memory = psutil.virtual_memory().total // 2**20
    return {
        "listen_addresses": "",
        "shared_buffers": f"{memory // 4}MB",
        "work_mem": f"{memory // 32}MB",
        "maintenance_work_mem": f"{memory // 16}MB",
        "effective_cache_size": f"{memory // 2}MB",
        "max_parallel_workers_per_gather": str(os.cpu_count() or 1),
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "max_wal_size": "8GB",
        "jit": "off",
    }


@contextmanager
def served() -> Iterator[Server]:
    """Start a server, frame it, and remove all that it had."""
    binaries = programs()
    folder = Path(tempfile.mkdtemp(prefix="clientele-pg-"))
    as_user: list[str] = []
    if os.geteuid() == 0:
        owner = pwd.getpwnam(ACCOUNT)
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        as_user = ["setpriv", f"--reuid={ACCOUNT}", f"--regid={ACCOUNT}"]
        as_user.append("--clear-groups")
    data = str(folder / "data")
    try:
        made = [str(binaries / "initdb"), "-D", data, "-A", "trust", "-U", ACCOUNT]
        run([*as_user, *made, "-E", "UTF8", "--locale=C"], folder)
        options = [part for pair in settings().items() for part in _option(*pair)]
        serve = [str(binaries / "postgres"), "-D", data, "-k", str(folder), *options]
        with started([*as_user, *serve], folder) as process:
            server = Server(binaries, folder, process)
            until = time.monotonic() + READY_WITHIN_S
            while not server.is_ready():
                if time.monotonic() > until:
                    raise SystemExit("".join(process.errors))
                time.sleep(0.2)
            yield server
            process.popen.send_signal(signal.SIGINT)
            process.ended()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _option(name: str, value: str) -> tuple[str, str]:
    return "-c", f"{name}={value}"
