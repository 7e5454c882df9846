with delivered as (
    {{ input_rows('agent') }}
),

final as (
    select * from delivered
)

select * from final
