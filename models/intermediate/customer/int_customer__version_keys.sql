{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook=before_journal(),
    post_hook=after_journal(['customer_id']),
) }}

with history as (
    select * from {{ ref('int_customer__history') }}
),

final as (
    select
        customer_id,
        customer_key,
        geography_key,
        valid_from,
        valid_to
    from history
    where known_to = timestamp '9999-12-31'
)

select * from final
