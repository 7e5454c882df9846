with delivered as (
    {{ input_rows('sale') }}
),

final as (
    select * from delivered
)

select * from final
