{%- set date = date_of_key('touches.touched_date_key') -%}
{%- set measures = ['response_count', 'response_in_window_count'] + [
    'attributed_order_count', 'attributed_net_amount',
] -%}
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='campaign_key',
    on_schema_change='fail',
    pre_hook=before_touched_periods(
        'fct_campaign_touch', 'touched_date_key',
        ['campaign_key', 'channel_key', 'was_exposed', 'was_permitted']
        + ['is_responded_in_window'] + measures,
        members={'dim_campaign': ['campaign_key', 'budget_amount', 'currency_code']},
        levels=[],
    ),
    post_hook=after_touched_members('fct_campaign_touch', 'campaign_key'),
) }}

with touches as (
    select * from {{ ref('fct_campaign_touch') }}
),

campaigns as (
    select * from {{ ref('dim_campaign') }}
),

touched_campaigns as (
    -- A budget is spread over all months of a campaign.
    select campaign_key
    from touches
    where {{ in_touched_period('month', date) }}
    group by campaign_key
    {%- if is_incremental() %}
    union distinct
    select campaign_key
    from {{ this }}
    where {{ in_touched_period('month', 'month_start') }}
    {%- endif %}
),

by_month as (
    select
        {{ first_of_period('month', date) }} as month_start,
        touches.campaign_key,
        touches.channel_key,
        {{ metric('exposures') }} as exposures,
        {{ metric('exposures_permitted') }} as exposures_permitted,
        {{ metric('exposures_answered') }} as exposures_answered,
        {{ metric('response_rate_pct') }} as response_rate_pct,
        {%- for measure in measures %}
        sum(touches.{{ measure }}) as {{ measure }},
        {%- endfor %}
        count(*) as touch_count
    from touches
    inner join touched_campaigns
        on touches.campaign_key = touched_campaigns.campaign_key
    group by
        {{ first_of_period('month', date) }}, touches.campaign_key, touches.channel_key
),

running as (
    select
        *,
        sum(touch_count) over so_far as touches_so_far,
        sum(touch_count) over (partition by campaign_key) as all_touches
    from by_month
    window
        so_far as (
            partition by campaign_key
            order by month_start nulls first, channel_key nulls first
            rows between unbounded preceding and current row
        )
),

spread as (
    -- Rounded sums are told apart, so that the parts make the whole to the cent.
    select
        running.*,
        campaigns.currency_code,
        {%- for touch_count in ['touches_so_far', '(touches_so_far - touch_count)'] %}
        {{ "- " if not loop.first }}cast(
            campaigns.budget_amount * {{ touch_count }} / nullif(all_touches, 0)
            as decimal(18, 2)
        )
        {%- endfor %} as budget_amount
    from running
    inner join campaigns on running.campaign_key = campaigns.campaign_key
),

final as (
    select
        -- keys
        month_start,
        campaign_key,
        channel_key,

        -- attributes
        currency_code,

        -- measures
        exposures,
        exposures_permitted,
        exposures_answered,
        response_rate_pct,
        cast(response_count as bigint) as response_count,
        cast(response_in_window_count as bigint) as response_in_window_count,
        cast(budget_amount as decimal(18, 2)) as budget_amount,
        cast(budget_amount / nullif(response_in_window_count, 0) as decimal(18, 4))
            as cost_per_response_amount,
        cast(attributed_order_count as bigint) as attributed_order_count,
        cast(attributed_net_amount as decimal(18, 4)) as attributed_net_amount
    from spread
)

select * from final
