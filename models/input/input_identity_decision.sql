with delivered as (
    {{ input_rows('identity_decision') }}
),

final as (
    select * from delivered
)

select * from final
