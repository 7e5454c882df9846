{{ config(materialized='view') }}

with state_history as (
    select * from {{ ref('int_party__state_history') }}
),

final as (
    select
        party_kind,
        {{ party_columns() | join(',\n        ') }},
        source_name,
        source_record_id,
        load_id,
        load_row,
        known_at,
        delivered_on,
        is_deleted,
        valid_from,
        valid_to
    from state_history
    where known_to = timestamp '9999-12-31'
)

select * from final
