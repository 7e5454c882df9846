"""The ways to operators, against receivers of this machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError
from receivers import (
    HERE,
    TROUBLE,
    Hook,
    Postbox,
    at_once,
    mail_server,
    make_certificate,
    silence,
    webhook,
)

from warehouse.notifying.channels import (
    Channel,
    EmailChannel,
    SendingError,
    WebhookChannel,
    open_channels,
)
from warehouse.notifying.configuration import Email, Notify, Webhook
from warehouse.notifying.model import Condition, Event, Notification
from warehouse.notifying.telling import tell
from warehouse.operations import Trouble
from warehouse.settings import Settings

NOW = datetime(2026, 1, 10, 3)
KEY_WORD = SecretStr("only for the server")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A house without channels."""
    return Settings(company="tiny", home=tmp_path)


@pytest.fixture
def notification() -> Notification:
    """A night that failed, with a name in it that steers."""
    hostile = Trouble(what="refused: a\nBcc: x@example.com\x1b[2J", where="", mend="m")
    return Notification(Event.NIGHT_FAILED, "tiny", NOW, "r-000007", [TROUBLE, hostile])


def test_a_webhook_gets_the_payload_as_documented(notification: Notification) -> None:
    """With its token, at its address and query; on one line what came as two."""
    with webhook() as hook:
        WebhookChannel(Webhook(url=hook.url), KEY_WORD).send(notification)
    [payload] = hook.got
    assert payload["event"] == "night_failed"
    assert payload["happened_at"] == "2026-01-10T03:00:00Z"
    assert payload["release"] == "r-000007"
    assert payload["items"][0] == TROUBLE.model_dump()
    assert payload["items"][1]["what"] == "refused: a Bcc: x@example.com [2J"
    assert hook.headers[0]["path"] == "/hook?room=1"
    assert hook.headers[0]["Authorization"] == "Bearer only for the server"
    page = (Path(__file__).parents[2] / "docs" / "operations.md").read_text("utf-8")
    assert all(f'"{name}":' in page for name in payload)
    assert all(f"| `{event}` |" in page for event in Event)


@pytest.mark.parametrize(
    ("answers", "tries", "said"),
    [
        pytest.param([503, 200], 2, None, id="busy, then well"),
        pytest.param([503], 2, "answered 503", id="busy for long"),
        pytest.param([404], 1, "answered 404", id="nobody there"),
        pytest.param([302], 1, "answered 302", id="sent elsewhere"),
    ],
)
def test_another_try_is_made_where_it_may_help(
    notification: Notification, answers: list[int], tries: int, said: str | None
) -> None:
    """And a redirection is followed nowhere."""
    with webhook(*answers) as hook:
        channel = WebhookChannel(Webhook(url=hook.url))
        if said is None:
            at_once(channel, notification)
        else:
            with pytest.raises(SendingError, match=said):
                at_once(channel, notification)
    assert len(hook.got) == tries


def test_a_server_that_never_answers_is_not_waited_for(
    notification: Notification,
) -> None:
    """A night must end."""
    with silence() as port:
        hook = Webhook(url=f"http://{HERE}:{port}/")
        mail = Email(
            host=HERE, port=port, security="none", sender="a@b", recipients=["c@d"]
        )
        for channel in (
            WebhookChannel(hook, timeout=0.2),
            EmailChannel(mail, timeout=0.2),
        ):
            with pytest.raises(SendingError, match=r"no (answer|connection)"):
                channel.send(notification)


def mail_to(port: int, **changes: object) -> Email:
    """A mail server of this machine and two recipients."""
    stated = {
        "host": HERE,
        "port": port,
        "security": "none",
        "sender": "clientele@example.com",
        "recipients": ["night@example.com", "day@example.com"],
    }
    return Email.model_validate(stated | changes)


def test_a_mail_goes_to_all_recipients(notification: Notification) -> None:
    """In one line what is wrong, below it each mend; no line becomes a header."""
    with mail_server() as box:
        EmailChannel(mail_to(box.port)).send(notification)
    [mail] = box.mails
    assert mail["Subject"] == "[clientele tiny] the night failed"
    assert mail["Bcc"] is None
    assert box.recipients == ["night@example.com", "day@example.com"]
    body = mail.get_content()
    assert "dbt failed in dim_x" in body
    assert "mend:  See a log." in body
    assert "\x1b" not in body


