{%- set attributes = [
    'target_scope', 'party_source_name', 'party_record_id', 'customer_category_code',
    'metric_code', 'time_level', 'period_start', 'target_amount', 'currency_code',
] -%}

with delivered as (
    select * from {{ ref('input_target') }}
),

links as (
    select * from {{ ref('int_customer__links') }}
),

business as (
    select * from {{ ref('int_source__business_date') }}
),

exchange_rates as (
    select * from {{ ref('int_exchange_rate__ranges') }}
),

completed as (
    select
        source_name,
        target_record_id,
        load_id,
        is_deleted,
        {%- for attribute in attributes %}
        {{ carry_forward(attribute, 'history') }} as {{ attribute }},
        {%- endfor %}
        row_number() over (
            partition by source_name, target_record_id
            order by
                valid_from desc nulls last,
                delivered_on desc nulls last,
                load_id desc nulls last,
                load_row desc nulls last
        ) as recency
    from delivered
    window
        history as (
            partition by source_name, target_record_id
            order by
                valid_from nulls first,
                delivered_on nulls first,
                load_id nulls first,
                load_row nulls first
            rows between unbounded preceding and current row
        )
),

current_targets as (
    select
        *,
        {{ after_period('time_level', 'period_start') }} as period_end,
        {{ dbt.datediff(
            'period_start', after_period('time_level', 'period_start'), 'day'
        ) }} as day_count
    from completed
    where recency = 1 and not is_deleted
),

final as (
    select
        {{ surrogate_key(['current_targets.source_name', 'target_record_id']) }}
            as target_key,
        current_targets.source_name,
        current_targets.load_id,
        current_targets.target_scope,
        case current_targets.target_scope
            when 'customer' then coalesce(links.customer_id, '_unknown')
            when 'category' then current_targets.customer_category_code
            else 'all'
        end as scope_code,
        coalesce(links.customer_id, '_unknown') as customer_id,
        current_targets.customer_category_code,
        current_targets.metric_code,
        current_targets.time_level,
        current_targets.period_start,
        current_targets.period_end,
        -- Of a period that runs, so much is due as of its days have passed.
        least(greatest(
            {{ dbt.datediff(
                'current_targets.period_start', 'business.business_date', 'day'
            ) }} + 1, 0
        ), current_targets.day_count) as passed_day_count,
        current_targets.day_count,
        current_targets.target_amount,
        coalesce(current_targets.currency_code, {{ company_currency() }})
            as currency_code,
        {{ in_company_currency(
            'current_targets.target_amount',
            'case when current_targets.currency_code <> ' ~ company_currency()
            ~ ' then exchange_rates.exchange_rate else 1 end',
        ) }} as company_target_amount
    from current_targets
    cross join business
    left join links
        on
            current_targets.party_source_name = links.source_name
            and current_targets.party_record_id = links.source_record_id
    left join exchange_rates
        on
            current_targets.currency_code = exchange_rates.from_currency_code
            and exchange_rates.to_currency_code = {{ company_currency() }}
            and current_targets.period_start >= exchange_rates.valid_from
            and current_targets.period_start < exchange_rates.valid_to
)

select * from final
