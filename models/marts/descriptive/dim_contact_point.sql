{%- set key = ['customer_id'] -%}
{%- set reads = [
    {'keys_of': 'int_contact_point__members'},
    {'keys_of': 'int_source__business_date', 'via': customers_to_see_anew()},
] -%}
{{ config(**built_by_keys(key, reads)) }}

with all_members as (
    select * from {{ ref('int_contact_point__members') }}
),

business_dates as (
    select * from {{ ref('int_source__business_date') }}
),

members as (
    -- All points of a customer are seen on one day, or they would overtake each other
    -- by steps.
    select
        *,
        cast(
            max(greatest(last_evidence_at, last_doubted_at)) over (
                partition by customer_id
            ) as date
        ) as last_heard_on
    from ({{ rows_of_touched_keys('all_members', key) }}) as touched
),

seen as (
    select
        members.*,
        business_dates.business_date,
        {{ last_step('last_heard_on', 'business_date') }} as as_of_date
    from members
    cross join business_dates
),

believed as (
    select
        *,
        {{ point_confidence('as_of_date') }} as confidence
    from seen
),

ranked as (
    -- Where the customer wishes to be reached comes first, then what is surest.
    select
        *,
        row_number() over (
            partition by customer_id, channel_code
            order by
                is_usable desc nulls last,
                is_preferred desc nulls last,
                confidence desc nulls last,
                holding_source_count desc nulls last,
                last_evidence_at desc nulls last,
                contact_point_key asc nulls last
        ) as channel_place,
        coalesce(
            cast(last_refuted_at as date),
            cast({{ dbt.dateadd('day', 'renewal_days', 'last_evidence_at') }} as date)
        ) as renewal_due_on
    from believed
),

final as (
    select
        -- keys
        contact_point_key,
        customer_id,

        -- attributes
        contact_type_code,
        channel_code,
        status_code,
        value_class,
        value_hash,
        contact_value,
        area_country_code,
        area_region,

        -- flags
        is_valid,
        is_held,
        is_preferred,
        is_refuted,
        is_usable,
        is_usable and channel_place = 1 as is_best,
        coalesce(is_held and is_valid and renewal_due_on <= business_date, false)
            as is_due_for_renewal,

        -- measures
        cast(case when is_usable then channel_place end as integer) as channel_rank,
        cast(source_count as integer) as source_count,
        cast(holding_source_count as integer) as holding_source_count,
        cast(report_count as integer) as report_count,
        cast(greatest(
            coalesce(
                {{ dbt.datediff('last_evidence_at', 'as_of_date', 'day') }}, 0
            ),
            0
        ) as integer) as age_in_days,
        confidence,

        -- dates
        as_of_date,
        renewal_due_on,

        -- timestamps
        first_claimed_at,
        last_claimed_at,
        last_proven_at,
        last_refuted_at
    from ranked
)

select * from final
