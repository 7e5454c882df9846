with delivered as (
    select * from {{ ref('input_service_contact') }}
),

links as (
    select * from {{ ref('int_customer__links') }}
),

numbered as (
    select
        *,
        row_number() over (
            partition by source_name, service_contact_record_id
            order by
                delivered_on desc nulls last,
                load_id desc nulls last,
                load_row desc nulls last
        ) as recency
    from delivered
),

final as (
    select
        {{ surrogate_key(['numbered.source_name', 'service_contact_record_id']) }}
            as service_contact_key,
        numbered.source_name,
        numbered.service_contact_record_id,
        numbered.load_id,
        numbered.party_source_name,
        numbered.party_record_id,
        coalesce(links.customer_id, '_unknown') as customer_id,
        numbered.product_source_name,
        numbered.product_record_id,
        numbered.direction_code,
        numbered.channel_code,
        numbered.reason_code,
        numbered.outcome_code,
        numbered.is_complaint,
        numbered.duration_seconds,
        numbered.agent_code,
        numbered.note,
        coalesce(numbered.started_at, numbered.valid_from) as started_at
    from numbered
    left join links
        on
            numbered.party_source_name = links.source_name
            and numbered.party_record_id = links.source_record_id
    where numbered.recency = 1 and not numbered.is_deleted
)

select * from final
