"""What is said between the made-up company and its customers, and what they look at."""

import numpy as np
import pyarrow as pa

from warehouse.demo.chance import Flags, Integers
from warehouse.demo.codes import EVENTS
from warehouse.demo.columns import (
    Column,
    choose,
    day,
    either,
    join,
    moment,
    number,
)
from warehouse.demo.goods import Goods
from warehouse.demo.known import DAY, FIRST_DAY
from warehouse.demo.presence import Presence, record_ids
from warehouse.demo.trade import (
    CAMPAIGN_DAYS,
    CAMPAIGN_EVERY,
    CAMPAIGNS,
    FIRST_CAMPAIGN_DAY,
    campaign_codes,
    running_campaigns,
    timestamps,
)

NOTES = (
    "客户询问配送时间。已答复。",
    "Wants to know when the parcel comes.",
    "要求退货。包装完好。",
    "Asked for an invoice; sent by mail.",
    "Line was cut; call back.",
    "对服务很满意。",
)
REFERRING = ("member", "web", "crm", "list_alpha", "list_beta")


def references(
    presence: Presence, index: Integers, on_day: int
) -> tuple[Column, Column, Flags]:
    """Return under which record each customer is known on a day: source and id.

    Args:
        presence: What each source knows.
        index: The customers.
        on_day: The day of the demo.

    Returns:
        Names of the sources, ids of the records, and who is known at all.
    """
    source = pa.array([""] * len(index))
    record, known = source, np.zeros(len(index), bool)
    for name in REFERRING:
        first = presence.first_day[name][index]
        fits = (first >= 0) & (first <= on_day) & ~known
        source = either(fits, name, source)
        record = either(fits, record_ids(name, index), record)
        known = known | fits
    return source, record, known


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
            "type": choose(["newsletter", "coupon", "invitation"], ordinal % 3),
            "purpose": choose(["marketing", "marketing", "research"], ordinal % 3),
            "channel": choose(["email", "sms", "mail"], ordinal % 3),
            "starts_on": day(starts, "%d/%m/%Y"),
            "ends_on": either(ordinal == CAMPAIGNS - 1, "", ends),
            "budget": join(
                "¥", number(budget + 2 * (raised & (ordinal == 0))), ".000,00"
            ),
            "currency": pa.array(["CNY"] * CAMPAIGNS),
        }
    )


def exposures(presence: Presence, *, count: int, on_day: int, part: int) -> pa.Table:
    """Return rows of `campaign.exposures`."""
    stream = presence.people.chance.stream("exposures", on_day, part)
    index = stream.integers(0, presence.people.size, count)
    source, record, _ = references(presence, index, on_day)
    code = running_campaigns(stream, count, on_day)
    second = stream.integers(9 * 3600, 18 * 3600, count)
    return pa.table(
        {
            "exposure_id": _ids("X", on_day, count, part),
            "campaign_code": campaign_codes(code),
            "recipient_source": source,
            "recipient_id": record,
            "channel": choose(["email", "sms", "mail"], code % 3),
            "sent_at": moment((FIRST_DAY + on_day) * DAY + second - 8 * 3600),
        }
    )


def responses(
    presence: Presence, sent: pa.Table, *, on_day: int, part: int
) -> pa.Table:
    """Return rows of `campaign.responses`: one in ten who were reached."""
    stream = presence.people.chance.stream("responses", on_day, part)
    chosen = np.flatnonzero(stream.random(len(sent)) < 0.1)
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


def survey_answers(
    presence: Presence, goods: Goods, *, count: int, on_day: int
) -> pa.Table:
    """Return rows of `survey.answers`: three questions to each respondent."""
    stream = presence.people.chance.stream("survey", on_day)
    index = np.repeat(stream.integers(0, presence.people.size, count), 3)
    source, record, _ = references(presence, index, on_day)
    question = np.tile(np.arange(3), count)
    score = np.where(
        question == 0,
        stream.integers(0, 11, 3 * count),
        stream.integers(1, 6, 3 * count),
    )
    product = goods.codes(np.repeat(stream.integers(0, goods.size, count), 3))
    second = np.repeat(stream.integers(9 * 3600, 22 * 3600, count), 3)
    choices = choose(
        ["price", "quality", "staff", "place"], stream.integers(0, 4, 3 * count)
    )
    said = stream.random(3 * count) < 0.3
    words = choose(NOTES, stream.integers(0, len(NOTES), 3 * count))
    return pa.table(
        {
            "answer_id": _ids("S", on_day, 3 * count),
            "survey": pa.array(["AFTER-PURCHASE"] * (3 * count)),
            "question": choose(["nps", "csat", "reason"], question),
            "respondent_source": _or_null(source),
            "respondent_id": _or_null(record),
            "product_id": product,
            "answered_at": moment((FIRST_DAY + on_day) * DAY + second - 8 * 3600),
            "score": either(question < 2, number(score), "NULL"),
            "choice": either(question == 2, choices, "NULL"),
            "words": either((question == 2) & said, words, "NULL"),
        }
    )


