with links as (
    select * from {{ ref('int_customer__links') }}
),

earlier_links as (
    select * from {{ ref('int_customer__earlier_links') }}
),

customer_versions as (
    select * from {{ ref('int_customer__versions') }}
),

products as (
    select * from {{ ref('int_product__versions') }}
),

outlets as (
    select * from {{ ref('int_outlet__current') }}
),

campaigns as (
    select * from {{ ref('int_campaign__current') }}
),

agents as (
    select * from {{ ref('int_agent__current') }}
),

final as (
    -- What a fact takes of each member, and nothing else: more would touch rows that
    -- stay as they are.
    select
        'record' as member_type,
        {{ member_id('source_name', 'source_record_id') }} as member_id,
        {{ surrogate_key(['customer_id', 'was_relinked', 'first_load_id']) }}
            as member_state
    from links
    union all
    select
        'record' as member_type,
        {{ member_id('source_name', 'source_record_id') }} as member_id,
        {{ surrogate_key(['customer_id', 'from_load_id', 'to_load_id']) }}
            as member_state
    from earlier_links
    union all
    select
        'customer' as member_type,
        customer_id as member_id,
        {{ surrogate_key(['customer_key', 'geography_key', 'valid_from', 'valid_to']) }}
            as member_state
    from customer_versions
    union all
    select
        'product' as member_type,
        {{ member_id('source_name', 'product_record_id') }} as member_id,
        {{ surrogate_key([
            'product_key',
            'unit_price_amount',
            'unit_cost_amount',
            'currency_code',
            'valid_from',
            'valid_to',
        ]) }} as member_state
    from products
    union all
    select
        'outlet' as member_type,
        {{ member_id('source_name', 'outlet_record_id') }} as member_id,
        {{ surrogate_key(['outlet_key', 'geography_key']) }} as member_state
    from outlets
    union all
    select
        'campaign' as member_type,
        {{ member_id('source_name', 'campaign_record_id') }} as member_id,
        campaign_key as member_state
    from campaigns
    union all
    select
        'agent' as member_type,
        {{ member_id('source_name', 'agent_record_id') }} as member_id,
        agent_key as member_state
    from agents
)

select * from final
