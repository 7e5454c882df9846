with delivered as (
    {{ input_rows('product') }}
),

final as (
    select * from delivered
)

select * from final
