with delivered as (
    {{ input_rows('deal_step') }}
),

final as (
    select * from delivered
)

select * from final
