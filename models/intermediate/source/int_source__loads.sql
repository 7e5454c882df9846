with parties as (
    select * from {{ ref('input_party') }}
),

contact_points as (
    select * from {{ ref('input_contact_point') }}
),

service_contacts as (
    select * from {{ ref('input_service_contact') }}
),

campaign_touches as (
    select * from {{ ref('input_campaign_touch') }}
),

link_changes as (
    select * from {{ source('identity', 'link_change') }}
),

delivered as (
    {%- for relation in [
        'parties', 'contact_points', 'service_contacts', 'campaign_touches',
    ] %}
    select
        load_id,
        known_at,
        delivered_on
    from {{ relation }}
    union all
    {%- endfor %}
    select
        load_id,
        known_at,
        cast(null as date) as delivered_on
    from link_changes
),

loads as (
    select
        load_id,
        max(known_at) as known_at,
        max(delivered_on) as delivered_on
    from delivered
    group by load_id
),

final as (
    -- Time goes by what was delivered, not by the clock on the wall.
    select
        load_id,
        known_at,
        coalesce(
            max(delivered_on) over (
                order by load_id nulls first
                rows between unbounded preceding and current row
            ),
            cast(known_at as date)
        ) as latest_date
    from loads
)

select * from final
