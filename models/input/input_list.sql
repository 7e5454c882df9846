with delivered as (
    {{ input_rows('list') }}
),

final as (
    select * from delivered
)

select * from final
