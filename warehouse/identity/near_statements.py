"""The SQL that finds the records that a night may need to look at.

A night reads the rows of these alone. They are too many rather than too few: whoever
the new records may be compared with, and whoever those lead to through keys, likeness,
decisions and customers. Records and values are looked up by 64-bit hashes, made once:
two that met by chance would only add a record to look at.
"""

from string import Template

from warehouse.database import literal
from warehouse.identity.policy import MAXIMUM_HOLDERS, MAXIMUM_SHARING
from warehouse.identity.tax_ids import TELLING_TAX_ID

EVERYBODY = Template("""
create or replace temp view party as
select * replace ($tax_id as tax_id) from work.input.input_party
""").substitute(tax_id=TELLING_TAX_ID)

_ROWS = Template("""
create or replace temp table party as
select
    source_name, source_record_id, load_id, load_row, delivered_on, valid_from,
    is_deleted, left_out, party_kind, $columns
from (select * replace ($tax_id as tax_id) from work.input.input_party)
where hash(source_name, source_record_id) in (select named from frontier)
""")
KEY_COLUMNS = (
    *("national_id_standard", "organisation_code_standard", "member_number"),
    *("email_standard", "name_key"),
)
"""What keys are made of."""

LIKENESS = """
create or replace temp table likeness as
select
    hash(left_source_name, left_record_id) as one,
    hash(right_source_name, right_record_id) as other,
    match_probability
from archive.identity.pair
where match_probability >= $least
union all
select
    hash(left_source_name, left_record_id),
    hash(right_source_name, right_record_id),
    1
from decision
"""
"""Whom a steward decided about is looked at with whom, as if they were alike."""

BELONGING = """
create or replace temp table belonging as
select hash(source_name, source_record_id) as named, hash(customer_id) as customer
from archive.identity.link_change
"""

_KEYS = ("national_id_standard", "organisation_code_standard", "member_key")

_CROWDED = Template("""
select named from numbered
where $key in (
    select value from common
    where attribute = '$key' and row_count > $limit
)
""")

CROWDED = "create or replace temp table frontier as" + "union".join(
    _CROWDED.substitute(key=key, limit=MAXIMUM_HOLDERS)
    for key in (*_KEYS, "email_standard")
)
"""Everybody who holds a key that too many may hold."""

DEAD_VALUES = """
create or replace temp table dead_value as
with said as (
    select 'national_id_standard' as attribute, hash(national_id_standard) as value,
        hash('national_id', party_kind, national_id_standard) as key
    from stating where national_id_standard is not null
    union all
    select 'organisation_code_standard', hash(organisation_code_standard),
        hash('organisation_code', party_kind, organisation_code_standard)
    from stating where organisation_code_standard is not null
    union all
    select 'member_key', hash(member_key),
        hash('member_number', party_kind, member_key)
    from stating where member_key is not null
    union all
    select 'mailbox', hash(hash(one.email_standard), hash(other.name_key)),
        hash('email_and_name', one.party_kind,
            one.email_standard || ' ' || other.name_key)
    from stating as one
    inner join stating as other on one.record = other.record
    where one.email_standard is not null and other.name_key is not null
)

select attribute, value
from said
left join dead_key on said.key = dead_key.key and dead_from <= $last_load
group by attribute, value
having bool_and(dead_key.key is not null)
"""
"""The values that are a dead key of every kind of party: they lead to nobody."""

_NEWLY_SHARED = Template("""
select named from numbered
where $column in (
    select hash(value) from shared
    where attribute = '$column' and dead_from > $$last_load
)
""")

CHANGED = """
create or replace temp table frontier as
select hash(source_name, source_record_id) as named
from work.input.input_party
inner join pending using (load_id)
union
select unnest([
    hash(left_source_name, left_record_id), hash(right_source_name, right_record_id)
])
from decision
inner join pending using (load_id)
union
""" + "union".join(
    _NEWLY_SHARED.substitute(column=column) for column in MAXIMUM_SHARING
)
"""Whose rows are new, who is decided about, whose values came to be shared."""

