"""The SQL that finds the values that too many records share, and who holds them."""

from string import Template

from warehouse.identity.policy import MAXIMUM_SHARING

_CROWDED = Template("""
select '$attribute' as attribute, value, dead_from, holders
from (
    select
        value,
        min(since, $limit + 1)[$limit + 1] as dead_from,
        list(since) as holders
    from (
        select $attribute as value, min(load_id) as since
        from work.input.input_party
        where not is_deleted and $attribute in (
            select $attribute from work.input.input_party
            where not is_deleted and $attribute is not null
            group by $attribute
            having count(*) > $limit
        )
        group by $attribute, source_name, source_record_id
    )
    group by value
    having count(*) > $limit
)
""")

SHARED = "create or replace temp table shared as\n" + "\nunion all\n".join(
    _CROWDED.substitute(attribute=attribute, limit=limit)
    for attribute, limit in MAXIMUM_SHARING.items()
)

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
