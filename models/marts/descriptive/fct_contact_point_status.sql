with statuses as (
    select * from {{ ref('int_contact_point__statuses') }}
),

links as (
    select * from {{ ref('int_customer__links') }}
),

earlier_links as (
    select * from {{ ref('int_customer__earlier_links') }}
),

customer_versions as (
    select * from {{ ref('int_customer__versions') }}
),

final as (
    select
        -- keys
        statuses.contact_point_event_key as contact_point_status_key,
        statuses.contact_point_key,
        statuses.customer_id,
        coalesce(customer_versions.customer_key, '_unknown') as customer_key,
        {{ customer_id_at_load('statuses.load_id') }} as customer_id_at_load,
        {{ date_key(local_date('statuses.happened_at')) }} as happened_date_key,
        statuses.source_name as source_key,
        cast(statuses.load_id as {{ dbt.type_string() }}) as load_key,

        -- attributes
        statuses.told_by,
        statuses.event_type,
        statuses.effect,
        statuses.status_before_code,
        statuses.status_after_code,

        -- timestamps
        statuses.happened_at
    from statuses
    {{ customer_of('statuses', 'happened_at') }}
)

select * from final