NEAR = "create or replace temp table near as select * from frontier"

TOLD = """
create or replace temp table told as
select * from numbered where named in (select named from frontier)
"""
"""What the frontier states."""

_LIVE = "{key} not in (select value from dead_value where attribute = '{rule}')"

_BY_KEY = Template("""
select named from numbered
where $key in (select $key from told where $key is not null and $live)
""")

_BY_MAILBOX = Template("""
select postbox.named
from numbered as postbox
inner join mailbox using (email_standard)
inner join numbered as called
    on postbox.named = called.named and mailbox.name_key = called.name_key
""")

MAILBOXES = """
create or replace temp table mailbox as
select distinct one.email_standard, other.name_key
from told as one
inner join told as other on one.named = other.named
where
    one.email_standard is not null
    and other.name_key is not null
    and {live}
""".format(
    live=_LIVE.format(
        key="hash(one.email_standard, other.name_key)",
        rule="mailbox",
    )
)

_OTHERS = """
select other from likeness
where one in (select named from frontier) and match_probability >= $least
union
select one from likeness
where other in (select named from frontier) and match_probability >= $least
"""

_BY_CUSTOMER = """
select named from belonging
where customer in (
    select customer from belonging where named in (select named from frontier)
)
"""

_NOT_YET = Template("""
create or replace temp table reached(named) as
$found
except
select named from near
""")

REACHED = _NOT_YET.substitute(
    found="union".join(
        (
            *(
                _BY_KEY.substitute(key=key, live=_LIVE.format(key=key, rule=key))
                for key in _KEYS
            ),
            _BY_MAILBOX.template,
            _OTHERS,
            _BY_CUSTOMER,
        )
    )
)
"""Whom the frontier leads to: by keys, likeness, decisions and customers, ever."""

FAR = _NOT_YET.substitute(found=_OTHERS)
"""Whom a steward may be asked about."""

ADVANCE = "create or replace temp table frontier as select * from reached"

REMEMBER = "insert into near select * from frontier"

ADD = "insert into near select * from reached"

ALL_NEAR = "create or replace temp table frontier as select * from near"

DELTAS = """
create or replace temp table delta as
select * from numbered where named in (select named from numbered where is_delta)
"""
"""What those state whose states may put together what several rows said."""

_COMPARABLE = Template("""
select named from numbered
where party_kind = $party_kind and ($tuple) in (
    select $joined from $stated
    and t0.named in (select named from told where party_kind = $party_kind)
)
union
$mixed
""")

_MIXED = "select named from delta where {name} in (select {name} from told)"

_STATED = Template("t$number.$name is not null")
_UNSHARED = Template("""t$number.$name is not null and t$number.$name not in (
    select hash(value) from shared
    where attribute = '$name' and dead_from <= $$last_load
)""")


def rows(columns: str) -> str:
    """Return the statement that reads what the frontier stated of some columns."""
    return _ROWS.substitute(columns=columns, tax_id=TELLING_TAX_ID)


def comparable(party_kind: str, columns: tuple[str, ...]) -> str:
    """Return the statement that finds whom a blocking rule may bring the new ones to.

    A row that leaves its kind out is one of a record that deltas put together.

    Args:
        party_kind: Whom the rule is for.
        columns: What must be equal.
    """
    stated = " inner join ".join(
        f"told as t{number}" + (f" on t0.named = t{number}.named" if number else "")
        for number, _ in enumerate(columns)
    )
    living = " and ".join(
        (_UNSHARED if name in MAXIMUM_SHARING else _STATED).substitute(
            number=number, name=name
        )
        for number, name in enumerate(columns)
    )
    found = _COMPARABLE.substitute(
        tuple=", ".join(columns),
        joined=", ".join(f"t{number}.{name}" for number, name in enumerate(columns)),
        stated=f"{stated} where {living}",
        party_kind=literal(party_kind),
        mixed="\nintersect\n".join(_MIXED.format(name=name) for name in columns),
    )
    return _NOT_YET.substitute(found=found)
