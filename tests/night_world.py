"""Nights of tiny companies in this process: the steps of a run, without its start.

The steps are the functions that the assets call, in the assets' order. Dagster and the
command line are tested apart.
"""

import shutil
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb
from house import House as Commands

from expectations import CheckResult, holds_back
from expectations import Stage as Checked
from pipelines.assets.checks import check_doors, check_gate, keep, last_results
from pipelines.assets.raw import receive_dates
from pipelines.night import dates_to_run
from pipelines.releasing import make_release
from pipelines.resources import House
from pipelines.stages import Stage
from warehouse.company import Company, read_company
from warehouse.database import session
from warehouse.digest import digest_database
from warehouse.identity import identify
from warehouse.locking import one_writer
from warehouse.publication import Release
from warehouse.receiving import Load
from warehouse.scoring import score
from warehouse.settings import Settings
from warehouse.stewardship import estimate

COMPANIES = Path(__file__).parent / "companies"
CLOCK_START = datetime(2026, 2, 1)
PUBLISHED = (
    *("shared", "descriptive", "behavioural", "associative", "aggregates"),
    "quality",
)
PER_RUN = {
    *("quality.fct_check_result", "quality.fct_grade_part"),
    "quality.agg_grade",
}
"""Their rows tell what each run found, so more runs make more rows."""

CURRENT = {
    "descriptive.dim_customer": """
        select * exclude (customer_id, customer_key, first_seen_at)
        from descriptive.dim_customer where is_current
    """,
    "behavioural.fct_sale": """
        select
            sale.* exclude (customer_id, customer_key, customer_id_at_load, load_key),
            customer.full_name, customer.email, customer.city,
            customer.valid_from, customer.valid_to
        from behavioural.fct_sale as sale
        inner join descriptive.dim_customer as customer using (customer_key)
    """,
    "descriptive.fct_registration": """
        select registration.* exclude (
            customer_id, customer_key, customer_id_at_load, load_key
        ), customer.full_name, customer.email
        from descriptive.fct_registration as registration
        inner join descriptive.dim_customer as customer using (customer_key)
    """,
    "descriptive.bridge_customer_identity": """
        select
            bridge.source_name, bridge.source_record_id, bridge.valid_from,
            bridge.valid_to, customer.full_name, customer.email
        from descriptive.bridge_customer_identity as bridge
        inner join descriptive.dim_customer as customer using (customer_id)
        where bridge.known_to = timestamp '9999-12-31' and customer.is_current
    """,
    "aggregates.agg_sales": "from aggregates.agg_sales",
    "aggregates.agg_customer_base": "from aggregates.agg_customer_base",
}
"""What analysts read of today. Keys name who survived a merge; what is left out besides
is known time and the load, which another order of arrival changes."""


@dataclass(frozen=True)
class Nights(Commands):
    """A company whose nights run in this process."""

    @property
    def environment(self) -> dict[str, str]:
        """The environment of its commands, with the clock of replay."""
        start = self.settings.clock_start or CLOCK_START
        return super().environment | {"CLIENTELE_CLOCK_START": start.isoformat()}

    @property
    def company(self) -> Company:
        """What the company states about itself."""
        return read_company(self.settings)

    def receive(self, *dates: str) -> list[Load]:
        """Receive the dates; those that wait when none is given."""
        house = House.open(self.settings)
        house.settings.places.prepare()
        with one_writer(self.settings):
            return receive_dates(house, self._dates(house, dates))

    def build(self) -> House:
        """Build input, identify, and build the marts; return what it was done with."""
        house = House.open(self.settings)
        with one_writer(self.settings):
            list(house.transformation.build(Stage.INPUTS))
            identify(house.settings, house.company)
            estimate(house.settings, house.company)
            list(house.transformation.build(Stage.MARTS))
            score(house.settings)
            list(house.transformation.build(Stage.SCORES))
        return house

    def check_and_release(
        self, house: House | None = None
    ) -> tuple[list[CheckResult], Release]:
        """Check what was built and make a release of it, held if a check says so.

        Args:
            house: What it was built with, which has read the models already.
        """
        house = house or House.open(self.settings)
        manifest = house.transformation.manifest()
        with one_writer(self.settings):
            keep(house, check_doors(house, manifest))
            keep(house, check_gate(house, manifest))
            list(house.transformation.build(Stage.QUALITY))
            results = last_results(house, Checked.GATE)
            held = holds_back(results)
            return results, make_release(house, held=held, warn=warnings.warn)

    def night(self, *dates: str) -> Release:
        """Run a whole night; nothing may hold it back."""
        self.receive(*dates)
        results, release = self.check_and_release(self.build())
        assert not holds_back(results), [each for each in results if each.is_error]
        return release

    def digests(self) -> dict[str, str]:
        """Digest every table to be published, personal columns with them."""
        found = digest_database(self.settings.places.work, PUBLISHED)
        return {name: found[name] for name in found if name not in PER_RUN}

    def built(self, query: str) -> list[tuple[object, ...]]:
        """Query the work database, where nothing is held back from tests."""
        path = str(self.settings.places.work)
        with duckdb.connect(path, read_only=True) as connection:
            return connection.execute(query).fetchall()

    def tamper(self, *statements: str) -> None:
        """Change the work database, as no night would."""
        with session(self.settings, write=self.settings.places.work) as connection:
            for statement in statements:
                connection.execute(statement)

    def copy(self, home: Path) -> "Nights":
        """Copy the whole house, to go on from here apart."""
        shutil.copytree(self.settings.home, home, symlinks=True)
        return Nights(self.settings.model_copy(update={"home": home}))

    def _dates(self, house: House, dates: Iterable[str]) -> list[date]:
        stated = [date.fromisoformat(each) for each in dates]
        return stated or dates_to_run(house.settings, house.company, None)


def open_company(folder: Path, *names: str) -> Nights:
    """Lay out a company in a folder: each name's files over those before.

    Args:
        folder: Where; its companies and its home lie in it.
        names: Folders of `tests/companies`; the last names the company.
    """
    company = folder / "companies" / names[-1]
    for name in names:
        shutil.copytree(COMPANIES / name, company, dirs_exist_ok=True)
    return Nights(
        Settings(
            company=names[-1],
            home=folder / "home",
            companies=folder / "companies",
            clock_start=CLOCK_START,
            threads=2,
        )
    )
