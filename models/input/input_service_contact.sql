with delivered as (
    {{ input_rows('service_contact') }}
),

final as (
    select * from delivered
)

select * from final
