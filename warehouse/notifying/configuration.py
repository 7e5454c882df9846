"""What `company.yml` says below `notify`: who is told, by which way, how often.

Secrets stand in the environment alone, see `warehouse.settings`.
"""

from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

MailAddress = Annotated[str, StringConstraints(pattern=r"^[^@\s<>,;]+@[^@\s<>,;]+$")]


def _with_a_host(url: str) -> str:
    address = urlsplit(url)
    if not address.hostname or address.port == 0:
        raise ValueError("an address names a host")
    return url


class _Strict(BaseModel):
    # An address may be a secret: what is wrong with it is said without it.
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Email(_Strict):
    """A mail server, and whom it is to write to."""

    host: str
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    """How the connection is encrypted; a password is never sent without."""
    sender: MailAddress
    recipients: list[MailAddress] = Field(min_length=1)
    username: str | None = None
    """Its password is `CLIENTELE_SMTP_PASSWORD`."""
    ca_file: Path | None = None
    """Certificates to trust, where they are not the system's."""


class Webhook(_Strict):
    """An address that takes a POST of JSON."""

    url: Annotated[
        str,
        StringConstraints(pattern=r"^https?:\/\/[^\s]+$"),
        AfterValidator(_with_a_host),
    ]
    """Where the address itself is a secret: `CLIENTELE_WEBHOOK_URL` instead."""
    ca_file: Path | None = None


class Notify(_Strict):
    """Who is told, and when again."""

    repeat_after_hours: int = Field(default=24, ge=1, le=24 * 31)
    """What is still wrong is told again only after so many hours."""
    backup_after_hours: int = Field(default=36, ge=1, le=24 * 366)
    """A last backup older than this is told of."""
    email: Email | None = None
    webhook: Webhook | None = None
