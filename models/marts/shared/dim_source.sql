with contracts as (
    select * from {{ ref('int_source__contracts') }}
),

reliability as (
    select * from {{ ref('int_source__reliability') }}
),

measured as (
    -- A group of attributes counts by what is known of it.
    select
        source_name,
        cast(
            round(
                sum(reliability * evidence_amount) / nullif(sum(evidence_amount), 0), 6
            ) as decimal(9, 6)
        ) as measured_reliability
    from reliability
    where known_to = timestamp '9999-12-31'
    group by source_name
),

members as (
    select
        contracts.source_name,
        contracts.source_kind,
        contracts.channel_code,
        contracts.first_step_code,
        contracts.contact_frequency_code,
        contracts.purpose,
        contracts.collected_by,
        contracts.collected_how,
        contracts.collected_where,
        contracts.vendor_name,
        contracts.list_category_code,
        contracts.allowed_purposes,
        contracts.currency_code,
        contracts.reliability_rank,
        measured.measured_reliability,
        contracts.allowed_uses_count,
        contracts.is_unique,
        contracts.price_amount,
        contracts.cost_per_record_amount,
        contracts.expires_on
    from contracts
    left join measured on contracts.source_name = measured.source_name
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
        null as measured_reliability,
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
        measured_reliability,
        allowed_uses_count,
        price_amount,
        cost_per_record_amount,

        -- dates
        expires_on
    from members
)

select * from final
