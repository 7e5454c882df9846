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
        '_unknown' as source_name,
        '_unknown' as source_kind,
        '_unknown' as channel_code,
        '_unknown' as first_step_code,
        '_unknown' as contact_frequency_code,
        '_unknown' as purpose,
        '_unknown' as collected_by,
        '_unknown' as collected_how,
        '_unknown' as collected_where,
        null as vendor_name,
        null as list_category_code,
        null as allowed_purposes,
        null as currency_code,
        null as reliability_rank,
        null as allowed_uses_count,
        false as is_unique,
        null as price_amount,
        null as cost_per_record_amount,
        null as expires_on
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
