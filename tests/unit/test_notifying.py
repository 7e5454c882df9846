"""What operators are told, and when again."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from house import House
from pydantic import SecretStr
from receivers import HERE, TROUBLE, at_once, webhook

from pipelines import night, notifying
from pipelines import status as reading
from pipelines.cli.main import main
from pipelines.notifying import tell_operators, telling
from pipelines.progress import Silence
from pipelines.status import read_status
from warehouse.clock import SteppingClock
from warehouse.company import read_company
from warehouse.errors import ClienteleError, ExitCode
from warehouse.notifying import telling as remembering
from warehouse.notifying.channels import SendingError
from warehouse.notifying.model import Condition, Event, Notification
from warehouse.notifying.telling import read_told, tell, tell_test, told_file
from warehouse.operations import NightEntry
from warehouse.operations.journal import write_entry
from warehouse.settings import Settings

NOW = datetime(2026, 1, 10, 3)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def failed(subject: str = "night", event: Event = Event.NIGHT_FAILED) -> Condition:
    """Something that is wrong."""
    return Condition(event=event, subject=subject, trouble=TROUBLE)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A house without channels."""
    return Settings(company="tiny", home=tmp_path)


class Listener:
    """A channel that remembers, and fails when told to."""

    name = "listener"

    def __init__(self) -> None:
        """Hear nothing yet."""
        self.heard: list[Notification] = []
        self.is_broken = False

    def send(self, notification: Notification) -> None:
        """Remember it."""
        if self.is_broken:
            raise SendingError("no connection")
        self.heard.append(notification)

    def take(self) -> list[tuple[str, int]]:
        """Return the events heard since last, each with how many things it told of."""
        heard, self.heard = self.heard, []
        return [(each.event.value, len(each.items)) for each in heard]


def test_the_same_is_not_told_twice_until_it_has_lasted(settings: Settings) -> None:
    """What is new is told at once; what has ended is told as that, once."""
    ear = Listener()

    def look(after: timedelta, *present: Condition) -> list[tuple[str, int]]:
        stated = {"release": None, "repeat_after": DAY, "send": at_once}
        tell(settings, [ear], present, now=NOW + after, **stated)
        return ear.take()

    night, late = failed(), failed("web.orders", Event.DELIVERY_LATE)
    other = failed("till.sales", Event.DELIVERY_LATE)
    assert look(0 * HOUR, night, late) == [("night_failed", 1), ("delivery_late", 1)]
    assert look(1 * HOUR, night, late) == []
    assert look(2 * HOUR, night, late, other) == [("delivery_late", 1)]
    assert look(24 * HOUR, night, late, other) == [
        ("night_failed", 1),
        ("delivery_late", 1),
    ]
    assert look(25 * HOUR, late, other) == [("recovered", 1)]
    assert look(26 * HOUR, other) == [("delivery_late", 1)]
    assert look(27 * HOUR) == [("recovered", 2)]
    assert look(28 * HOUR) == []
    assert look(29 * HOUR, night) == [("night_failed", 1)]


def test_what_could_not_be_sent_is_kept_and_told_again(settings: Settings) -> None:
    """A failing channel raises nothing, and the next look tries again."""
    ear = Listener()
    ear.is_broken = True

    def look() -> Sequence[object]:
        return tell(
            settings,
            [ear],
            [failed()],
            now=NOW,
            release=None,
            repeat_after=DAY,
            send=at_once,
        )

    assert len(look()) == 1
    [told] = read_told(settings)
    assert told.trouble == "no connection"
    ear.is_broken = False
    assert len(look()) == 1
    assert look() == []
    assert ear.take() == [("night_failed", 1)]


