{{ config(materialized='view') }}

with history as (
    select * from {{ ref('int_customer__history') }}
),

final as (
    select
        customer_key,
        customer_id,
        party_kind,
        {{ party_columns() | join(',\n        ') }},
        is_prospect,
        is_deleted,
        geography_key,
        first_seen_at,
        valid_from,
        valid_to
    from history
    where known_to = timestamp '9999-12-31'
)

select * from final
