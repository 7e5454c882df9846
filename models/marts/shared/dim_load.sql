with loads as (
    select * from {{ source('ledger', 'load') }}
),

members as (
    select
        cast(load_id as {{ dbt.type_string() }}) as load_key,
        load_id,
        source_name,
        table_name,
        delivered_name,
        status,
        business_date,
        known_at
    from loads
    union all
    select
        '_unknown' as load_key,
        null as load_id,
        '_unknown' as source_name,
        '_unknown' as table_name,
        '_unknown' as delivered_name,
        '_unknown' as status,
        null as business_date,
        null as known_at
),

final as (
    select
        -- keys
        load_key,
        load_id,
        source_name as source_key,
        {{ date_key('business_date') }} as business_date_key,

        -- attributes
        table_name,
        delivered_name,
        status as load_status,

        -- dates
        business_date,

        -- timestamps
        known_at
    from members
)

select * from final
