{%- set key = ['source_name', 'source_record_id'] -%}
{%- set reads = [{'loads_of': 'input_party'}] -%}
{{ config(**built_by_keys(key, reads)) }}

with parties as (
    select * from {{ ref('input_party') }}
),

loads as (
    select * from {{ source('ledger', 'load') }}
),

delivered as (
    {{ rows_of_touched_keys('parties', key) }}
),

records as (
    select
        source_name,
        source_record_id,
        bool_or(left_out is not null or is_deleted) as has_gaps
    from delivered
    group by source_name, source_record_id
),

epochs as (
    -- What is known of a record changes at each load that says something of it.
    select
        delivered.source_name,
        delivered.source_record_id,
        delivered.load_id,
        max(delivered.known_at) as known_from,
        lead(max(delivered.known_at), 1, timestamp '9999-12-31') over (
            partition by delivered.source_name, delivered.source_record_id
            order by delivered.load_id nulls first
        ) as known_to,
        bool_or(records.has_gaps) as has_gaps
    from delivered
    inner join records
        on
            delivered.source_name = records.source_name
            and delivered.source_record_id = records.source_record_id
    group by
        delivered.source_name, delivered.source_record_id, delivered.load_id
),

heard as (
    {{ heard_rows('delivered', 'epochs', 'loads') }}
),

ordered as (
    select
        *,
        lead(valid_from, 1, timestamp '9999-12-31') over words as valid_to,
        max(load_id) over words as last_load_id
    -- What a snapshot says again was news only until an earlier one came in.
    from heard
    where not is_said_again
    window
        words as (
            partition by source_name, source_record_id, heard_by_load_id
            order by
                valid_from nulls first,
                delivered_on nulls first,
                load_id nulls first,
                load_row nulls first
            rows between unbounded preceding and current row
        )
),

visible as (
    -- Of what was said of one moment, the last word is followed by a later moment.
    select
        source_name,
        source_record_id,
        load_id,
        load_row,
        valid_from,
        valid_to,
        case when has_gaps then last_load_id end as filled_by_load_id,
        min(known_from) as known_from,
        max(known_to) as known_to
    from ordered
    where valid_from < valid_to
    group by
        source_name, source_record_id, load_id, load_row, valid_from, valid_to,
        filled_by_load_id
),

disordered as (
    -- What a row leaves out it takes from the rows before it: so only a row that came
    -- after it, and goes before it, changes what it holds.
    select distinct {{ key | join(', ') }}
    from ordered
    where last_load_id > load_id
),

final as (
    select
        visible.source_name,
        visible.source_record_id,
        visible.load_id,
        visible.load_row,
        case
            when visible.filled_by_load_id is null then null
            when disordered.source_name is null then 9223372036854775807
            else visible.filled_by_load_id
        end as filled_by_load_id,
        visible.valid_from,
        visible.valid_to,
        visible.known_from,
        visible.known_to
    from visible
    left join disordered
        on
            visible.source_name = disordered.source_name
            and visible.source_record_id = disordered.source_record_id
)

select * from final
