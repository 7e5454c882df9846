with delivered as (
    {{ input_rows('indicator') }}
),

final as (
    select * from delivered
)

select * from final
