with delivered as (
    {{ input_rows('consent') }}
),

final as (
    select * from delivered
)

select * from final
