with outlets as (
    select * from {{ ref('int_outlet__current') }}
),

members as (
    select
        outlet_key,
        source_name,
        outlet_record_id,
        geography_key,
        outlet_name,
        outlet_type_code,
        address_line,
        is_deleted,
        opened_on,
        closed_on
    from outlets
    union all
    select
        '_unknown' as outlet_key,
        '_unknown' as source_name,
        '_unknown' as outlet_record_id,
        '_unknown' as geography_key,
        'Unknown' as outlet_name,
        '_unknown' as outlet_type_code,
        null as address_line,
        false as is_deleted,
        null as opened_on,
        null as closed_on
),

final as (
    select
        -- keys
        outlet_key,
        outlet_key as outlet_id,
        source_name as source_key,
        outlet_record_id,
        geography_key,

        -- attributes
        outlet_name,
        outlet_type_code,
        address_line,

        -- flags
        is_deleted,

        -- dates
        opened_on,
        closed_on
    from members
)

select * from final
