with delivered as (
    {{ input_rows('supply') }}
),

final as (
    select * from delivered
)

select * from final
