"""How long what need not be kept for ever is kept: `retention:` of `company.yml`.

Raw, ledger and the delivered bytes in `archive/` are no part of it: they stay.
"""

from pydantic import BaseModel, ConfigDict, Field


class BackupPolicy(BaseModel):
    """Which backups a folder keeps; one that any rule asks for stays."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    last: int = Field(default=3, ge=1)
    """The newest so many, whenever they were made."""
    days: int = Field(default=7, ge=0)
    """The newest of each of so many last days that have one (UTC)."""
    weeks: int = Field(default=4, ge=0)
    """The newest of each of so many last weeks (ISO 8601) that have one."""
    months: int = Field(default=12, ge=0)
    """The newest of each of so many last months that have one."""


class RetentionPolicy(BaseModel):
    """How long a company keeps what can be had again, or serves looking back only."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    releases: int = Field(default=3, ge=2)
    """Published versions, the current one among them: one to go back to at least."""
    received_days: int = Field(default=30, ge=0)
    """Days for which a delivered file stays in landing after it was received."""
    log_days: int = Field(default=30, ge=1)
    """Days for which older logs and pages stay; those of the last night always do."""
    run_days: int = Field(default=90, ge=1)
    """Days for which Dagster remembers a run and its events."""
    backups: BackupPolicy = BackupPolicy()
    """Backups in the folder that `clientele backup` writes to."""