def test_failures_push_nothing_out_of_memory(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A channel that fails for weeks does not let the other be told anew."""
    monkeypatch.setattr(remembering, "REMEMBERED", 2)
    ear, broken = Listener(), Listener()
    broken.is_broken, broken.name = True, "broken"
    stated = {"release": None, "repeat_after": DAY, "send": at_once}
    for _ in range(5):
        tell(settings, [ear, broken], [failed()], now=NOW, **stated)
    assert ear.take() == [("night_failed", 1)]


def test_a_test_is_sent_by_each_channel_and_remembered_as_such(
    settings: Settings,
) -> None:
    """It starts no condition and ends none."""
    ear = Listener()
    tell_test(settings, [ear], now=NOW, release=None, send=at_once)
    assert ear.take() == [("test", 1)]
    stated = {"release": None, "repeat_after": DAY, "send": at_once}
    assert tell(settings, [ear], [], now=NOW, **stated) == []


@pytest.fixture
def watched(tiny_company: House) -> House:
    """The tiny company, whose last night failed."""
    entry = NightEntry(
        run_id="one",
        began_at=NOW - HOUR,
        business_dates=[],
        load_before=0,
        ended_at=NOW,
        result="failed",
        load_after=0,
        trouble=TROUBLE,
    )
    write_entry(tiny_company.settings, entry)
    return tiny_company


def test_operators_are_told_what_the_status_says(watched: House) -> None:
    """Once, whoever asks; nobody without a channel."""
    company = read_company(watched.settings)
    assert tell_operators(watched.settings, company) == []
    with webhook() as hook:
        settings = watched.settings.model_copy(
            update={"webhook_url": SecretStr(hook.url)}
        )
        for _ in range(2):
            with telling(settings, company):
                pass
    assert [each["event"] for each in hook.got] == ["night_failed"]
    [told] = read_status(settings, company, clock=SteppingClock(NOW)).told
    assert (told.channel, told.trouble) == ("webhook", None)


def test_whatever_fails_in_telling_fails_no_night(
    watched: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is written down."""

    def broken(*_: object, **__: object) -> None:
        raise KeyError("a value of a row")

    monkeypatch.setattr(reading, "read_status", broken)
    settings = watched.settings.model_copy(
        update={"webhook_url": SecretStr(f"http://{HERE}:9/")}
    )
    with telling(settings, read_company(settings)):
        pass
    [told] = read_told(settings)
    assert told.trouble == "the status could not be read: KeyError"
    assert "value" not in told_file(settings).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "address", ["hook.invalid/its-secret", "https:" + "//[its-secret"]
)
def test_an_address_that_is_none_is_told_by_its_setting_and_fails_no_night(
    watched: House, address: str
) -> None:
    """The address is a secret: it is not said."""
    settings = watched.settings.model_copy(update={"webhook_url": SecretStr(address)})
    company = read_company(settings)
    with telling(settings, company):
        pass
    said = "CLIENTELE_WEBHOOK_URL is not the address of a webhook"
    tried = read_told(settings)
    assert {each.trouble for each in tried} == {said}
    assert {each.event for each in tried} == {Event.DATA_UNREADABLE, Event.NIGHT_FAILED}
    status = read_status(settings, company, clock=SteppingClock(NOW))
    assert said in [each.what for each in status.troubles]
    assert "its-secret" not in status.model_dump_json()


def test_a_night_leaves_telling_to_its_run(
    tiny_company: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before what waits is received, a table that has come would be told as late."""
    told: list[str] = []
    done = night.Outcome(ExitCode.DONE, business_dates=[NOW.date()])
    monkeypatch.setattr(notifying, "tell_operators", lambda *_: told.append("looked"))
    for name, value in (("_instance", None), ("_job", None), ("_execute", done)):
        monkeypatch.setattr(night, name, lambda *_, value=value: value)
    settings = tiny_company.settings
    company = read_company(settings)
    settings.places.prepare()
    with pytest.raises(ClienteleError, match="nothing was ever delivered"):
        night.run_night(settings, company, progress=Silence())
    assert told == ["looked"]
    tiny_company.deliver("2026-01-05", "members.csv", "member,name,email,city\n")
    assert night.run_night(settings, company, progress=Silence()) == done
    assert told == ["looked"]


def test_the_command_tells_and_says_what_it_told(
    watched: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A test by request; no channel is wrong use, one that fails is a failure."""
    for name, value in watched.environment.items():
        monkeypatch.setenv(name, value)

    def run(*arguments: str) -> tuple[object, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
        said = capsys.readouterr()
        return ended.value.code, said.out, said.err

    assert run("notify")[0] == ExitCode.WRONG_USE
    company = watched.settings.companies / "tiny" / "company.yml"
    stated = company.read_text(encoding="utf-8")
    with webhook() as hook:
        company.write_text(f"{stated}\nnotify: {{webhook: {{url: '{hook.url}'}}}}\n")
        code, out, _ = run("notify", "--json")
        [told] = map(json.loads, out.splitlines())
        assert (code, told["event"]) == (0, "night_failed")
        assert run("notify", "--test")[0] == 0
    assert [each["event"] for each in hook.got] == ["night_failed", "test"]
    code, _, err = run("notify", "--test")
    assert code == ExitCode.FAILED
    assert "operators could not be told" in err
    assert "webhook fails since" in run("status")[1]
