{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='measured_on',
) }}

with loads as (
    select * from {{ source('ledger', 'load') }}
),

link_history as (
    select * from {{ ref('int_customer__link_history') }}
),

nights as (
    {{ nights_since(last_load_id()) }}
),

held as (
    select
        nights.measured_on,
        nights.load_id,
        link_history.source_name,
        link_history.customer_id,
        count(*) as record_count,
        count(*) over (
            partition by nights.measured_on, link_history.customer_id
        ) as source_count
    from nights
    inner join link_history
        on
            nights.known_at >= link_history.known_from
            and nights.known_at < link_history.known_to
    where link_history.valid_to = timestamp '9999-12-31'
    group by
        nights.measured_on, nights.load_id, link_history.source_name,
        link_history.customer_id
),

counted as (
    select
        measured_on,
        load_id,
        source_name,
        'redundancy_within' as measure_code,
        cast(sum(record_count) as bigint) as rows_checked,
        count(*) as rows_met
    from held
    group by measured_on, load_id, source_name
    union all
    select
        measured_on,
        load_id,
        source_name,
        'redundancy_between' as measure_code,
        count(*) as rows_checked,
        cast(count_if(source_count = 1) as bigint) as rows_met
    from held
    group by measured_on, load_id, source_name
),

final as (
    select
        *,
        'party' as entity_name,
        '_all' as attribute_name
    from counted
)

select * from final
