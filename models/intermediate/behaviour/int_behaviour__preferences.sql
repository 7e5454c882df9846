{%- set key = ['customer_id'] -%}
{%- set reads = [{'keys_of': 'int_behaviour__states'}] -%}
{{ config(**built_by_keys(key, reads)) }}

with sale_lines as (
    select * from {{ ref('int_sale__lines') }}
),

products as (
    select * from {{ ref('int_product__price_bands') }}
),

outlets as (
    select * from {{ ref('int_outlet__current') }}
),

encounters as (
    select * from {{ ref('int_behaviour__encounters') }}
),

links as (
    select * from {{ ref('int_customer__links') }}
),

{%- for rows in ['sale_lines', 'encounters', 'links'] %}

touched_{{ rows }} as (
    {{ rows_of_touched_keys(rows, key) }}
),
{%- endfor %}

{{ habit_lines('touched_sale_lines') }},

customers as (
    select
        customer_id,
        row_number() over (order by customer_id nulls last) as customer_number
    from touched_links
    group by customer_id
),

told as (
    select
        customers.customer_number,
        {%- for habit, value in shopping_habits().items() %}
        cast({{ value }} as {{ dbt.type_string() }}) as {{ habit }}_value,
        {%- endfor %}
        cast(null as {{ dbt.type_string() }}) as media_value,
        ordered_date as behaviour_date
    from habit_lines
    inner join customers on habit_lines.customer_id = customers.customer_id
    where not is_return
    union all
    select
        customers.customer_number,
        {%- for habit in shopping_habits() %}
        cast(null as {{ dbt.type_string() }}) as {{ habit }}_value,
        {%- endfor %}
        channel_code as media_value,
        happened_date as behaviour_date
    from touched_encounters
    inner join customers on touched_encounters.customer_id = customers.customer_id
    where encounter_type = 'answer'
),

spoken as (
    {%- for habit in habits() %}
    select
        '{{ habit }}' as habit,
        {{ habit }}_value as habit_value
    from told
    group by {{ habit }}_value
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

habit_values as (
    select
        *,
        row_number() over (order by habit nulls last, habit_value nulls last)
            as value_number
    from spoken
),

numbered as (
    -- What is sorted and compared below is numbers.
    select
        {%- for habit in habits() %}
        cast(of_{{ habit }}.value_number as integer) as {{ habit }}_number,
        {%- endfor %}
        cast(told.customer_number as integer) as customer_number,
        told.behaviour_date
    from told
    {%- for habit in habits() %}
    left join habit_values as of_{{ habit }}
        on
            of_{{ habit }}.habit = '{{ habit }}'
            and told.{{ habit }}_value = of_{{ habit }}.habit_value
    {%- endfor %}
),

{{ preferred_so_far('numbered') }},

final as (
    select
        {%- for habit in habits() %}
        of_{{ habit }}.habit_value as preferred_{{ habit }},
        {%- endfor %}
        customers.customer_id,
        preferred_so_far.behaviour_date
    from preferred_so_far
    inner join customers
        on preferred_so_far.customer_number = customers.customer_number
    {%- for habit in habits() %}
    left join habit_values as of_{{ habit }}
        on preferred_so_far.{{ habit }}_number = of_{{ habit }}.value_number
    {%- endfor %}
)

select * from final
