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
        count(*) as record_count
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

known_by_one as (
    select
        measured_on,
        load_id,
        min(source_name) as source_name
    from held
    group by measured_on, load_id, customer_id
    having count(*) = 1
),

added_up as (
    select
        measured_on,
        load_id,
        source_name,
        record_count,
        1 as customer_count,
        0 as own_count
    from held
    union all
    select
        measured_on,
        load_id,
        source_name,
        0 as record_count,
        0 as customer_count,
        1 as own_count
    from known_by_one
),

counted as (
    {%- for measure, checked, met in [
        ('redundancy_within', 'record_count', 'customer_count'),
        ('redundancy_between', 'customer_count', 'own_count'),
    ] %}
    select
        measured_on,
        load_id,
        source_name,
        '{{ measure }}' as measure_code,
        cast(sum({{ checked }}) as bigint) as rows_checked,
        cast(sum({{ met }}) as bigint) as rows_met
    from added_up
    group by measured_on, load_id, source_name
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

final as (
    select
        *,
        'party' as entity_name,
        '_all' as attribute_name
    from counted
)

select * from final
