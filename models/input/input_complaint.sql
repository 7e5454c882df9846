with delivered as (
    {{ input_rows('complaint') }}
),

final as (
    select * from delivered
)

select * from final
