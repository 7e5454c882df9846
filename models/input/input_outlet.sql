with delivered as (
    {{ input_rows('outlet') }}
),

final as (
    select * from delivered
)

select * from final
