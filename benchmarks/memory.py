"""How much memory a process has used at its most."""

import resource
from pathlib import Path

STATUS = Path("/proc/self/status")


def peak_mb() -> int:
    """Return the peak of this process in megabytes, from its own start on.

    What the system tells a parent of its child counts the parent's memory too, from
    the moment between fork and exec; so the child reads its own where it can.
    """
    if STATUS.is_file():
        for line in STATUS.read_text(encoding="utf-8").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
