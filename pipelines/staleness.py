"""Whether the work database was built by today's models, contracts and dictionaries.

What was built by others is not mended but made again, from the archive. The standard
forms that Python adds to rows, and what it computes of the stars, count as part of the
models; so do the checks that let them stand, and what all of it runs on.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import duckdb

from warehouse.company import Company
from warehouse.settings import PROJECT_ROOT, Settings

ROOMS = (
    *("models", "macros", "seeds"),
    *("warehouse/standardization", "warehouse/identity", "warehouse/scoring"),
    *("warehouse/publication/macros", "expectations", "tests/data/generic"),
)
FILES = (
    *("dbt_project.yml", "profiles.yml", "requirements.lock"),
    *("warehouse/keyed_hash.py", "warehouse/keyed_hash_plugin.py"),
)
COMPANY_ROOMS = ("sources", "dictionaries")
WRITTEN = frozenset({".sql", ".yml", ".csv", ".py"})


def dbt_variables(company: Company) -> str:
    """Return what dbt gets to know of `company.yml`, as JSON."""
    return json.dumps(
        {
            "inputs": company.inputs,
            "dictionaries": company.dictionaries(),
            "extra_attributes": [
                {"name": each.attribute_name, "data_type": each.data_type}
                for each in company.extra_attributes()
            ],
            "company": {
                "name": company.name,
                "country": company.country,
                "currency": company.currency,
                "time_zone": company.time_zone,
                "fiscal_year_start_month": company.fiscal_year_start_month,
            },
        },
        sort_keys=True,
    )


def fingerprint(company: Company) -> str:
    """Return a digest of everything that the content of the work database rests on."""
    said = f"{dbt_variables(company)}\0{duckdb.__version__}\0"
    digest = hashlib.sha256(said.encode())
    for name, file in sorted(_written(company)):
        digest.update(f"{name}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _written(company: Company) -> Iterator[tuple[str, Path]]:
    """Yield each file that counts, with its path below the project or the company."""
    for root, rooms in ((PROJECT_ROOT, ROOMS), (company.folder, COMPANY_ROOMS)):
        for file in (file for room in rooms for file in (root / room).rglob("*.*")):
            if file.suffix in WRITTEN:
                yield file.relative_to(root).as_posix(), file
    for name in FILES:
        if (PROJECT_ROOT / name).is_file():
            yield name, PROJECT_ROOT / name


def _stamp(settings: Settings) -> Path:
    return settings.places.work.with_suffix(".fingerprint")


def is_stale(settings: Settings, company: Company) -> bool:
    """Return whether the work database is gone, or was built by other models."""
    stamp = _stamp(settings)
    if not (settings.places.work.is_file() and stamp.is_file()):
        return True
    return stamp.read_text("utf-8") != fingerprint(company)


def _begun(settings: Settings) -> Path:
    return settings.places.work.with_suffix(".begun")


def forget_stale_work(settings: Settings, company: Company) -> bool:
    """Remove a work database that other models built, so that it is built anew.

    It counts as stale until `stamp_work` says that what was begun has been published.

    Returns:
        Whether it is to be built anew.
    """
    if not is_stale(settings, company):
        return False
    work = settings.places.work
    for file in (_stamp(settings), work, work.with_suffix(".duckdb.wal")):
        file.unlink(missing_ok=True)
    _begun(settings).write_text(fingerprint(company), "utf-8")
    return True


def is_built_anew(settings: Settings) -> bool:
    """Return whether the work database was begun anew since it was last published."""
    return _begun(settings).is_file()


def forget_work(settings: Settings) -> None:
    """Say that the work database is not to be built upon: the next night removes it."""
    for file in (_stamp(settings), _begun(settings)):
        file.unlink(missing_ok=True)


def stamp_work(settings: Settings) -> None:
    """Say that the work database was built to its end by the models it began with."""
    if _begun(settings).is_file():
        _begun(settings).replace(_stamp(settings))
