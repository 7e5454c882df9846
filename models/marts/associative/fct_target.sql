{%- set metrics = target_metrics() -%}
{%- set scopes = target_scopes() -%}

with targets as (
    select * from {{ ref('int_target__current') }}
),

-- Imported for each use: what is read twice of one import is kept with all its columns.
sales as (
    select * from {{ ref('fct_sale') }}
),

customer_sales as (
    select * from {{ ref('fct_sale') }}
),

customers as (
    select * from {{ ref('dim_customer') }}
),

first_period as (
    select min({{ date_key('period_start') }}) as date_key
    from targets
),

aimed_at as (
    select distinct scope_code as customer_id
    from targets
    where target_scope = 'customer'
),

sold_to_customers as (
    {{ sold_by_day('customer_sales', 'customer_sales.customer_id') }}
    inner join aimed_at on customer_sales.customer_id = aimed_at.customer_id
    group by customer_sales.customer_id, customer_sales.ordered_date_key
),

sold_to_categories as (
    {{ sold_by_day('sales', 'customers.customer_category_code') }}
    inner join customers
        on sales.customer_id = customers.customer_id and customers.is_current
    group by customers.customer_category_code, sales.ordered_date_key
),

sold_by_scope as (
    {%- for scope, code in scopes.items() %}
    select
        '{{ scope }}' as target_scope,
        {{ code }} as scope_code,
        cast(ordered_date_key as date) as ordered_date,
        {%- for metric in metrics %}
        sum({{ metric }}) as {{ metric }}{{ "," if not loop.last }}
        {%- endfor %}
    from {{ 'sold_to_customers' if scope == 'customer' else 'sold_to_categories' }}
    group by {{ code ~ ', ' if not loop.last }}ordered_date_key
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

reached as (
    select
        targets.target_key,
        sum(
            case targets.metric_code
                {%- for metric in metrics %}
                when '{{ metric }}' then sold_by_scope.{{ metric }}
                {%- endfor %}
            end
        ) as reached_amount
    from targets
    inner join sold_by_scope
        on
            targets.target_scope = sold_by_scope.target_scope
            and targets.scope_code = sold_by_scope.scope_code
            and not (
                targets.target_scope = 'customer' and targets.scope_code = '_unknown'
            )
            and targets.period_start <= sold_by_scope.ordered_date
            and targets.period_end > sold_by_scope.ordered_date
    group by targets.target_key
),

final as (
    select
        -- keys
        targets.target_key,
        targets.customer_id,
        {{ date_key('targets.period_start') }} as period_date_key,
        targets.source_name as source_key,
        cast(targets.load_id as {{ dbt.type_string() }}) as load_key,

        -- attributes
        targets.target_scope,
        targets.scope_code,
        targets.metric_code,
        targets.time_level,
        targets.currency_code,

        -- measures
        targets.target_amount,
        targets.company_target_amount,
        targets.passed_day_count,
        targets.day_count,
        cast(coalesce(reached.reached_amount, 0) as decimal(18, 4)) as reached_amount,

        -- dates
        targets.period_start,
        targets.period_end
    from targets
    left join reached on targets.target_key = reached.target_key
)

select * from final
