with lists as (
    select * from {{ ref('dim_list') }}
),

names as (
    select * from {{ ref('fct_list_name') }}
),

touches as (
    select * from {{ ref('fct_campaign_touch') }}
),

sales as (
    select * from {{ ref('fct_sale') }}
),

named as (
    select
        list_key,
        count(*) as name_count,
        count(*) filter (where was_known) as known_count,
        count(*) filter (where is_on_other_list) as shared_count,
        count(*) filter (where not was_known and not is_on_other_list) as net_new_count,
        median(age_in_days) as median_age_in_days
    from names
    group by list_key
),

listed as (
    -- A customer who stands on a list twice answers and buys once.
    select
        list_key,
        customer_id,
        min(delivered_date_key) as listed_date_key,
        bool_or(was_known) as was_known
    from names
    where customer_id <> '_unknown'
    group by list_key, customer_id
),

reached as (
    select
        listed.list_key,
        count(*) as touch_count,
        count(*) filter (where touches.is_responded) as response_count
    from listed
    inner join touches
        on
            listed.customer_id = touches.customer_id
            and listed.listed_date_key <= touches.touched_date_key
    where touches.touched_date_key <> '_unknown'
    group by listed.list_key
),

bought as (
    select
        listed.list_key,
        count(distinct sales.customer_id) as new_buyer_count,
        sum(sales.company_net_amount) as company_net_amount
    from listed
    inner join sales
        on
            listed.customer_id = sales.customer_id
            and listed.listed_date_key <= sales.ordered_date_key
    where not listed.was_known and sales.ordered_date_key <> '_unknown'
    group by listed.list_key
),

final as (
    select
        -- keys
        lists.list_key,
        lists.list_category_code,

        -- attributes
        lists.currency_code,

        -- measures
        coalesce(named.name_count, 0) as name_count,
        coalesce(named.known_count, 0) as known_count,
        coalesce(named.shared_count, 0) as shared_count,
        coalesce(named.net_new_count, 0) as net_new_count,
        cast(round(named.median_age_in_days, 1) as decimal(18, 1))
            as median_age_in_days,
        lists.price_amount,
        cast(
            round(lists.price_amount / nullif(named.net_new_count, 0), 2)
            as decimal(18, 2)
        ) as price_per_net_new_amount,
        coalesce(reached.touch_count, 0) as touch_count,
        coalesce(reached.response_count, 0) as response_count,
        coalesce(bought.new_buyer_count, 0) as new_buyer_count,
        cast(coalesce(bought.company_net_amount, 0) as decimal(18, 4))
            as company_net_amount
    from lists
    left join named on lists.list_key = named.list_key
    left join reached on lists.list_key = reached.list_key
    left join bought on lists.list_key = bought.list_key
    where lists.list_key <> '_unknown'
)

select * from final
