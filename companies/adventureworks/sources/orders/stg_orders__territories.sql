with source as (
    select * from {{ source('orders', 'lines') }}
),

territories as (
    select * from {{ ref('sales_territory') }}
),

sighted as (
    select
        *,
        row_number() over (
            partition by {{ typed('orders', 'lines', 'territory_key') }}
            order by _load_id nulls last, _row nulls last
        ) as sighting_number
    from source
    where {{ typed('orders', 'lines', 'territory_key') }} is not null
),

first_sighted as (
    select * from sighted
    where sighting_number = 1
),

renamed as (
    select
        {{ delivery_columns('orders') }},

        -- keys
        {{ typed('orders', 'lines', 'territory_key') }} as outlet_record_id,

        -- attributes
        territories.label_en as outlet_name,
        'territory' as outlet_type_code,
        territories.region,
        territories.country_code
    from first_sighted
    left join territories
        on first_sighted.territory_key = territories.code
)

select * from renamed
