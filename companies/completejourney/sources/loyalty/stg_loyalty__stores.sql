with transactions as (
    select * from {{ source('loyalty', 'transactions') }}
),

promotions as (
    select * from {{ source('loyalty', 'promotions') }}
),

sightings as (
    {% for table in ['transactions', 'promotions'] -%}
    select
        store_id,
        _load_id,
        _row,
        _known_at,
        _delivered_on,
        _is_deleted,
        _record_hash
    from {{ table }}
    where not _is_deleted
    {{ "union all" if not loop.last }}
    {% endfor -%}
),

numbered as (
    select
        *,
        row_number() over (
            partition by store_id
            order by _load_id nulls last, _row nulls last
        ) as sighting_number
    from sightings
),

source as (
    select * from numbered
    where sighting_number = 1
),

renamed as (
    select
        {{ delivery_columns('loyalty') }},

        -- keys
        {{ typed('loyalty', 'transactions', 'store_id') }} as outlet_record_id,

        -- attributes
        concat_ws(
            ' ', 'Store', {{ typed('loyalty', 'transactions', 'store_id') }}
        ) as outlet_name,
        'shop' as outlet_type_code
    from source
)

select * from renamed
