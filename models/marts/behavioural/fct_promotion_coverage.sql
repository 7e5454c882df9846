with promotions as (
    select * from {{ ref('int_promotion__current') }}
),

products as (
    select * from {{ ref('int_product__versions') }}
),

outlets as (
    select * from {{ ref('int_outlet__current') }}
),

final as (
    select
        -- keys
        promotions.promotion_coverage_key,
        promotions.promotion_record_id,
        promotions.promotion_key,
        coalesce(products.product_key, '_unknown') as product_key,
        coalesce(outlets.outlet_key, '_unknown') as outlet_key,
        {{ date_key('promotions.starts_on') }} as starts_date_key,
        {{ date_key('promotions.ends_on') }} as ends_date_key,
        promotions.source_name as source_key,
        cast(promotions.load_id as {{ dbt.type_string() }}) as load_key,

        -- flags
        promotions.outlet_record_id is null as is_everywhere,

        -- dates
        promotions.starts_on,
        promotions.ends_on
    from promotions
    left join products
        on
            promotions.product_source_name = products.source_name
            and promotions.product_record_id = products.product_record_id
            and coalesce(promotions.starts_on, date '1900-01-01') >= products.valid_from
            and coalesce(promotions.starts_on, date '1900-01-01') < products.valid_to
    left join outlets
        on
            promotions.outlet_source_name = outlets.source_name
            and promotions.outlet_record_id = outlets.outlet_record_id
    where promotions.product_record_id is not null
    order by promotions.starts_on nulls first
)

select * from final
