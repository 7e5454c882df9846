with answers as (
    select * from {{ ref('int_survey_answer__latest') }}
),

links as (
    select * from {{ ref('int_customer__links') }}
),

earlier_links as (
    select * from {{ ref('int_customer__earlier_links') }}
),

customer_versions as (
    select * from {{ ref('int_customer__versions') }}
),

products as (
    select * from {{ ref('int_product__versions') }}
),

final as (
    select
        -- keys
        answers.survey_answer_key,
        coalesce(products.product_key, '_unknown') as product_key,
        answers.customer_id,
        coalesce(customer_versions.customer_key, '_unknown') as customer_key,
        {{ customer_id_at_load('answers.load_id') }} as customer_id_at_load,
        {{ date_key(local_date('answers.answered_at')) }} as answered_date_key,
        answers.source_name as source_key,
        cast(answers.load_id as {{ dbt.type_string() }}) as load_key,

        -- attributes
        answers.survey_code,
        answers.question_code,
        answers.answer_code,
        answers.answer_text,

        -- measures
        answers.answer_score,

        -- timestamps
        answers.answered_at
    from answers
    left join links
        on
            answers.party_source_name = links.source_name
            and answers.party_record_id = links.source_record_id
    left join earlier_links
        on
            answers.party_source_name = earlier_links.source_name
            and answers.party_record_id = earlier_links.source_record_id
            and answers.load_id >= earlier_links.from_load_id
            and answers.load_id < earlier_links.to_load_id
    left join customer_versions
        on
            answers.customer_id = customer_versions.customer_id
            and answers.answered_at >= customer_versions.valid_from
            and answers.answered_at < customer_versions.valid_to
    left join products
        on
            answers.product_source_name = products.source_name
            and answers.product_record_id = products.product_record_id
            and answers.answered_at >= products.valid_from
            and answers.answered_at < products.valid_to
)

select * from final