def test_a_password_goes_over_an_encrypted_connection(
    notification: Notification, tmp_path: Path
) -> None:
    """To a server whose certificate is trusted, and to no other."""
    certificate = make_certificate(tmp_path)
    with mail_server(certificate=certificate) as box:
        stated = {"security": "starttls", "username": "me"}
        known = mail_to(box.port, **stated, ca_file=certificate)
        EmailChannel(known, KEY_WORD).send(notification)
        assert (box.logins, box.is_encrypted, len(box.mails)) == (1, True, 1)
        box.is_encrypted = False
        with pytest.raises(SendingError, match="SSL"):
            EmailChannel(mail_to(box.port, **stated), KEY_WORD).send(notification)
    assert box.logins == 1


def test_a_secret_is_not_sent_over_an_open_connection(
    notification: Notification,
) -> None:
    """Neither a password nor a token; nobody is connected to."""
    mail = mail_to(25, host="mail.invalid", username="me")
    hook = Webhook(url="http" + "://hook.invalid/")
    for channel in (EmailChannel(mail, KEY_WORD), WebhookChannel(hook, KEY_WORD)):
        with pytest.raises(SendingError, match="open connection"):
            channel.send(notification)


@pytest.mark.parametrize(("code", "may_pass"), [(451, True), (554, False)])
def test_a_mail_server_says_whether_to_try_again(
    notification: Notification, code: int, may_pass: bool
) -> None:
    """Its words are not kept."""
    with (
        mail_server(f"{code} secret words") as box,
        pytest.raises(SendingError) as raised,
    ):
        EmailChannel(mail_to(box.port)).send(notification)
    assert raised.value.may_pass is may_pass
    assert "words" not in str(raised.value)


def test_channels_come_from_the_company_and_the_environment(
    settings: Settings,
) -> None:
    """None without a word; the address of a webhook may be a secret."""
    assert open_channels(settings, None) == []
    both = Notify(email=mail_to(25), webhook=Webhook(url="http" + "://hook.invalid/"))
    assert [each.name for each in open_channels(settings, both)] == ["email", "webhook"]
    secret = SecretStr("http" + "://other.invalid/")
    told = settings.model_copy(update={"webhook_url": secret})
    [channel] = open_channels(told, None)
    assert isinstance(channel, WebhookChannel)
    assert channel.webhook.url == secret.get_secret_value()
    assert "other.invalid" not in repr(told)


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": {"host": "h", "sender": "a@b", "recipients": []}},
        {"email": {"host": "h", "sender": "a@b\nBcc: c@d", "recipients": ["a@b"]}},
        {"webhook": {"url": "file:///etc/passwd"}},
        {"webhook": {"url": "https:" + "//:443/hook"}},
        {"smtp_password": "in a file"},
    ],
)
def test_what_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    """A password in `company.yml` too."""
    with pytest.raises(ValidationError):
        Notify.model_validate(wrong)


@contextmanager
def a_mail_and_a_hook(*answers: int) -> Iterator[tuple[list[Channel], Postbox, Hook]]:
    """Yield two ways to operators and where they lead to."""
    with mail_server() as box, webhook(*answers) as hook:
        mail = Email(
            host=HERE,
            port=box.port,
            security="none",
            sender="house@example.com",
            recipients=["night@example.com"],
        )
        ways = Notify(email=mail, webhook=Webhook(url=hook.url))
        yield open_channels(Settings(company="tiny"), ways), box, hook


def test_a_channel_that_failed_is_told_alone_at_the_next_look(
    settings: Settings,
) -> None:
    """The other hears nothing twice, and this one no end of what it never heard of."""
    night = Condition(event=Event.NIGHT_FAILED, subject="n", trouble=TROUBLE)
    late = Condition(event=Event.DELIVERY_LATE, subject="t", trouble=TROUBLE)
    with a_mail_and_a_hook(404, 404, 200) as (channels, box, hook):

        def look(after: int, *present: Condition) -> list[tuple[str, str, bool]]:
            told = tell(
                settings,
                channels,
                present,
                now=NOW + timedelta(hours=after),
                release=None,
                repeat_after=timedelta(days=1),
                send=at_once,
            )
            return [(each.channel, each.event.value, not each.trouble) for each in told]

        first = [("email", "night_failed", True), ("webhook", "night_failed", False)]
        assert look(0, night) == first
        assert look(1) == [("email", "recovered", True)]
        assert [each[::2] for each in look(2, late)] == [
            ("email", True),
            ("webhook", False),
        ]
        assert look(3, late) == [("webhook", "delivery_late", True)]
        assert look(4, late) == []
        assert len(look(5)) == 2
    subjects = [each["Subject"].partition("] ")[2] for each in box.mails]
    assert subjects[::2] == ["the night failed", "deliveries are late"]
    assert subjects[1::2] == ["well again"] * 2
    taken = [each["event"] for each in hook.got]
    assert taken == ["night_failed", *["delivery_late"] * 2, "recovered"]
