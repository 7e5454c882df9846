with source as (
    select * from {{ source('survey', 'answers') }}
),

renamed as (
    select
        {{ delivery_columns('survey') }},

        -- keys
        {{ typed('survey', 'answers', 'answer_id') }} as survey_answer_record_id,
        {{ typed('survey', 'answers', 'respondent_source') }} as party_source_name,
        {{ typed('survey', 'answers', 'respondent_id') }} as party_record_id,
        'shop_system' as product_source_name,
        {{ typed('survey', 'answers', 'product_id') }} as product_record_id,

        -- attributes
        {{ typed('survey', 'answers', 'survey') }} as survey_code,
        {{ typed('survey', 'answers', 'question') }} as question_code,
        {{ typed('survey', 'answers', 'choice') }} as answer_code,
        {{ typed('survey', 'answers', 'words') }} as answer_text,

        -- measures
        {{ typed('survey', 'answers', 'score') }} as answer_score,

        -- timestamps
        {{ typed('survey', 'answers', 'answered_at') }} as answered_at
    from source
)

select * from renamed
