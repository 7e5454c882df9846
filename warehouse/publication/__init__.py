"""Publication: releases made, switched to, opened, rolled back and verified."""

from warehouse.publication.archive_faults import Finding
from warehouse.publication.beginning import Begun, begin, sweep
from warehouse.publication.publish import publish
from warehouse.publication.reading import open_release, run_sql
from warehouse.publication.release import (
    Release,
    current_release,
    releases,
    sound_release,
)
from warehouse.publication.switching import published_up_to, rollback
from warehouse.publication.verify import verify

__all__ = [
    "Begun",
    "Finding",
    "Release",
    "begin",
    "current_release",
    "open_release",
    "publish",
    "published_up_to",
    "releases",
    "rollback",
    "run_sql",
    "sound_release",
    "sweep",
    "verify",
]
