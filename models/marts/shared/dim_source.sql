with contracts as (
    select * from {{ ref('int_source__contracts') }}
),

members as (
    select
        source_name,
        source_kind,
        channel_code,
        first_step_code,
        contact_frequency_code,
        purpose,
        collected_by,
        collected_how,
        collected_where,
        vendor_name,
        list_category_code,
        allowed_purposes,
        currency_code,
        reliability_rank,
        allowed_uses_count,
        is_unique,
        price_amount,
        cost_per_record_amount,
        expires_on
    from contracts
    union all
    select
        '_unknown', '_unknown', '_unknown', '_unknown', '_unknown', '_unknown',
        '_unknown', '_unknown', '_unknown', null, null, null, null, null, null, false,
        null, null, null
),

final as (
    select
        -- keys
        source_name as source_key,
        source_name,

        -- attributes
        source_kind,
        channel_code,
        first_step_code,
        contact_frequency_code,
        purpose,
        collected_by,
        collected_how,
        collected_where,
        vendor_name,
        list_category_code,
        allowed_purposes,
        currency_code,
        reliability_rank,

        -- flags
        is_unique,

        -- measures
        allowed_uses_count,
        price_amount,
        cost_per_record_amount,

        -- dates
        expires_on
    from members
)

select * from final
