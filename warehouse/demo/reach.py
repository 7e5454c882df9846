"""What the made-up company may send to its customers, sends, and gets for an answer."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from warehouse.demo.chance import Flags, Integers
from warehouse.demo.columns import Column, choose, day, either, join, moment, number
from warehouse.demo.contacts import references
from warehouse.demo.effects import Effects
from warehouse.demo.known import DAY, FIRST_DAY, made_at
from warehouse.demo.presence import Presence
from warehouse.demo.trade import (
    CAMPAIGN_DAYS,
    CAMPAIGN_EVERY,
    CAMPAIGNS,
    FIRST_CAMPAIGN_DAY,
    campaign_codes,
    running_campaigns,
)

TYPES = ("newsletter", "coupon", "invitation")
CHANNELS = ("email", "sms", "mail")
PURPOSES = ("marketing", "marketing", "research")
"""Of each campaign by its ordinal, in turn."""
ANSWERED_PCT = (9, 16, 5)
"""Of the messages of each type, how many are answered."""
FAILING_CAMPAIGN = 4
FAILING_ANSWERED_PCT = 1
CARELESS_CAMPAIGN = 1
"""The campaign that is sent to whoever is known, without a look at who agreed."""
INVITATION_DAYS = 21
"""For how many days the answer to an invitation is waited for, as the desk states."""
ASKED_PCT = 75
"""Newcomers who are asked for their consent."""
LATER_WITHDRAWN_PCT = 70
"""Of the words that are said later on, how many take something back."""
EMAIL_GRANT_DAYS = 1_095
"""A grant of e-mail ends by itself."""
CANDIDATES = 8
"""How many customers the desk looks at, at most, to find one who agreed."""


@dataclass(frozen=True)
class Topic:
    """What newcomers are asked to agree to.

    Attributes:
        purpose: The purpose.
        channel: The channel; empty for all of them.
        answered_pct: How many of those asked say yes or no.
        granted_pct: How many of these say yes.
    """

    purpose: str
    channel: str
    answered_pct: int
    granted_pct: int


TOPICS = (
    Topic("marketing", "email", 80, 85),
    Topic("marketing", "sms", 70, 85),
    Topic("research", "", 70, 80),
    Topic("profiling", "", 10, 40),
    Topic("service", "phone", 6, 90),
    Topic("sharing", "", 6, 20),
)
NOTICES = {
    "marketing": ("privacy_1", "privacy_2"),
    "profiling": ("privacy_1", "privacy_2"),
    "research": ("research_1",),
    "sharing": ("sharing_1",),
    "service": ("",),
}
"""What was told of each purpose, in its versions; service goes without a notice."""
SECOND_NOTICE_AT = 19_723 * DAY
"""2024-01-01, since when the second version is told."""
ASKED_FOR = (0, 1, 2)
"""The topic that each type of campaign needs a grant of."""


def plant_reach(effects: Effects) -> None:
    """Tell what is planted here."""
    shares = dict(zip(TYPES, map(float, ANSWERED_PCT), strict=True))
    codes = campaign_codes(np.arange(CAMPAIGNS)).to_pylist()
    effects.plant(
        "campaign.answered_pct",
        shares,
        "Of the messages of each type of campaign, how many of a hundred are answered.",
    )
    effects.plant(
        "campaign.failing",
        codes[FAILING_CAMPAIGN],
        "The campaign that almost nobody answers.",
    )
    effects.plant(
        "campaign.careless",
        codes[CARELESS_CAMPAIGN],
        "The campaign that is sent without a look at who agreed.",
    )


def campaigns(presence: Presence, *, on_day: int) -> pa.Table:
    """Return rows of `campaign.campaigns` as planned on a day."""
    ordinal = np.arange(CAMPAIGNS)
    chance = presence.people.chance
    starts = FIRST_DAY + FIRST_CAMPAIGN_DAY + ordinal * CAMPAIGN_EVERY
    ends = day(starts + CAMPAIGN_DAYS, "%d/%m/%Y")
    budget = 5 + chance.below(ordinal, "budget", 90)
    raised = on_day >= 3
    return pa.table(
        {
            "campaign_code": campaign_codes(ordinal),
            "name": join("Campaign ", number(ordinal + 1)),
            "type": choose(TYPES, ordinal % 3),
            "purpose": choose(PURPOSES, ordinal % 3),
            "channel": choose(CHANNELS, ordinal % 3),
            "starts_on": day(starts, "%d/%m/%Y"),
            "ends_on": either(ordinal == CAMPAIGNS - 1, "", ends),
            "budget": join(
                "¥", number(budget + 2 * (raised & (ordinal == 0))), ".000,00"
            ),
            "currency": pa.array(["CNY"] * CAMPAIGNS),
            "answer_days": either(ordinal % 3 == 2, str(INVITATION_DAYS), ""),
        }
    )


def exposures(presence: Presence, *, count: int, on_day: int, part: int) -> pa.Table:
    """Return rows of `campaign.exposures`: to who agreed, of all campaigns but one."""
    stream = presence.people.chance.stream("exposures", on_day, part)
    campaign = running_campaigns(stream, count, on_day)
    chosen = stream.integers(0, presence.people.size, count)
    reached = campaign == CARELESS_CAMPAIGN
    for _ in range(CANDIDATES):
        candidate = stream.integers(0, presence.people.size, count)
        for kind, topic in enumerate(ASKED_FOR):
            agreed = _holds(presence, TOPICS[topic], candidate, on_day)
            found = ~reached & (campaign % 3 == kind) & agreed
            chosen = np.where(found, candidate, chosen)
            reached = reached | found
    campaign, chosen = campaign[reached], chosen[reached]
    source, record, _ = references(presence, chosen, on_day)
    second = stream.integers(9 * 3600, 18 * 3600, len(chosen))
    return pa.table(
        {
            "exposure_id": _ids("X", on_day, len(chosen), part),
            "campaign_code": campaign_codes(campaign),
            "recipient_source": source,
            "recipient_id": record,
            "channel": choose(CHANNELS, campaign % 3),
            "sent_at": moment((FIRST_DAY + on_day) * DAY + second - 8 * 3600),
        }
    )


def responses(
    presence: Presence, sent: pa.Table, *, on_day: int, part: int
) -> pa.Table:
    """Return rows of `campaign.responses` to what was sent on a day."""
    stream = presence.people.chance.stream("responses", on_day, part)
    campaign = sent["campaign_code"].dictionary_encode().combine_chunks()
    of_code = campaign.dictionary.to_pylist()
    shares = np.array([_answered_pct(code) for code in of_code], np.float64)
    share = shares[campaign.indices.to_numpy()] if of_code else shares
    chosen = np.flatnonzero(stream.random(len(sent)) * 100 < share)
    reached = sent.take(chosen)
    kind = stream.integers(0, 4, len(chosen))
    second = stream.integers(18 * 3600, 22 * 3600, len(chosen))
    coupon = join("CP", number(stream.integers(0, 10**6, len(chosen)), 6))
    return pa.table(
        {
            "response_id": _ids("R", on_day, len(chosen), part),
            "campaign_code": reached["campaign_code"],
            "recipient_source": reached["recipient_source"],
            "recipient_id": reached["recipient_id"],
            "channel": reached["channel"],
            "responded_at": moment((FIRST_DAY + on_day) * DAY + second - 8 * 3600),
            "response": choose(["opened", "clicked", "redeemed", "replied"], kind),
            "coupon": either(kind == 2, coupon, ""),
        }
    )


def _answered_pct(code: str) -> int:
    ordinal = campaign_codes(np.arange(CAMPAIGNS)).to_pylist().index(code)
    if ordinal == FAILING_CAMPAIGN:
        return FAILING_ANSWERED_PCT
    return ANSWERED_PCT[ordinal % len(ANSWERED_PCT)]


def consents(presence: Presence, index: Integers, *, on_day: int) -> pa.Table:
    """Return rows of `consent.events`: what newcomers say, and who thinks again.

    Args:
        presence: What each source knows.
        index: The customers of whom some may speak.
        on_day: The day of the demo.
    """
    chance = presence.people.chance
    parts = []
    newcomers = index[_first(presence, index) == on_day]
    for ordinal, topic in enumerate(TOPICS):
        spoke = newcomers[_speaks(presence, topic, newcomers)]
        at = _said_at(presence, spoke)
        granted = _grants(presence, topic, spoke)
        parts.append(_words(presence, spoke, topic, ordinal, granted, at, on_day))
    again = index[chance.happens(index, f"speaks_{on_day}", 0.004)]
    second = 9 * 3600 + chance.below(again, f"consent_{on_day}", 43_000)
    at = (FIRST_DAY + on_day) * DAY + second - 8 * 3600
    kept = ~chance.happens(again, f"withdraws_{on_day}", LATER_WITHDRAWN_PCT / 100)
    parts.append(
        _words(presence, again, TOPICS[on_day % 2], len(TOPICS), kept, at, on_day)
    )
    return pa.concat_tables(parts)


def _words(
    presence: Presence,
    index: Integers,
    topic: Topic,
    ordinal: int,
    granted: Flags,
    at: Integers,
    on_day: int,
) -> pa.Table:
    """Return what some customers say on one topic, each at a moment of UTC."""
    source, record, known = references(presence, index, on_day)
    spoke = np.flatnonzero(known)
    ends = granted & (topic.channel == "email")
    rows = pa.table(
        {
            "event_id": join(f"N{on_day:03d}{ordinal}", record),
            "subject_source": source,
            "subject_id": record,
            "purpose": pa.array([topic.purpose] * len(index), pa.string()),
            "channel": pa.array([topic.channel] * len(index), pa.string()),
            "action": choose(["withdraw", "grant"], granted * 1),
            "said_at": moment(at),
            "expires_at": either(ends, moment(at + EMAIL_GRANT_DAYS * DAY), ""),
            "notice": _told(topic, at),
            "evidence": join("scan/", number(index % 9973, 4), ".pdf"),
        }
    )
    return rows.take(spoke)


def _told(topic: Topic, at: Integers) -> Column:
    """Return the notice that each was told of: the version of the moment (UTC)."""
    versions = NOTICES[topic.purpose]
    return choose(versions, np.minimum(at >= SECOND_NOTICE_AT, len(versions) - 1))


def _first(presence: Presence, index: Integers) -> Integers:
    """Return the day on which each customer was first met; below zero for never."""
    web, member = (presence.first_day[name][index] for name in ("web", "member"))
    first = np.where((member < 0) | ((web >= 0) & (web < member)), web, member)
    return first.astype(np.int64)


def _said_at(presence: Presence, index: Integers) -> Integers:
    """Return when each newcomer was asked: as the first record was made, in UTC."""
    first = _first(presence, index)
    on_web = presence.first_day["web"][index] == first
    made = [made_at(presence, name, index) for name in ("web", "member")]
    return np.where(on_web, made[0], made[1]) - 8 * 3600


def _speaks(presence: Presence, topic: Topic, index: Integers) -> Flags:
    chance, name = presence.people.chance, f"{topic.purpose}_{topic.channel}"
    asked = chance.happens(index, "asked", ASKED_PCT / 100)
    return asked & chance.happens(index, f"says_{name}", topic.answered_pct / 100)


def _grants(presence: Presence, topic: Topic, index: Integers) -> Flags:
    chance, name = presence.people.chance, f"{topic.purpose}_{topic.channel}"
    return chance.happens(index, f"grants_{name}", topic.granted_pct / 100)


def _holds(presence: Presence, topic: Topic, index: Integers, on_day: int) -> Flags:
    """Return who granted something on a day before, and holds to it still."""
    first = _first(presence, index)
    granted = _speaks(presence, topic, index) & _grants(presence, topic, index)
    granted &= (first == 0) | ((first > 0) & (first < on_day))
    if topic.channel != "email":
        return granted
    ends = _said_at(presence, index) + EMAIL_GRANT_DAYS * DAY
    still: Flags = ends > (FIRST_DAY + on_day + 1) * DAY
    return granted & still


def _ids(letter: str, on_day: int, count: int, part: int = 0) -> Column:
    return join(f"{letter}{on_day:03d}{part:02d}", number(np.arange(count), 7))
