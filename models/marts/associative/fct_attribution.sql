with attributions as (
    select * from {{ source('scores', 'attribution') }}
),

models as (
    select * from {{ ref('dim_model') }}
),

sales as (
    select * from {{ ref('fct_sale') }}
),

touches as (
    select * from {{ ref('fct_campaign_touch') }}
),

final as (
    select
        -- keys
        attributions.sale_key,
        attributions.campaign_touch_key,
        attributions.attribution_method,
        sales.customer_id,
        sales.ordered_date_key,
        sales.product_key,
        touches.touched_date_key,
        touches.campaign_key,
        touches.channel_key,
        coalesce(models.model_key, '_unknown') as model_key,

        -- attributes
        attributions.touch_position,
        attributions.touch_count,

        -- measures
        attributions.credit_share,
        {{ product('sales.company_net_amount', 'attributions.credit_share') }}
            as attributed_amount
    from attributions
    inner join sales on attributions.sale_key = sales.sale_key
    inner join touches
        on attributions.campaign_touch_key = touches.campaign_touch_key
    left join models
        on
            attributions.model_name = models.model_name
            and attributions.model_version = models.model_version
)

select * from final
