{{ config(**made_whole_with_journal(['deal_step_key', 'customer_id'])) }}

with delivered as (
    select * from {{ ref('input_deal_step') }}
),

links as (
    select * from {{ ref('int_customer__links') }}
),

{{ latest_rows('delivered', 'deal_step_record_id') }},

-- A step without the number of its deal is a deal of its own.
dated as (
    select
        *,
        coalesce(deal_number, deal_step_record_id) as known_deal_number,
        coalesce(stepped_at, valid_from) as known_stepped_at
    from delivered_latest
),

ordered as (
    select
        *,
        row_number() over deal as step_number,
        lag(step_code) over deal as previous_step_code,
        lag(known_stepped_at) over deal as previous_stepped_at
    from dated
    window
        deal as (
            partition by source_name, known_deal_number
            order by
                known_stepped_at nulls first,
                deal_step_record_id nulls first
        )
),

final as (
    select
        {{ surrogate_key(['ordered.source_name', 'deal_step_record_id']) }}
            as deal_step_key,
        ordered.source_name,
        ordered.deal_step_record_id,
        ordered.load_id,
        ordered.known_deal_number as deal_number,
        cast(ordered.step_number as integer) as step_number,
        ordered.party_source_name,
        ordered.party_record_id,
        coalesce(links.customer_id, '_unknown') as customer_id,
        ordered.product_source_name,
        ordered.product_record_id,
        ordered.agent_source_name,
        ordered.agent_record_id,
        ordered.agent_code,
        ordered.step_code,
        ordered.previous_step_code,
        ordered.direction_code,
        ordered.channel_code,
        ordered.currency_code,
        ordered.quantity,
        ordered.offered_amount,
        {{ hours_between('ordered.previous_stepped_at', 'ordered.known_stepped_at') }}
            as hours_since_previous_step,
        ordered.known_stepped_at as stepped_at
    from ordered
    left join links
        on
            ordered.party_source_name = links.source_name
            and ordered.party_record_id = links.source_record_id
)

select * from final