def _or_null(text: Column) -> Column:
    empty = np.array(text.to_numpy(zero_copy_only=False) == "", dtype=bool)
    return either(empty, "NULL", text)


def consents(presence: Presence, index: Integers, *, on_day: int) -> pa.Table:
    """Return rows of `consent.events`: what newcomers say, and some withdrawals.

    Args:
        presence: What each source knows.
        index: The customers who speak on this day, known or not.
        on_day: The day of the demo.
    """
    chance = presence.people.chance
    source, record, known = references(presence, index, on_day)
    spoke = np.flatnonzero(known)
    withdrawn = chance.happens(index[spoke], f"withdraws_{on_day}", 0.08)
    channel = chance.below(index[spoke], f"consent_channel_{on_day}", 3)
    purpose = chance.weighted(index[spoke], f"purpose_{on_day}", [70, 10, 10, 8, 2])
    second = 9 * 3600 + chance.below(index[spoke], f"consent_{on_day}", 43_000)
    at = (FIRST_DAY + on_day) * DAY + second - 8 * 3600
    expires = moment(at + 730 * DAY)
    lasting = withdrawn | (channel > 0)
    return pa.table(
        {
            "event_id": join(f"N{on_day:03d}", record.take(spoke)),
            "subject_source": source.take(spoke),
            "subject_id": record.take(spoke),
            "purpose": choose(
                ["marketing", "service", "research", "profiling", "sharing"], purpose
            ),
            "channel": choose(["email", "sms", "phone"], channel),
            "action": choose(["grant", "withdraw"], withdrawn * 1),
            "said_at": moment(at),
            "expires_at": either(lasting, "", expires),
            "evidence": join("scan/", number(index[spoke] % 9973, 4), ".pdf"),
        }
    )


def web_events(
    presence: Presence, goods: Goods, *, count: int, on_day: int, part: int
) -> pa.Table:
    """Return rows of `web.events`: visits of a few events each."""
    stream = presence.people.chance.stream("events", on_day, part)
    sizes = stream.integers(1, 8, count)
    visits = int(np.searchsorted(np.cumsum(sizes), count)) + 1
    visit = np.repeat(np.arange(visits), sizes[:visits])[:count]
    nth = np.arange(count) - np.searchsorted(visit, visit, side="left")
    index = stream.integers(0, presence.people.size, visits)
    first = presence.first_day["web"][index]
    signed_in = (first >= 0) & (first <= on_day) & (stream.random(visits) < 0.6)
    registration = either(signed_in, record_ids("web", index), "")
    second = stream.integers(8 * 3600, 22 * 3600, visits)[visit] + nth * 40
    kind = np.where(nth == 0, 0, stream.integers(0, len(EVENTS), count))
    product = goods.codes(stream.integers(0, goods.size, count))
    shows_product = ~np.isin(kind, [1, 4])
    return pa.table(
        {
            "event_id": _ids("V", on_day, count, part),
            "visitor": join("v", number(index * 40_503 % 10_000_019, 8)).take(visit),
            "session": join(f"s{on_day:03d}{part:02d}", number(visit, 6)),
            "registration_id": registration.take(visit),
            "product_id": either(shows_product, product, ""),
            "event_type": choose(EVENTS, kind),
            "occurred_at": timestamps(on_day, second),
            "page_path": either(shows_product, join("/p/", product), "/cart"),
            "device": choose(
                ["desktop", "mobile", "tablet", "app"], stream.integers(0, 4, visits)
            ).take(visit),
        }
    )


def _ids(letter: str, on_day: int, count: int, part: int = 0) -> Column:
    return join(f"{letter}{on_day:03d}{part:02d}", number(np.arange(count), 7))
