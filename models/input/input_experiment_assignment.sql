with delivered as (
    {{ input_rows('experiment_assignment') }}
),

final as (
    select * from delivered
)

select * from final
