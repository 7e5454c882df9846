with delivered as (
    {{ input_rows('promotion') }}
),

final as (
    select * from delivered
)

select * from final
