"""The settings of the house, read in one place, and the places they lead to.

Nothing else reads the environment. What a company states about itself is in
`warehouse.company`.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from warehouse.homes import finish

PROJECT_ROOT = Path(__file__).parents[1]


class Settings(BaseSettings):
    """What the environment says, each as `CLIENTELE_<NAME>`."""

    model_config = SettingsConfigDict(
        env_prefix="CLIENTELE_", env_nested_delimiter="__", frozen=True
    )

    company: str = Field(default="demo", pattern=r"^[a-z][a-z0-9_]{0,62}$")
    """Which folder of `companies/` to work for."""
    home: Path = PROJECT_ROOT / "var"
    """Where data lives, one sub-folder per company."""
    companies: Path = PROJECT_ROOT / "companies"
    """Where the companies' folders are."""
    threads: int | None = None
    """How many threads DuckDB and dbt use; all cores when not set."""
    memory_limit: str | None = Field(
        default=None, pattern=r"^\d+(\.\d+)? ?([KMGT]i?B)$"
    )
    """How much memory DuckDB may take, such as `8GB`; else two fifths of it."""
    clock_start: datetime | None = None
    """When set, the clock starts here and steps a second a reading, for replay."""
    parses: Path | None = None
    """Where homes share what dbt has parsed; each parses for itself when not set."""

    settle_seconds: int = 5
    """How long a delivered file must have lain unchanged before it is received."""
    backups: Path | None = None
    """Where `clientele backup` writes when no folder is given; another disk."""
    connections: dict[str, SecretStr] = Field(default_factory=dict)
    """Connections of databases, each as `CLIENTELE_CONNECTIONS__<NAME>`."""
    connect_seconds: int = Field(default=15, ge=1)
    """How long a database has to let us in."""
    read_seconds: int = Field(default=1800, ge=1)
    """How long a database has to deliver what is new in a table."""
    smtp_password: SecretStr | None = None
    """Password of the mail server that writes to operators."""
    webhook_url: SecretStr | None = None
    """Webhook that operators are told by, where its address is a secret."""
    webhook_token: SecretStr | None = None
    """Token that the webhook is sent, as a bearer."""

    @property
    def places(self) -> "Places":
        """Return where this company's data lies."""
        return Places(self.home.absolute() / self.company)


@dataclass(frozen=True)
class Places:
    """The files and folders of one company, all below one root."""

    root: Path

    @cached_property
    def landing(self) -> Path:
        """Deliveries waiting, one folder per business date."""
        return self.root / "landing"

    @cached_property
    def archive(self) -> Path:
        """Database of what was delivered and decided; never rebuilt."""
        return self.root / "archive.duckdb"

    @cached_property
    def deliveries(self) -> Path:
        """The delivered bytes, each named by its sha256."""
        return self.root / "archive"

    @cached_property
    def ledger_copy(self) -> Path:
        """A copy of ledger and quarantine, for commands that only look."""
        return self.root / "archive" / "ledger.duckdb"

    @cached_property
    def last_backup(self) -> Path:
        """A note of the last backup, and where it lies."""
        return self.root / "last_backup.json"

    @cached_property
    def work(self) -> Path:
        """Database of all that follows from the archive; may be deleted."""
        return self.root / "work.duckdb"

    @cached_property
    def published(self) -> Path:
        """The releases and the link `current`."""
        return self.root / "published"

    @cached_property
    def current(self) -> Path:
        """The link to the release that readers open."""
        return self.published / "current"

    @cached_property
    def rolled_back(self) -> Path:
        """Names the newest release at the time of the last rollback."""
        return self.root / "rolled-back"

    @cached_property
    def secrets(self) -> Path:
        """The key of the pseudonymous ids."""
        return self.root / "secrets"

    @cached_property
    def target(self) -> Path:
        """What dbt writes."""
        return self.root / "target"

    @cached_property
    def dagster(self) -> Path:
        """Dagster's storage."""
        return self.root / "dagster"

    @cached_property
    def logs(self) -> Path:
        """Logs and Data Docs."""
        return self.root / "logs"

    @cached_property
    def data_docs(self) -> Path:
        """Pages on what doors and gate found last."""
        return self.root / "logs" / "checks"

    @cached_property
    def temporary(self) -> Path:
        """Private working space; wiped at the start and the end of a night."""
        return self.root / "tmp"

    @cached_property
    def extensions(self) -> Path:
        """Where DuckDB's extensions are unpacked."""
        return self.root / "extensions"

    @cached_property
    def lock(self) -> Path:
        """The lock of the one writer."""
        return self.root / "night.lock"

    def prepare(self) -> None:
        """Make the folders, readable by nobody else.

        A home that a restore was putting there comes first: an empty one would take
        its place.
        """
        finish(self.root)
        for folder in (
            self.root,
            self.deliveries,
            self.published,
            self.secrets,
            self.target,
            self.dagster,
            self.logs,
            self.temporary,
            self.extensions,
        ):
            folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        self.root.chmod(0o750)
        self.secrets.chmod(0o700)
