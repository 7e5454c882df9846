with delivered as (
    {{ input_rows('campaign') }}
),

final as (
    select * from delivered
)

select * from final
