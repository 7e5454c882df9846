"""What a company says about itself in `company.yml`."""

from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from warehouse.contract_files import STEWARD, read_sources, read_steward_source
from warehouse.contracts import SourceContract
from warehouse.errors import ContractError, WrongUseError
from warehouse.extra_attributes import (
    ExtraAttribute,
    read_extra_attributes,
    refuse_lesser_classes,
)
from warehouse.notifying.configuration import Notify
from warehouse.retention.policy import RetentionPolicy
from warehouse.settings import Settings

ENTITIES = (
    "party",
    "contact_point",
    "consent",
    "relationship",
    "product",
    "outlet",
    "sale",
    "service_contact",
    "web_event",
    "campaign",
    "campaign_touch",
    "survey_answer",
    "list",
    "agent",
    "competitor_purchase",
    "complaint",
    "deal_step",
    "exchange_rate",
    "experiment_assignment",
    "indicator",
    "list_terms",
    "promotion",
    "service_usage",
    "supply",
    "target",
    "identity_decision",
    "match_model",
)
OWN_INPUTS = {
    "identity_decision": "stg_steward__decisions",
    "match_model": "stg_steward__match_models",
}
"""What the product's own source feeds, for every company."""

ModelName = Annotated[str, StringConstraints(pattern=r"^stg_[a-z0-9_]+$")]


class Company(BaseModel):
    """One company: its name, its calendar, and which models feed which entity."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    time_zone: str
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    country: str = Field(pattern=r"^[A-Z]{2}$")
    fiscal_year_start_month: int = Field(default=1, ge=1, le=12)
    night_at: str = Field(default="02:00", pattern=r"^[0-2]\d:[0-5]\d$")
    """When the nightly run starts, in the company's time zone."""
    is_sample: bool = False
    """True for made-up or public data: the id key is then fixed and public."""
    landing: str | None = None
    """Folder of deliveries in the company's folder; else the landing of its data."""
    truth: str | None = None
    """Parquet file below the company's data that says who is who, where that is known:
    `source_name, source_record_id, party_id`. What is found is measured against it."""
    notify: Notify | None = None
    """How operators are told what is wrong; nobody is when not given."""
    retention: RetentionPolicy = RetentionPolicy()
    """How long what need not be kept for ever is kept."""
    inputs: dict[str, list[ModelName]]
    """Per input entity, the staging models that feed it."""

    folder: Path = Field(exclude=True)
    sources: list[SourceContract] = Field(exclude=True)

    @property
    def zone(self) -> ZoneInfo:
        """Return the time zone that business dates belong to."""
        return ZoneInfo(self.time_zone)

    def landing_folder(self, settings: Settings) -> Path:
        """Return where deliveries wait, one folder per business date."""
        if self.landing:
            return self.folder / self.landing
        return settings.places.landing

    def landing_of(self, source_name: str, settings: Settings) -> Path:
        """Return where deliveries of a source wait.

        What commands write for the next night lies with the company's data, wherever
        its systems deliver.
        """
        if source_name == STEWARD:
            return settings.places.landing
        return self.landing_folder(settings)

    def truth_file(self, settings: Settings) -> Path | None:
        """Return where the truth of who is who would lie, if the company names one."""
        return settings.places.root / self.truth if self.truth else None

    def dictionaries(self) -> list[str]:
        """Name the dictionaries that the company lays over the product's own."""
        suffix = "__company"
        return sorted(
            path.stem.removesuffix(suffix)
            for path in (self.folder / "dictionaries").glob(f"*{suffix}.csv")
        )

    def extra_attributes(self) -> list[ExtraAttribute]:
        """List the attributes of customers that the company has beyond the standard."""
        return read_extra_attributes(self.folder)


def read_company(settings: Settings, *, is_new: bool = False) -> Company:
    """Read the company that the settings name, with the contracts of its sources.

    Args:
        settings: Which company, and where its folder is.
        is_new: True to read one that may have no source yet.

    Raises:
        WrongUseError: There is no such company.
        ContractError: `company.yml` or a contract is not as it must be.
    """
    folder = settings.companies / settings.company
    file = folder / "company.yml"
    if not file.is_file():
        known = sorted(path.parent.name for path in folder.parent.glob("*/company.yml"))
        raise WrongUseError(
            f"there is no company '{settings.company}'",
            where=str(file),
            mend=f"Set CLIENTELE_COMPANY to one of: {', '.join(known)}.",
        )
    try:
        stated = yaml.safe_load(file.read_text(encoding="utf-8"))
        has_none = is_new and not any(folder.glob("sources/*/_*__sources.yml"))
        sources = [] if has_none else read_sources(folder)
        _refuse_own_name(sources, file)
        sources.append(read_steward_source())
        company = Company(**stated, folder=folder, sources=sources)
        company.zone  # noqa: B018
    except (ValidationError, TypeError, KeyError, yaml.YAMLError) as error:
        raise ContractError(
            f"company.yml is not as it must be: {error}",
            where=str(file),
            mend="Compare it with companies/demo/company.yml.",
        ) from error
    refuse_lesser_classes(company.extra_attributes(), sources)
    unknown = set(company.inputs) - set(ENTITIES)
    if unknown or not (company.inputs or is_new):
        raise ContractError(
            f"inputs must map input entities, not {sorted(unknown) or 'nothing'}",
            where=str(file),
            mend=f"The entities are: {', '.join(ENTITIES)}.",
        )
    return company.model_copy(update={"inputs": _with_own(company.inputs)})


def _refuse_own_name(sources: list[SourceContract], file: Path) -> None:
    if any(source.name == STEWARD for source in sources):
        raise ContractError(
            f"a source of the company is called '{STEWARD}'",
            where=str(file.parent / "sources"),
            mend="Give it another name: that one belongs to the product.",
        )


def _with_own(inputs: dict[str, list[str]]) -> dict[str, list[str]]:
    own = {
        entity: [model, *inputs.get(entity, [])] for entity, model in OWN_INPUTS.items()
    }
    return {**inputs, **own}
