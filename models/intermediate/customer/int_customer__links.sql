{%- set key = ['source_name', 'source_record_id'] -%}
{%- set reads = [
    {'keys_of': 'int_customer__link_history', 'via': records_beside_changed_ones()},
] -%}
{{ config(**built_by_keys(key, reads, is_compared=true)) }}

with link_changes as (
    select * from {{ source('identity', 'link_change') }}
),

sources as (
    select * from {{ ref('int_source__contracts') }}
),

link_history as (
    select * from {{ ref('int_customer__link_history') }}
),

numbered as (
    select
        source_name,
        source_record_id,
        customer_id,
        match_rule,
        match_probability,
        load_id,
        known_at,
        row_number() over (
            partition by source_name, source_record_id order by load_id desc nulls last
        ) as recency,
        min(load_id) over (partition by source_name, source_record_id)
            as first_load_id
    from ({{ rows_of_touched_keys('link_changes', key) }}) as link_changes
),

open_links as (
    select
        source_name,
        source_record_id,
        valid_to
    from ({{ rows_of_touched_keys('link_history', key) }}) as link_history
    where known_to = timestamp '9999-12-31'
),

record_counts as (
    select
        customer_id,
        count(*) as record_count
    from numbered
    where recency = 1
    group by customer_id
),

final as (
    select
        -- keys
        numbered.source_name,
        numbered.source_record_id,
        numbered.customer_id,

        -- attributes
        numbered.match_rule,
        numbered.match_probability,
        coalesce(sources.reliability_rank, 99) as reliability_rank,
        record_counts.record_count,
        numbered.first_load_id,
        numbered.load_id as last_load_id,

        -- flags
        coalesce(sources.source_kind = 'external', false) as is_external,
        numbered.first_load_id < numbered.load_id as was_relinked,

        -- timestamps
        timestamp '1900-01-01' as valid_from,
        open_links.valid_to
    from numbered
    inner join record_counts on numbered.customer_id = record_counts.customer_id
    inner join open_links
        on
            numbered.source_name = open_links.source_name
            and numbered.source_record_id = open_links.source_record_id
    left join sources on numbered.source_name = sources.source_name
    where numbered.recency = 1
)

select * from final
