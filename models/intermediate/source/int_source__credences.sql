with reliability as (
    select * from {{ ref('int_source__reliability') }}
),

policies as (
    select * from {{ ref('reliability_policy') }}
),

compared_attributes as (
    select * from {{ ref('compared_attribute') }}
),

loads as (
    select * from {{ ref('int_source__loads') }}
),

attributes as (
    {%- for attribute in claimed_attributes() %}
    select
        '{{ attribute.name }}' as attribute_name,
        '{{ attribute.group }}' as attribute_group
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

today as (
    select max(latest_date) as latest_date
    from loads
),

final as (
    select
        reliability.source_name,
        attributes.attribute_name,
        attributes.attribute_group,
        reliability.reliability,
        policies.half_life_days,
        coalesce(compared_attributes.wrong_value_count, 10) as wrong_value_count,
        today.latest_date
    from reliability
    inner join attributes on reliability.attribute_group = attributes.attribute_group
    inner join policies on reliability.attribute_group = policies.attribute_group
    left join compared_attributes
        on attributes.attribute_name = compared_attributes.attribute_name
    cross join today
    where reliability.known_to = timestamp '9999-12-31'
)

select * from final
