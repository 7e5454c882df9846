with delivered as (
    select * from {{ ref('input_campaign_touch') }}
),

links as (
    select * from {{ ref('int_customer__links') }}
),

numbered as (
    select
        *,
        row_number() over (
            partition by source_name, campaign_touch_record_id
            order by
                delivered_on desc nulls last,
                load_id desc nulls last,
                load_row desc nulls last
        ) as recency
    from delivered
),

final as (
    select
        {{ surrogate_key(['numbered.source_name', 'campaign_touch_record_id']) }}
            as campaign_touch_key,
        numbered.source_name,
        numbered.campaign_touch_record_id,
        numbered.load_id,
        numbered.party_source_name,
        numbered.party_record_id,
        coalesce(links.customer_id, '_unknown') as customer_id,
        numbered.campaign_source_name,
        numbered.campaign_record_id,
        numbered.touch_type_code,
        numbered.channel_code,
        numbered.response_type_code,
        numbered.coupon_code,
        numbered.touched_at,
        coalesce(numbered.touched_at, numbered.valid_from) as happened_at
    from numbered
    left join links
        on
            numbered.party_source_name = links.source_name
            and numbered.party_record_id = links.source_record_id
    where numbered.recency = 1 and not numbered.is_deleted
)

select * from final
