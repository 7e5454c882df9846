with delivered as (
    {{ input_rows('competitor_purchase') }}
),

final as (
    select * from delivered
)

select * from final
