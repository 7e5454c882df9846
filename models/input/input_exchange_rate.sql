with delivered as (
    {{ input_rows('exchange_rate') }}
),

final as (
    select * from delivered
)

select * from final
