"""The ways to operators: e-mail and webhook, by the standard library alone.

Each sends one notification or raises a `SendingError`, within a bounded time. What went
wrong is told by its kind only: answers of servers, addresses and secrets are not kept.
"""

import json
import smtplib
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from typing import Protocol
from urllib.parse import SplitResult, urlsplit

from pydantic import SecretStr, ValidationError

from warehouse.errors import WrongUseError
from warehouse.notifying.configuration import Email, Notify, Webhook
from warehouse.notifying.model import Notification
from warehouse.settings import Settings

TIMEOUT_SECONDS = 10.0
TRIES = 2
PAUSE_SECONDS = 2.0
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class SendingError(Exception):
    """A notification could not be sent.

    Args:
        said: Why, without address, secret or answer.
        may_pass: Whether another try may succeed.
    """

    def __init__(self, said: str, *, may_pass: bool = False) -> None:
        """Keep the reason."""
        super().__init__(said)
        self.may_pass = may_pass


class Channel(Protocol):
    """One way to operators."""

    name: str

    def send(self, notification: Notification) -> None:
        """Send it.

        Raises:
            SendingError: It could not be sent.
        """
        ...


def stated_webhook(settings: Settings, notify: Notify | None) -> Webhook | None:
    """Return the webhook that environment or company states, if one does.

    Raises:
        WrongUseError: What the environment says is no address.
    """
    stated = notify.webhook if notify else None
    if not settings.webhook_url:
        return stated
    url = settings.webhook_url.get_secret_value()
    try:
        return Webhook(url=url, ca_file=stated.ca_file if stated else None)
    except ValidationError:
        raise WrongUseError(
            "CLIENTELE_WEBHOOK_URL is not the address of a webhook",
            where="the environment",
            mend="Set it to the whole address, with the `https` it begins with, or "
            "take it away; try with `clientele notify --test`.",
        ) from None


def open_channels(settings: Settings, notify: Notify | None) -> list[Channel]:
    """Return the ways that company and environment state; none by default.

    Args:
        settings: The secrets, and the address of a webhook that is one.
        notify: What `company.yml` says.
    """
    found: list[Channel] = []
    if notify and notify.email:
        found.append(EmailChannel(notify.email, settings.smtp_password))
    try:
        webhook = stated_webhook(settings, notify)
    except WrongUseError as error:
        return [*found, NoChannel("webhook", error.what)]
    if webhook:
        found.append(WebhookChannel(webhook, settings.webhook_token))
    return found


def send_patiently(
    channel: Channel,
    notification: Notification,
    *,
    pause: Callable[[float], None] = time.sleep,
) -> None:
    """Send a notification, with another try where one may help.

    Raises:
        SendingError: The last try failed too.
    """
    for left in reversed(range(TRIES)):
        try:
            return channel.send(notification)
        except SendingError as error:
            if not (left and error.may_pass):
                raise
        pause(PAUSE_SECONDS)


@dataclass
class EmailChannel:
    """Writes to all recipients in one mail."""

    email: Email
    password: SecretStr | None = None
    timeout: float = TIMEOUT_SECONDS
    name: str = "email"

    def send(self, notification: Notification) -> None:
        """Send one mail; see `Channel.send`."""
        if self.password and self.email.security == "none" and not self._is_near:
            raise SendingError("a password is not sent over an open connection")
        try:
            with self._connect() as server:
                if self.email.security == "starttls":
                    server.starttls(context=_trust(self.email.ca_file))
                if self.email.username and self.password:
                    secret = self.password.get_secret_value()
                    server.login(self.email.username, secret)
                refused = server.send_message(self._written(notification))
        except smtplib.SMTPResponseException as error:
            said = f"the mail server answered {error.smtp_code}"
            raise SendingError(said, may_pass=400 <= error.smtp_code < 500) from None
        except (OSError, smtplib.SMTPException, ValueError) as error:
            raise SendingError(_kind(error), may_pass=True) from None
        if refused:
            raise SendingError(f"{len(refused)} recipients were refused")

    @property
    def _is_near(self) -> bool:
        return self.email.host in _LOOPBACK

    def _connect(self) -> smtplib.SMTP:
        host, port = self.email.host, self.email.port
        if self.email.security == "tls":
            context = _trust(self.email.ca_file)
            return smtplib.SMTP_SSL(host, port, timeout=self.timeout, context=context)
        return smtplib.SMTP(host, port, timeout=self.timeout)

    def _written(self, notification: Notification) -> EmailMessage:
        message = EmailMessage()
        message["Subject"] = notification.headline
        message["From"] = self.email.sender
        message["To"] = ", ".join(self.email.recipients)
        message["Date"] = format_datetime(notification.happened_at.replace(tzinfo=UTC))
        message["Message-ID"] = make_msgid(domain="clientele.invalid")
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(notification.text)
        return message


@dataclass
class WebhookChannel:
    """Posts the payload as JSON; redirections are not followed."""

    webhook: Webhook
    token: SecretStr | None = None
    timeout: float = TIMEOUT_SECONDS
    name: str = "webhook"

    def send(self, notification: Notification) -> None:
        """Post it; see `Channel.send`."""
        address = urlsplit(self.webhook.url)
        is_open = address.scheme == "http" and address.hostname not in _LOOPBACK
        if self.token and is_open:
            raise SendingError("a token is not sent over an open connection")
        headers = {"Content-Type": "application/json; charset=utf-8"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token.get_secret_value()}"
        body = json.dumps(notification.payload(), ensure_ascii=False).encode()
        target = address.path or "/"
        if address.query:
            target += f"?{address.query}"
        try:
            connection = self._connect(address)
            try:
                connection.request("POST", target, body=body, headers=headers)
                status = connection.getresponse().status
            finally:
                connection.close()
        except (OSError, HTTPException, ValueError) as error:
            raise SendingError(_kind(error), may_pass=True) from None
        if not 200 <= status < 300:
            is_passing = status == 429 or status >= 500
            raise SendingError(f"the webhook answered {status}", may_pass=is_passing)

    def _connect(self, address: SplitResult) -> HTTPConnection:
        host = address.hostname or ""
        if address.scheme == "http":
            return HTTPConnection(host, address.port, timeout=self.timeout)
        context = _trust(self.webhook.ca_file)
        return HTTPSConnection(
            host, address.port, timeout=self.timeout, context=context
        )


@dataclass
class NoChannel:
    """Stands for a way that is not stated rightly: each try says why."""

    name: str
    why: str

    def send(self, notification: Notification) -> None:
        """Say that it cannot be sent; see `Channel.send`."""
        raise SendingError(self.why)


def _trust(ca_file: Path | None) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(ca_file) if ca_file else None)


def _kind(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return f"no connection: {type(error).__name__}"
