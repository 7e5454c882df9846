"""What became of everything that was refused, told from what was written down of it.

One view of the archive and of the ledger's copy, `ledger.refused`, has a row per
quarantined row and, numbered 0, per delivery refused as a whole. It follows from the
ledger, the quarantine and the words of people, so nothing is ever updated.
"""

REFUSED_VIEW = """
create or replace view ledger.refused as
with decision as (
    select
        try_cast(load_number as bigint) as load_id,
        try_cast(row_number as bigint) as row_number,
        nullif(delivery, '') as delivery,
        verdict,
        nullif(trim(decided_by), '') as decided_by,
        try_cast(decided_at as timestamp) as decided_at,
        nullif(trim(reason), '') as decided_why,
        nullif(copy_name, '') as copy_name,
        try_cast(copy_row as bigint) as copy_row,
        row(try_cast(decided_at as timestamp), _load_id, _row) as moment
    from raw_steward.quarantine_decisions
    where not _is_deleted
),

kept as (
    select
        load_id, source_name, table_name, delivered_name, row_number, line_number,
        column_name, reason_code, reason
    from quarantine.row
    union all
    select
        load_id, source_name, table_name, delivered_name, 0, null, null, reason_code,
        reason
    from ledger.load
    where status = 'refused'
),

named as (
    select
        load_id, business_date, known_at,
        concat(
            source_name, '.', table_name, ' ', business_date, '/', delivered_name, ' ',
            sha256
        ) as delivery
    from ledger.load
),

renumbered as (
    select named.delivery, kept.row_number, min(kept.load_id) as load_id
    from kept
    inner join named on kept.load_id = named.load_id
    where named.delivery in (select delivery from decision)
    group by named.delivery, kept.row_number
    having count(*) = 1
),

meant as (
    select
        decision.* exclude (load_id),
        coalesce(named.load_id, renumbered.load_id) as load_id
    from decision
    left join named
        on decision.load_id = named.load_id
        and coalesce(decision.delivery, named.delivery) = named.delivery
    left join renumbered
        on decision.delivery = renumbered.delivery
        and decision.row_number = renumbered.row_number
),

outcome as (
    select
        decision.*,
        {
            'verdict': decision.verdict,
            'decided_by': decision.decided_by,
            'decided_at': decision.decided_at,
            'decided_why': decision.decided_why,
            'closed_load_id': copy.load_id
        } as word,
        copy.status <> 'refused' and again.load_id is null as is_in,
        again.load_id is not null as is_again
    from meant as decision
    left join ledger.load as copy on decision.copy_name = copy.delivered_name
    left join quarantine.row as again
        on copy.load_id = again.load_id and decision.copy_row = again.row_number
    where decision.load_id is not null
),

said as (
    select
        load_id,
        row_number,
        max_by(word, moment) as last_word,
        max_by(word, moment) filter (where is_in) as word_in,
        max_by(word, moment) filter (where is_again) as word_again
    from outcome
    group by load_id, row_number
),

later as (
    select
        refused.load_id,
        min(later.load_id) filter (where later.status <> 'refused') as closed_load_id,
        max(later.load_id) as later_load_id
    from ledger.load as refused
    inner join ledger.load as later
        on refused.load_id < later.load_id
        and refused.source_name = later.source_name
        and refused.table_name = later.table_name
        and (
            refused.sha256 = later.sha256
            or (
                refused.business_date = later.business_date
                and refused.delivered_name = later.delivered_name
            )
        )
    where refused.status = 'refused'
    group by refused.load_id
),

judged as (
    select
        kept.*,
        named.business_date,
        named.known_at,
        named.delivery,
        case
            when kept.row_number > 0 and said.word_in is not null
                then if(said.word_in.verdict = 'replayed', 'replayed', 'mended')
            when kept.row_number > 0 and said.word_again is not null
                then 'superseded'
            when later.closed_load_id is not null
                then if(said.last_word.verdict = 'accepted', 'accepted', 'mended')
            when later.later_load_id is not null then 'superseded'
            when kept.row_number = 0 and starts_with(kept.delivered_name, '_mended/')
                then 'superseded'
            when said.last_word.verdict = 'given_up' then 'given_up'
            else 'waiting'
        end as state,
        coalesce(
            said.word_in, said.word_again, said.last_word
        ) as word,
        coalesce(later.closed_load_id, later.later_load_id) as later_load_id
    from kept
    inner join named on kept.load_id = named.load_id
    left join said
        on kept.load_id = said.load_id and kept.row_number = said.row_number
    left join later on kept.load_id = later.load_id and kept.row_number = 0
)

select
    load_id, row_number, source_name, table_name, delivered_name, business_date,
    line_number, column_name, reason_code, reason, known_at, state,
    case when state <> 'waiting' then word.decided_by end as decided_by,
    case when state <> 'waiting' then word.decided_at end as decided_at,
    case when state <> 'waiting' then word.decided_why end as decided_why,
    case when state <> 'waiting' then coalesce(word.closed_load_id, later_load_id) end
        as closed_load_id,
    delivery
from judged
"""
"""`state` is `waiting` for a person; `mended` or `replayed`, when a copy of the row, or
the delivery anew, came in; `accepted`, when a person let the delivery in; `given_up`
by a person; or `superseded`, when what came in its place was refused in its turn, and
is what waits now. `closed_load_id` is the load that did so. A copy that was refused as
a whole is superseded by the rows it was made of: they wait on.

`delivery` says by table, date, name and sha256 which delivery a load's number stands
for. After a restore the nights number their loads anew: a word whose number stands for
another delivery is about the row of the delivery that it names, where that was refused
once; else it counts for nothing."""
