{%- set key = ['customer_id'] -%}
{%- set reads = [{'keys_of': 'int_behaviour__states'}] -%}
{{ config(**built_by_keys(key, reads)) }}

{%- set counts = [
    'purchase_count', 'purchase_line_count', 'promoted_purchase_count',
    'discounted_line_count', 'banded_line_count', 'price_band_sum',
    'product_count', 'category_count', 'return_line_count', 'answer_count',
] %}
{%- set purchase_date = 'case when days.purchase_count > 0 then days.behaviour_date end' %}

with mornings as (
    select * from {{ ref('int_behaviour__mornings') }}
),

days as (
    select * from {{ ref('int_behaviour__days') }}
),

preferences as (
    select * from {{ ref('int_behaviour__preferences') }}
),

cycles as (
    select * from {{ ref('int_behaviour__cycles') }}
),

{%- for rows in ['mornings', 'days', 'preferences'] %}
touched_{{ rows }} as (
    {{ rows_of_touched_keys(rows, key) }}
),
{% endfor %}
summed as (
    select
        mornings.customer_id,
        mornings.from_date,
        mornings.is_certain,
        {%- for count in counts %}
        cast(sum(days.{{ count }}) over so_far as integer) as {{ count }},
        {%- endfor %}
        {%- for amount in ['purchase_amount', 'company_net_amount'] %}
        cast(sum(days.{{ amount }}) over so_far as decimal(18, 4)) as {{ amount }},
        {%- endfor %}
        max(preferences.behaviour_date) over so_far as preferred_on_date,
        count({{ purchase_date }}) over so_far as purchase_day_count,
        cast(sum(days.purchase_count) over last_year as integer)
            as recent_purchase_count,
        min({{ purchase_date }}) over so_far as first_purchase_date,
        max({{ purchase_date }}) over so_far as last_purchase_date
    from touched_mornings as mornings
    left join touched_days as days
        on
            mornings.customer_id = days.customer_id
            and mornings.behaviour_date = days.behaviour_date
    left join touched_preferences as preferences
        on
            mornings.customer_id = preferences.customer_id
            and mornings.behaviour_date = preferences.behaviour_date
    window
        so_far as (
            partition by mornings.customer_id
            order by mornings.from_date nulls last
            rows between unbounded preceding and current row
        ),
        last_year as (
            partition by mornings.customer_id
            order by
                {{ dbt.datediff("date '1900-01-01'", 'mornings.from_date', 'day') }}
                nulls last
            range between 364 preceding and current row
        )
),

stated as (
    -- The morning after the business date is not there yet: its state is that of today.
    select
        summed.*,
        cycles.purchase_cycle_days,
        {{ activity_state(
            'least(summed.from_date, cycles.business_date)',
            'summed.first_purchase_date',
            'summed.last_purchase_date',
        ) }} as activity_state_code
    from summed
    inner join cycles on summed.customer_id = cycles.customer_id
),

turned as (
    select
        *,
        lag(activity_state_code, 1, '') over (
            partition by customer_id order by from_date nulls last
        ) <> activity_state_code as is_turn
    from stated
),

final as (
    -- A morning on which nothing turned after all is none.
    select
        *,
        max(case when is_turn then from_date end) over history
            as activity_state_since_date,
        case
            when from_date = date '1900-01-01' then timestamp '1900-01-01'
            else {{ start_of_local_day('from_date') }}
        end as valid_from,
        coalesce(
            {{ start_of_local_day('lead(from_date) over history') }},
            timestamp '9999-12-31'
        ) as valid_to
    from turned
    where is_turn or is_certain
    window history as (partition by customer_id order by from_date nulls last)
)

select * from final
