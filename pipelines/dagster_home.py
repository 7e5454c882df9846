"""Dagster's home: the one place that tells Dagster where its storage is."""

import os
import shutil

from warehouse.settings import PROJECT_ROOT, Settings


def enter_dagster_home(settings: Settings) -> None:
    """Lay `dagster.yaml` into the home of the company, and point Dagster there.

    Args:
        settings: Whose home; its folders are made.
    """
    settings.places.prepare()
    home = settings.places.dagster
    shutil.copyfile(PROJECT_ROOT / "dagster.yaml", home / "dagster.yaml")
    os.environ["DAGSTER_HOME"] = str(home)
