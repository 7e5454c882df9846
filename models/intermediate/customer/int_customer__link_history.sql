{%- set columns = ['customer_id', 'match_rule', 'match_probability', 'valid_to'] -%}
{%- set key = ['source_name', 'source_record_id'] -%}
{%- set reads = [
    {'loads_of': 'link_change', 'source': 'identity'},
    {'keys_of': 'int_customer__link_endings'},
] -%}
{{ config(**built_by_keys(key, reads, tells=['customer_id'])) }}

with link_changes as (
    select * from {{ source('identity', 'link_change') }}
),

link_endings as (
    select * from {{ ref('int_customer__link_endings') }}
),

events as (
    select
        source_name,
        source_record_id,
        known_at,
        customer_id,
        match_rule,
        match_probability,
        cast(null as timestamp) as valid_to
    from ({{ rows_of_touched_keys('link_changes', key) }}) as link_changes
    union all
    select
        source_name,
        source_record_id,
        known_at,
        cast(null as varchar) as customer_id,
        cast(null as varchar) as match_rule,
        cast(null as decimal(9, 6)) as match_probability,
        valid_to
    from ({{ rows_of_touched_keys('link_endings', key) }}) as link_endings
),

by_moment as (
    select
        source_name,
        source_record_id,
        known_at,
        max(customer_id) as customer_id,
        max(match_rule) as match_rule,
        max(match_probability) as match_probability,
        max(valid_to) as valid_to
    from events
    group by source_name, source_record_id, known_at
),

known as (
    select
        source_name,
        source_record_id,
        known_at as known_from,
        {%- for column in columns %}
        {{ last_known(column, 'history') }} as {{ column }},
        {%- endfor %}
        lead(known_at, 1, timestamp '9999-12-31') over (
            partition by source_name, source_record_id order by known_at nulls first
        ) as known_to
    from by_moment
    window
        history as (
            partition by source_name, source_record_id
            order by known_at nulls first
            rows between unbounded preceding and current row
        )
),

final as (
    select
        source_name,
        source_record_id,
        customer_id,
        match_rule,
        match_probability,
        timestamp '1900-01-01' as valid_from,
        coalesce(valid_to, timestamp '9999-12-31') as valid_to,
        known_from,
        known_to
    from known
    where customer_id is not null and known_from < known_to
)

select * from final
