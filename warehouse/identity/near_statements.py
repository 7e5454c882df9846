"""The SQL that finds, by name, the records that a night may need to look at.

A night reads the rows of these alone. They are too many rather than too few: whoever
the new records may be compared with, and whoever those lead to through keys, likeness,
decisions and customers.
"""

from string import Template

from warehouse.database import literal
from warehouse.identity.policy import MAXIMUM_HOLDERS, MAXIMUM_SHARING

EVERYBODY = """
create or replace temp view party as select * from work.input.input_party
"""

ROWS = Template("""
create or replace temp table party as
select
    source_name, source_record_id, load_id, load_row, delivered_on, valid_from,
    is_deleted, left_out, party_kind, $columns
from work.input.input_party
semi join frontier using (source_name, source_record_id)
""")
KEY_COLUMNS = (
    *("national_id_standard", "organisation_code_standard", "member_number"),
    *("email_standard", "name_key"),
)
"""What keys are made of."""

_CROWDED = Template("""
select source_name, source_record_id
from work.input.input_party
where $key in (
    select $key from work.input.input_party
    where not is_deleted and $key is not null
    group by $key
    having count(*) > $limit
)
""")
_MEMBER_KEY = "nullif(trim(member_number), '')"

CROWDED = "create or replace temp table frontier as" + "union".join(
    _CROWDED.substitute(key=key, limit=MAXIMUM_HOLDERS)
    for key in (
        *("national_id_standard", "organisation_code_standard"),
        *(_MEMBER_KEY, "email_standard"),
    )
)
"""Everybody who holds a key that too many may hold."""

_NEWLY_SHARED = Template("""
select source_name, source_record_id
from work.input.input_party
where $column in (
    select value from shared
    where attribute = '$column' and dead_from > $$last_load
)
""")

CHANGED = """
create or replace temp table frontier as
select source_name, source_record_id
from work.input.input_party
inner join pending using (load_id)
union
select unnest([left_source_name, right_source_name]),
    unnest([left_record_id, right_record_id])
from decision
inner join pending using (load_id)
union
""" + "union".join(
    _NEWLY_SHARED.substitute(column=column) for column in MAXIMUM_SHARING
)
"""Whose rows are new, who is decided about, whose values came to be shared."""

NEAR = "create or replace temp table near as select * from frontier"

REMEMBER = "insert into near select * from frontier"

_ALIVE = """hash('{rule}', party_kind, {column}) not in (
        select key from dead_key where dead_from <= $last_load
    )"""

_BY_KEY = """
select source_name, source_record_id
from work.input.input_party
where {value} in (
    select {column} from stating
    where {column} is not null and {alive}
)
"""

_BY_MAILBOX = """
select source_name, source_record_id
from work.input.input_party
where email_standard in (select email_standard from live_mailbox)
intersect
select source_name, source_record_id
from work.input.input_party
where name_key in (select name_key from live_mailbox)
"""

LIVE_MAILBOXES = """
create or replace temp table live_mailbox as
select distinct one.email_standard, other.name_key
from stating as one
inner join stating as other on one.record = other.record
where
    one.email_standard is not null
    and other.name_key is not null
    and hash(
        'email_and_name', one.party_kind, one.email_standard || ' ' || other.name_key
    ) not in (select key from dead_key where dead_from <= $last_load)
"""

_OTHERS = """
select right_source_name, right_record_id
from archive.identity.pair
semi join frontier
    on left_source_name = source_name and left_record_id = source_record_id
where match_probability >= $least
union
select left_source_name, left_record_id
from archive.identity.pair
semi join frontier
    on right_source_name = source_name and right_record_id = source_record_id
where match_probability >= $least
"""

_BY_DECISION = """
select right_source_name, right_record_id
from decision
semi join frontier
    on left_source_name = source_name and left_record_id = source_record_id
union
select left_source_name, left_record_id
from decision
semi join frontier
    on right_source_name = source_name and right_record_id = source_record_id
"""

_BY_CUSTOMER = """
select source_name, source_record_id
from archive.identity.link_change
where customer_id in (
    select customer_id
    from archive.identity.link_change
    semi join frontier using (source_name, source_record_id)
)
"""

_KEYS = (
    ("national_id", "national_id_standard", "national_id_standard"),
    ("organisation_code", "organisation_code_standard", "organisation_code_standard"),
    ("member_number", "member_key", _MEMBER_KEY),
)

_NOT_YET = Template("""
create or replace temp table reached as
$found
except
select source_name, source_record_id from near
""")

REACHED = _NOT_YET.substitute(
    found="union".join(
        (
            *(
                _BY_KEY.format(
                    column=column,
                    value=value,
                    alive=_ALIVE.format(rule=rule, column=column),
                )
                for rule, column, value in _KEYS
            ),
            f"({_BY_MAILBOX})",
            _OTHERS,
            _BY_DECISION,
            _BY_CUSTOMER,
        )
    )
)
"""Whom the frontier leads to: by keys, likeness, decisions and customers, ever."""

FAR = _NOT_YET.substitute(found=_OTHERS)
"""Whom a steward may be asked about."""

ADVANCE = "create or replace temp table frontier as select * from reached"

DELTAS = """
create or replace temp table delta_record as
select distinct source_name, source_record_id
from work.input.input_party
where left_out is not null
"""
"""Whose states may put together what several rows said."""

_COMPARABLE = Template("""
select source_name, source_record_id
from work.input.input_party
where
    coalesce(party_kind, 'person') = $party_kind
    and ($tuple) in (select $joined from $stated)
union
$mixed
""")

_MIXED = Template("""
select source_name, source_record_id
from work.input.input_party
semi join delta_record using (source_name, source_record_id)
where $column in (select $column from stating)
""")


_STATED = Template("s$number.$name is not null")
_UNSHARED = Template("""s$number.$name is not null and s$number.$name not in (
    select value from shared
    where attribute = '$name' and dead_from <= $$last_load
)""")


def comparable(party_kind: str, columns: tuple[str, ...]) -> str:
    """Return the statement that finds whom a blocking rule may bring the new ones to.

    A row that leaves its kind out is one of a record that deltas put together.

    Args:
        party_kind: Whom the rule is for.
        columns: What must be equal.
    """
    stated = " inner join ".join(
        f"stating as s{number}"
        + (f" on s0.record = s{number}.record" if number else "")
        for number, _ in enumerate(columns)
    )
    living = " and ".join(
        (_UNSHARED if name in MAXIMUM_SHARING else _STATED).substitute(
            number=number, name=name
        )
        for number, name in enumerate(columns)
    )
    kind = literal(party_kind)
    found = _COMPARABLE.substitute(
        tuple=", ".join(columns),
        joined=", ".join(f"s{number}.{name}" for number, name in enumerate(columns)),
        stated=f"{stated} where s0.party_kind = {kind} and {living}",
        party_kind=kind,
        mixed="\nintersect\n".join(_MIXED.substitute(column=name) for name in columns),
    )
    return _NOT_YET.substitute(found=found)
