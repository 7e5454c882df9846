with supplies as (
    select * from {{ ref('input_supply') }}
),

{{ latest_rows('supplies', 'supply_record_id') }},

final as (
    select
        {{ surrogate_key(['source_name', 'supply_record_id']) }} as supply_key,
        source_name,
        supply_record_id,
        load_id,
        product_source_name,
        product_record_id,
        outlet_source_name,
        outlet_record_id,
        on_hand_quantity,
        supplied_quantity,
        stock_date
    from supplies_latest
    where stock_date is not null
)

select * from final
