{%- set key, reads = ['customer_id'], reads_of_positions() -%}
{%- set months_ago = dbt.datediff(
    'days.calendar_date', 'business.business_date', 'month'
) -%}
{{ config(**built_by_keys(key, reads, is_compared=true, tells=['month_key'])) }}

with purchases as (
    select * from {{ ref('int_segment__purchases') }}
),

customer_versions as (
    select * from {{ ref('int_customer__versions') }}
),

business as (
    select * from {{ ref('int_source__business_date') }}
),

days as (
    {{ date_series(first_calendar_date(), last_calendar_date()) }}
),

months as (
    -- A window before the first month that is kept is worked out, too, but not kept.
    select
        days.calendar_date as month_start,
        least(
            cast({{ dbt.last_day('days.calendar_date', 'month') }} as date),
            business.business_date
        ) as as_of_date,
        {{ months_ago }} < {{ kept_months() }} as is_kept
    from days
    inner join business on days.calendar_date <= business.business_date
    where
        extract(day from days.calendar_date) = 1
        and {{ months_ago }} < {{ kept_months() + window_months() }}
),

first_month as (
    select min(month_start) as month_start
    from months
),

bought as (
    -- What came before the first month stands in it, where no window kept finds it.
    select
        purchases.customer_id,
        greatest(purchases.month_start, first_month.month_start) as month_start,
        cast(sum(purchases.order_count) as integer) as order_count,
        cast(sum(purchases.net_amount) as decimal(18, 4)) as net_amount,
        cast(sum(purchases.margin_amount) as decimal(18, 4)) as margin_amount,
        min(purchases.first_purchase_date) as first_purchase_date,
        max(purchases.last_purchase_date) as last_purchase_date
    from ({{ rows_of_touched_keys('purchases', key) }}) as purchases
    cross join first_month
    group by
        purchases.customer_id,
        greatest(purchases.month_start, first_month.month_start)
),

appeared as (
    select
        customer_id,
        min(month_start) as month_start
    from bought
    group by customer_id
),

summed as (
    select
        appeared.customer_id,
        months.month_start,
        months.as_of_date,
        months.is_kept,
        sum(bought.order_count) over past_year as order_count,
        sum(bought.net_amount) over past_year as net_amount,
        sum(bought.margin_amount) over past_year as margin_amount,
        min(bought.first_purchase_date) over so_far as first_purchase_date,
        max(bought.last_purchase_date) over so_far as last_purchase_date
    from appeared
    inner join months on appeared.month_start <= months.month_start
    left join bought
        on
            appeared.customer_id = bought.customer_id
            and months.month_start = bought.month_start
    window
        past_year as (
            partition by appeared.customer_id order by months.month_start nulls first
            rows between {{ window_months() - 1 }} preceding and current row
        ),
        so_far as (
            partition by appeared.customer_id order by months.month_start nulls first
            rows between unbounded preceding and current row
        )
),

final as (
    select
        summed.customer_id,
        customer_versions.customer_key,
        summed.month_start,
        {{ date_key('summed.month_start') }} as month_key,
        customer_versions.is_prospect and summed.last_purchase_date is null
            as is_prospect,
        customer_versions.is_deleted,
        coalesce(cast(summed.order_count as integer), 0) as order_count,
        coalesce(cast(summed.net_amount as decimal(18, 4)), 0) as net_amount,
        coalesce(cast(summed.margin_amount as decimal(18, 4)), 0) as margin_amount,
        summed.first_purchase_date,
        summed.last_purchase_date
    from summed
    inner join customer_versions
        on
            summed.customer_id = customer_versions.customer_id
            and {{ local_date('customer_versions.valid_from') }} <= summed.as_of_date
            and {{ local_date('customer_versions.valid_to') }} > summed.as_of_date
    where summed.is_kept
)

select * from final
