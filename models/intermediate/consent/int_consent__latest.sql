{%- set key = ['source_name', 'consent_record_id'] -%}
{%- set reads = [{'keys_of': 'int_consent__history'}]
    + reads_of_event('input_consent', 'consent_record_id')[1:] -%}
{{ config(**built_by_keys(key, reads, tells=['customer_id'])) }}

with statements as (
    select * from {{ ref('int_consent__history') }}
),

links as (
    select * from {{ ref('int_customer__links') }}
),

touched as (
    {{ rows_of_touched_keys('statements', key) }}
),

final as (
    select
        touched.*,
        coalesce(links.customer_id, '_unknown') as customer_id
    from touched
    left join links
        on
            touched.party_source_name = links.source_name
            and touched.party_record_id = links.source_record_id
    where touched.known_to = timestamp '9999-12-31'
)

select * from final
