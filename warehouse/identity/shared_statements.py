"""The SQL that finds the values that too many records share, and who holds them."""

from collections.abc import Iterable
from string import Template

from warehouse.identity.policy import MAXIMUM_HOLDERS, MAXIMUM_SHARING

MEMBER_KEY = "nullif(trim(member_number), '')"


def numbered(columns: Iterable[str]) -> str:
    """Return the statement that numbers what every row states.

    Args:
        columns: What to number besides keys and what may come to be shared.
    """
    values = {name: name for name in (*MAXIMUM_SHARING, "name_key", *columns)}
    values["member_key"] = MEMBER_KEY
    return _NUMBERED.substitute(
        values=", ".join(
            f"case when {value} is not null then hash({value}) end as {name}"
            for name, value in values.items()
        )
    )


_NUMBERED = Template("""
create or replace temp table numbered as
select
    hash(source_name, source_record_id) as named,
    left_out is not null as is_delta,
    case
        when not contains(coalesce(left_out, ''), ',party_kind,')
            then coalesce(party_kind, 'person')
    end as party_kind,
    $values
from work.input.input_party
where not is_deleted
""")

_COMMON = Template("""
select '$name' as attribute, $name as value, count(*) as row_count
from numbered
where $name is not null
group by $name
having count(*) > $limit
""")

COMMON = "create or replace temp table common as" + "union all".join(
    _COMMON.substitute(name=name, limit=min(limit, MAXIMUM_HOLDERS))
    for name, limit in (MAXIMUM_SHARING | {"member_key": MAXIMUM_HOLDERS}).items()
)
"""The values of so many rows that they may be shared by too many records."""

MOST = """
select attribute, max(row_count) as row_count
from common
group by attribute
order by attribute
"""

SHARED = """
create or replace temp table shared (
    attribute varchar, value varchar, dead_from bigint, holders bigint[]
)
"""

_CROWDED = Template("""
insert into shared
select
    '$attribute' as attribute,
    value,
    min(since, $limit + 1)[$limit + 1] as dead_from,
    list(since) as holders
from (
    select $attribute as value, min(load_id) as since
    from work.input.input_party
    where not is_deleted and hash($attribute) in (
        select value from common where attribute = '$attribute' and row_count > $limit
    )
    group by $attribute, source_name, source_record_id
)
group by value
having count(*) > $limit
""")


def shared(attribute: str) -> str:
    """Return the statement that adds the shared values of an attribute."""
    return _CROWDED.substitute(attribute=attribute, limit=MAXIMUM_SHARING[attribute])


LOG_SHARED = """
insert into archive.identity.shared_value by name
select
    dead_from as load_id,
    pending.known_at,
    attribute,
    keyed_hash(value) as value_hash,
    len(list_filter(holders, lambda since : since <= dead_from)) as holder_count
from shared
inner join pending on shared.dead_from = pending.load_id
order by load_id, attribute, value_hash
"""


_HOLDS_SHARED = Template(
    "$name in (select value from shared where attribute = '$name')"
)
CROWD = Template("""
create or replace temp table crowd as
select record
from stating
where is_plain and ($holds_shared)
""").substitute(
    holds_shared=" or ".join(
        _HOLDS_SHARED.substitute(name=name) for name in MAXIMUM_SHARING
    )
)
"""The plain records with a value that too many share."""
