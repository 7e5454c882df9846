{%- set key = ['source_name', 'attribute_name'] -%}
{{ config(**made_whole_with_journal(key, told=key + ['reliability'])) }}

with history as (
    select * from {{ ref('int_source__reliability_history') }}
),

contracts as (
    select * from {{ ref('int_source__contracts') }}
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

business_dates as (
    select * from {{ ref('int_source__business_date') }}
),

attributes as (
    {%- for attribute in claimed_attributes() %}
    select
        '{{ attribute.name }}' as attribute_name,
        '{{ attribute.group }}' as attribute_group
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

measured as (
    select
        history.*,
        loads.latest_date,
        min(case when history.evidence_amount > 0 then loads.latest_date end) over (
            partition by history.source_name, history.attribute_group
        ) as first_taught_on
    from history
    inner join loads on history.load_id = loads.load_id
),

settled as (
    -- What a source is worth is settled when a month ends, and when it is first known.
    select
        measured.source_name,
        measured.attribute_group,
        max_by(measured.reliability, measured.known_at) as reliability
    from measured
    cross join business_dates
    where
        measured.latest_date < {{ first_of_period('month', 'business_dates.business_date') }}
        or measured.latest_date = measured.first_taught_on
    group by measured.source_name, measured.attribute_group
),

final as (
    -- Of whom nothing was seen till then, the channel alone tells. In thousandths, or
    -- everybody who is found to be another tomorrow would change all that was claimed.
    select
        contracts.source_name,
        attributes.attribute_name,
        attributes.attribute_group,
        cast(
            least(greatest(
                round(coalesce(settled.reliability, contracts.prior_mean), 3), 0.001
            ), 0.999) as decimal(9, 6)
        ) as reliability,
        policies.half_life_days,
        coalesce(compared_attributes.wrong_value_count, 10) as wrong_value_count,
        business_dates.business_date as latest_date
    from contracts
    cross join attributes
    cross join business_dates
    inner join policies on attributes.attribute_group = policies.attribute_group
    left join settled
        on
            contracts.source_name = settled.source_name
            and attributes.attribute_group = settled.attribute_group
    left join compared_attributes
        on attributes.attribute_name = compared_attributes.attribute_name
)

select * from final
