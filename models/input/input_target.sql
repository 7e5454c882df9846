with delivered as (
    {{ input_rows('target') }}
),

final as (
    select * from delivered
)

select * from final
