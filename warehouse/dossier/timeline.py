"""What happened with a customer, from all facts, as one question.

Each part tells of one fact in four columns; an event of many rows, such as an order, is
told once.
"""

TIMELINE = """
with told as (
    select
        min(sale.ordered_at) as happened_at,
        case when bool_and(sale.is_return) then 'return' else 'purchase' end as event,
        concat_ws(
            ', ',
            count(*) || if(count(*) = 1, ' line', ' lines'),
            cast(sum(sale.net_amount) as decimal(18, 2)) || ' '
                || min(sale.currency_code),
            min(channel.channel_code)
        ) as detail,
        min(sale.source_key) as source
    from behavioural.fct_sale as sale
    inner join shared.dim_channel as channel using (channel_key)
    where sale.customer_id = $customer_id
    group by sale.order_key
    union all
    select
        started_at,
        'contact' as event,
        concat_ws(', ', direction_code, reason_code, outcome_code) as detail,
        source_key
    from behavioural.fct_service_contact
    where customer_id = $customer_id
    union all
    select
        raised_at,
        'complaint' as event,
        concat_ws(', ', complaint_number, reason_code, 'now ' || stage_code) as detail,
        source_key
    from behavioural.fct_complaint
    where customer_id = $customer_id
    union all
    select
        started_at,
        'use' as event,
        concat_ws(', ', service_code, usage_status, duration_seconds || ' s') as detail,
        source_key
    from behavioural.fct_service_usage
    where customer_id = $customer_id
    union all
    select
        stepped_at,
        'deal' as event,
        concat_ws(', ', deal_number, step_code, offered_amount || ' ' || currency_code)
            as detail,
        source_key
    from behavioural.fct_deal_step
    where customer_id = $customer_id
    union all
    select
        started_at,
        'visit' as event,
        concat_ws(
            ', ',
            device_code,
            event_count || if(event_count = 1, ' event', ' events'),
            if(is_cart_left, 'cart left', null)
        ) as detail,
        source_key
    from behavioural.fct_web_session
    where customer_id = $customer_id
    union all
    select
        touch.touched_at,
        case when touch.was_exposed then 'campaign' else 'campaign answer' end as event,
        concat_ws(', ', campaign.campaign_record_id, touch.response_type_code)
            as detail,
        touch.source_key
    from behavioural.fct_campaign_touch as touch
    inner join shared.dim_campaign as campaign using (campaign_key)
    where touch.customer_id = $customer_id
    union all
    select
        answered_at,
        'survey answer' as event,
        concat_ws(', ', survey_code, question_code, answer_code, answer_score)
            as detail,
        source_key
    from associative.fct_survey_answer
    where customer_id = $customer_id
    union all
    select
        purchased_at,
        'bought elsewhere' as event,
        concat_ws(
            ', ', competitor_name, product_category,
            purchase_amount || ' ' || currency_code
        ) as detail,
        source_key
    from associative.fct_competitor_purchase
    where customer_id = $customer_id
    union all
    select
        registered_at,
        'registration' as event,
        source_key || ':' || source_record_id as detail,
        source_key
    from descriptive.fct_registration
    where customer_id = $customer_id
    union all
    select
        happened_at,
        'contact point' as event,
        concat_ws(', ', event_type, status_after_code) as detail,
        source_key
    from descriptive.fct_contact_point_status
    where customer_id = $customer_id
)

select *
from told
order by happened_at desc nulls last, event, detail, source
limit $events
"""
