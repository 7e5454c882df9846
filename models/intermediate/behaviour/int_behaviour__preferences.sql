{%- set key = ['customer_id'] -%}
{%- set reads = [{'keys_of': 'int_behaviour__states'}] -%}
{{ config(**built_by_keys(key, reads)) }}

with sale_lines as (
    select * from {{ ref('int_behaviour__lines') }}
),

encounters as (
    select * from {{ ref('int_behaviour__encounters') }}
),

cycles as (
    select * from {{ ref('int_behaviour__cycles') }}
),

numbered as (
    select
        customer_id,
        row_number() over (order by customer_id nulls last) as customer_number
    from ({{ rows_of_touched_keys('cycles', key, reads) }}) as touched
),

purchases as (
    select
        numbered.customer_number,
        sale_lines.*
    from sale_lines
    inner join numbered on sale_lines.customer_id = numbered.customer_id
    where not sale_lines.is_return
),

told as (
    {%- for habit, value in shopping_habits().items() %}
    select
        customer_number,
        '{{ habit }}' as habit,
        cast({{ value }} as {{ dbt.type_string() }}) as habit_value,
        ordered_date as behaviour_date
    from purchases
    union all
    {%- endfor %}
    select
        numbered.customer_number,
        'media' as habit,
        encounters.channel_code as habit_value,
        encounters.happened_date as behaviour_date
    from encounters
    inner join numbered on encounters.customer_id = numbered.customer_id
    where encounters.encounter_type = 'answer'
),

habit_values as (
    select
        habit,
        habit_value,
        row_number() over (order by habit nulls last, habit_value nulls last)
            as value_number
    from told
    where habit_value is not null
    group by habit, habit_value
),

counted as (
    select
        told.customer_number,
        told.habit,
        told.behaviour_date,
        {{ place_of('row_number() over days', 'habit_values.value_number') }} as place
    from told
    inner join habit_values
        on
            told.habit = habit_values.habit
            and told.habit_value = habit_values.habit_value
    group by
        told.customer_number, told.habit, told.behaviour_date, habit_values.value_number
    window
        days as (
            partition by told.customer_number, habit_values.value_number
            order by told.behaviour_date nulls last
        )
),

placed as (
    -- Counts never fall, so what is preferred changes only to a value of the day: the
    -- preferred of any later moment is the greatest of those of the days before it.
    select
        {%- for habit in habits() %}
        max(case when habit = '{{ habit }}' then place end) as {{ habit }}_place,
        {%- endfor %}
        customer_number,
        behaviour_date
    from counted
    group by customer_number, behaviour_date
),

final as (
    select
        {%- for habit in habits() %}
        {{ ranked_at('placed.', habit) }} as ranked_{{ habit }},
        {%- endfor %}
        numbered.customer_id,
        placed.behaviour_date
    from placed
    inner join numbered on placed.customer_number = numbered.customer_number
    {%- for habit in habits() %}
    left join habit_values as of_{{ habit }}
        on {{ value_at('placed.', habit) }} = of_{{ habit }}.value_number
    {%- endfor %}
)

select * from final
