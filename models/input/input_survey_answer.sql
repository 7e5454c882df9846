with delivered as (
    {{ input_rows('survey_answer') }}
),

final as (
    select * from delivered
)

select * from final
