{# Whose purchases, positions and standing are built anew, and of which months. What is past
   is closed: it changes for customers of whom something new is known. Time alone touches
   the running month, and whoever it brings a version or a sale that was dated ahead. #}

{% macro reads_of_purchases() -%}
    {{ return([
        {'keys_of': 'int_customer__history'},
        {'keys_of': 'int_source__business_date', 'via': "
            select customer_id
            from {{ ref('int_sale__lines') }}
            where
                customer_id <> '_unknown'
                and ordered_on > (select min(business_date) from changed)
            union all
            select customer_id
            from {{ ref('int_customer__versions') }}
            where
                {{ local_date('first_seen_at') }}
                > (select min(business_date) from changed)
        "},
    ] + reads_of_known_customers(['int_sale__lines'])) }}
{%- endmacro %}


{# A new month gives each customer a row, and takes the oldest away. #}
{% macro reads_of_positions() -%}
    {{ return([
        {'keys_of': 'int_segment__purchases'},
        {'keys_of': 'int_customer__history'},
        {'keys_of': 'int_source__business_date', 'via': "
            select customer_id
            from {{ ref('int_customer__versions') }}
            where
                {{ local_date('valid_from') }} > (select min(business_date) from changed)
                or (
                    {{ local_date('valid_to') }}
                    > (select min(business_date) from changed)
                    and valid_to < timestamp '9999-12-31'
                )
            union all
        " ~ customers_in_a_new_month('int_segment__purchases')},
    ]) }}
{%- endmacro %}


{# A place among the buyers of a month follows from all of them: where one counts that did
   not, or counts otherwise, the whole month is touched. How many days ago something was is
   another each night, but only in the running month; what a customer is and how long it
   may wait counts in all of its months. #}
{% macro reads_of_standing() -%}
    {%- set positions = "{{ ref('int_segment__positions') }}" -%}
    {%- set in_month = "select customer_id, month_key from " ~ positions ~ " where " -%}
    {{ return([
        {
            'keys_of': 'int_segment__positions',
            'via': "select customer_id, month_key from changed union all " ~ in_month
                ~ "month_key in (" ~ rescored_months(
                    positions, "{{ this }}",
                    "(customer_id, month_key) in"
                    ~ " (select customer_id, month_key from changed)"
                ) ~ ")",
        },
        {
            'keys_of': 'int_customer__history',
            'via': in_month ~ "customer_id in (select customer_id from changed)",
        },
        {
            'keys_of': 'int_source__business_date',
            'via': in_month
                ~ "month_key >= (select cast({{ first_of_period('month', "
                ~ "'min(business_date)') }} as {{ dbt.type_string() }}) from changed)",
        },
    ]) }}
{%- endmacro %}


{# The months in which a buyer counts that did not, or counts otherwise, as a query. Who
   counts as before is there twice. #}
{% macro rescored_months(now, before, of_whom='true') -%}
    {%- set scored -%}
        select customer_id, month_key, order_count, net_amount, last_purchase_date
        from {0}
        where last_purchase_date is not null and not is_deleted and {{ of_whom }}
    {%- endset -%}
    select month_key
    from (
        select month_key
        from (
            {{ scored.replace('{0}', now) }}
            union all
            {{ scored.replace('{0}', before) }}
        ) as scored
        group by customer_id, month_key, order_count, net_amount, last_purchase_date
        having count(*) = 1
    ) as rescored
    group by month_key
{%- endmacro %}


{# The CTEs that tell the places of buyers by each measure of `scores`: of all `rows`, or,
   where they are built by key, of the months that are rescored, of which all rows are
   touched. In every other month all keep their places. #}
{% macro places_of_all_buyers(rows, scores, is_by_key) -%}
{%- set before = before_now(this) | string -%}
{%- if is_by_key %}
rescored_months as (
    {{ rescored_months(rows, before) }}
),

rescored as (
    select {{ rows }}.*
    from {{ rows }}
    inner join rescored_months on {{ rows }}.month_key = rescored_months.month_key
),

kept_places as (
    select
        customer_id,
        month_key,
        {%- for score in scores %}
        {{ score }}_score,
        {%- endfor %}
        share_above_pct
    from {{ before }}
    where month_key not in (select month_key from rescored_months)
),
{% endif -%}
{%- for score, measure in scores.items() %}
{{ places_of_buyers(
    'rescored' if is_by_key else rows,
    measure, score, 'foremost' if score == 'recency' else 'middle'
) }}{{ "," if not loop.last }}
{% endfor %}
{%- endmacro %}

{% macro with_places_of_buyers(rows, scores, is_by_key) -%}
    {%- for score, measure in scores.items() %}
    left join {{ score }}_places
        on
            {{ rows }}.scored_month = {{ score }}_places.month_start
            and {{ rows }}.{{ measure }} = {{ score }}_places.{{ measure }}
    {%- endfor %}
    {%- if is_by_key %}
    left join kept_places
        on
            {{ rows }}.customer_id = kept_places.customer_id
            and {{ rows }}.month_key = kept_places.month_key
    {%- endif %}
{%- endmacro %}

{% macro place_of_buyer(column, score, is_by_key) -%}
    {%- set placed = score ~ '_places.' ~ column -%}
    {{- "coalesce(" ~ placed ~ ", kept_places." ~ column ~ ")" if is_by_key else placed -}}
{%- endmacro %}
