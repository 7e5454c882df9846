{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook=before_touched_customers('int_behaviour__states'),
    post_hook=after_touched_customers('int_behaviour__states'),
) }}

with states as (
    select * from {{ ref('int_behaviour__states') }}
),

sale_lines as (
    select * from {{ ref('int_behaviour__lines') }}
),

encounters as (
    select * from {{ ref('int_behaviour__encounters') }}
),

touched as (
    {{ touched_customers('states') }}
),

purchases as (
    select sale_lines.*
    from sale_lines
    inner join touched on sale_lines.customer_id = touched.customer_id
    where not sale_lines.is_return
),

habit_days as (
    {%- for habit, value in shopping_habits().items() %}
    select
        customer_id,
        '{{ habit }}' as habit,
        cast({{ value }} as {{ dbt.type_string() }}) as habit_value,
        ordered_date as behaviour_date
    from purchases
    group by customer_id, habit_value, ordered_date
    union all
    {%- endfor %}
    select
        encounters.customer_id,
        'media' as habit,
        encounters.channel_code as habit_value,
        encounters.happened_date as behaviour_date
    from encounters
    inner join touched on encounters.customer_id = touched.customer_id
    where encounters.encounter_type = 'answer'
    group by
        encounters.customer_id, encounters.channel_code, encounters.happened_date
),

counted as (
    select
        *,
        row_number() over (
            partition by customer_id, habit, habit_value
            order by behaviour_date nulls last
        ) as day_count
    from habit_days
    where habit_value is not null
),

ranked as (
    select
        customer_id,
        habit,
        behaviour_date,
        max({{ ranked_value('day_count', 'behaviour_date', 'habit_value') }})
            as ranked_value
    from counted
    group by customer_id, habit, behaviour_date
),

final as (
    -- Counts never fall, so what is preferred changes only to a value of the day: the
    -- preferred of any later moment is the greatest of those of the days before it.
    select
        {%- for habit in habits() %}
        max(ranked_value) filter (where habit = '{{ habit }}') as ranked_{{ habit }},
        {%- endfor %}
        customer_id,
        behaviour_date
    from ranked
    group by customer_id, behaviour_date
)

select * from final
