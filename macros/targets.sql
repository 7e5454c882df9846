{# The scopes that a target can be set for, and the column of a sale that tells whether it
   counts. #}
{% macro target_scopes() -%}
    {{- return({
        'customer': 'customer_id',
        'category': 'customer_category_code',
        'company': "'all'",
    }) -}}
{%- endmacro %}


{# The metrics that a target can be set in, and the amount of a sale that counts. #}
{% macro target_metrics() -%}
    {{- return({
        'revenue': 'company_net_amount',
        'margin': 'company_margin_amount',
    }) -}}
{%- endmacro %}


{# The day after a period of the level that starts on a day; null for another level. #}
{% macro after_period(time_level, period_start) -%}
    cast(
        case {{ time_level }}
            {%- for level, months in {'month': 1, 'quarter': 3, 'year': 12}.items() %}
            when '{{ level }}' then {{ dbt.dateadd('month', months, period_start) }}
            {%- endfor %}
        end as date
    )
{%- endmacro %}


{# Who reaches less than this share of what is due by now, in percent, contributes low. #}
{% macro low_attainment_pct() -%} 80 {%- endmacro %}


{# The key of the month of a date key; `_unknown` for a date that the calendar lacks. #}
{% macro month_of_key(date_key) -%}
    case
        when {{ date_key }} = '_unknown' then '_unknown'
        else substr({{ date_key }}, 1, 7) || '-01'
    end
{%- endmacro %}


{# What was sold by a code and day in the periods of all targets: the query up to what else
   is joined, and its groups. Reads `first_period`. #}
{% macro sold_by_day(sales, code) -%}
    select
        {{ code }},
        {{ sales }}.ordered_date_key,
        {%- for metric, amount in target_metrics().items() %}
        sum({{ sales }}.{{ amount }}) as {{ metric }}{{ "," if not loop.last }}
        {%- endfor %}
    from {{ sales }}
    inner join first_period
        on
            {{ sales }}.ordered_date_key >= first_period.date_key
            and {{ sales }}.ordered_date_key <> '_unknown'
{%- endmacro %}
