"""The parts of a customer's dossier, each a question to the release.

Each statement is asked with `$customer_id`. Personal columns are read only by those
whose names say so, for readers who asked for them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from warehouse.dossier.timeline import TIMELINE


@dataclass(frozen=True)
class Section:
    """A part of a dossier.

    Attributes:
        name: Its name for programs.
        title: Its title for people.
        sql: The question.
    """

    name: str
    title: str
    sql: str


_ATTRIBUTES = """
unpivot (
    select cast(columns(customer.* exclude (customer_id, customer_key)) as varchar)
    from descriptive.dim_customer as customer
    where customer.customer_id = $customer_id and customer.is_current
) on columns(*) into name attribute value said
"""
_PERSONAL = """
unpivot (
    select cast(columns(personal.* exclude (customer_id, customer_key)) as varchar)
    from descriptive.dim_customer as customer
    inner join restricted.descriptive.dim_customer as personal using (customer_key)
    where customer.customer_id = $customer_id and customer.is_current
) on columns(*) into name attribute value said
"""
_RECORDS = """
select
    source_name || ':' || source_record_id as record,
    match_rule,
    match_probability,
    known_from as known_since,
    valid_to
from descriptive.bridge_customer_identity
where customer_id = $customer_id and known_to = timestamp '9999-12-31'
order by known_from, record
"""
_CHANGES = """
select known_at, change_type, change_cause, other_customer_id, customer_count_change
from descriptive.fct_identity_change
where customer_id = $customer_id or other_customer_id = $customer_id
order by known_at, change_type, other_customer_id
"""
_VALUES = """
select
    value.attribute_name,
    {said} as said,
    value.is_winner,
    value.confidence,
    value.source_key || ':' || value.source_record_id as record,
    value.collected_at,
    value.collected_by,
    value.collected_where,
    value.collected_how,
    value.collected_why,
    value.load_key
from descriptive.fct_attribute_value as value
{join}
where value.customer_id = $customer_id and value.is_standing
order by
    value.attribute_group, value.attribute_name, value.is_winner desc,
    value.confidence desc nulls last, record
"""
_POINTS = """
select
    point.contact_type_code,
    {said}
    point.status_code,
    point.confidence,
    point.is_best,
    point.is_usable,
    point.report_count,
    point.last_proven_at,
    point.last_refuted_at,
    point.renewal_due_on
from descriptive.dim_contact_point as point
{join}
where point.customer_id = $customer_id
order by
    point.contact_type_code, point.confidence desc nulls last, point.contact_point_key
"""
_OPEN_VALUES = _VALUES.format(
    said="coalesce(value.attribute_value, '(' || value.personal_class || ')')", join=""
)
_PERSONAL_VALUES = _VALUES.format(
    said="coalesce(value.attribute_value, personal.claimed_value)",
    join="left join restricted.descriptive.fct_attribute_value as personal "
    "using (attribute_value_key)",
)
_OPEN_POINTS = _POINTS.format(said="", join="")
_PERSONAL_POINTS = _POINTS.format(
    said="personal.contact_value,",
    join="left join restricted.descriptive.dim_contact_point as personal "
    "using (contact_point_key)",
)
_HOUSEHOLD = """
select
    other.household_id,
    other.customer_id,
    other.member_role,
    other.formed_by,
    other.is_minor,
    other.valid_from,
    other.valid_to
from descriptive.bridge_household_member as mine
inner join descriptive.bridge_household_member as other using (household_id)
where
    mine.customer_id = $customer_id
    and mine.is_current
    and other.is_current
    and mine.known_to = timestamp '9999-12-31'
    and other.known_to = timestamp '9999-12-31'
order by other.member_role, other.customer_id
"""
_RELATIONS = """
select related_customer_id, relationship_type_code, role_code, valid_from, valid_to
from descriptive.bridge_customer_relationship
where customer_id = $customer_id
order by valid_from, related_customer_id
"""
_HABITS = """
unpivot (
    select cast(
        columns(habit.* exclude (customer_id, customer_behaviour_key)) as varchar
    )
    from behavioural.dim_customer_behaviour as habit
    where habit.customer_id = $customer_id and habit.is_current
) on columns(*) into name habit value said
"""
_SEGMENTS = """
select
    segment.scheme_code,
    segment.label_en as segment,
    segment.rule_text as because,
    membership.valid_from
from associative.bridge_customer_segment as membership
inner join associative.dim_segment as segment using (segment_key)
where membership.customer_id = $customer_id and membership.is_current
order by segment.scheme_code, segment.rank_number
"""
_SCORES = """
select score_name, as_of_date, score_value, lower_value, upper_value, band, model_key
from associative.fct_customer_score
where customer_id = $customer_id
order by score_name, as_of_date desc
"""
_CONSENTS = """
select
    consented_at,
    purpose_code,
    channel_code,
    notice_code,
    is_granted,
    expires_at,
    source_key || ':' || consent_record_id as record
from descriptive.fct_consent
where customer_id = $customer_id
order by consented_at, purpose_code, channel_code, record
"""
_ALERTS = """
select alert_type, strategy_code, due_date, days_overdue, raised_on, cleared_on
from associative.fct_alert
where customer_id = $customer_id
order by raised_on desc, alert_type
"""


def sections(*, restricted: bool) -> Iterator[Section]:
    """Yield the parts of a dossier, in the order in which they are read.

    Args:
        restricted: True to read personal columns too.
    """
    if restricted:
        yield Section("personal", "Who it is", _PERSONAL)
    yield Section("attributes", "What is known", _ATTRIBUTES)
    yield Section("records", "Records", _RECORDS)
    yield Section("identity_changes", "How they came together", _CHANGES)
    values, points = (
        (_PERSONAL_VALUES, _PERSONAL_POINTS)
        if restricted
        else (_OPEN_VALUES, _OPEN_POINTS)
    )
    yield Section("values", "Every value claimed now, and where it comes from", values)
    yield Section("contact_points", "Contact points", points)
    yield Section("household", "Household", _HOUSEHOLD)
    yield Section("relations", "Related customers", _RELATIONS)
    yield Section("consents", "Consent given and withdrawn", _CONSENTS)
    yield Section("habits", "Habits", _HABITS)
    yield Section("segments", "Segments", _SEGMENTS)
    yield Section("scores", "Scores", _SCORES)
    yield Section("alerts", "Alerts", _ALERTS)
    yield Section("timeline", "What happened, latest first", TIMELINE)
