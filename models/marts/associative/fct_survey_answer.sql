{%- set key = ['survey_answer_key'] -%}
{%- set reads = reads_of_fact(
    'int_survey_answer__latest', 'survey_answer_key',
    told_by=['source_name', 'survey_answer_record_id'],
    members=['product'],
) -%}
{{ config(**built_by_keys(key, reads)) }}

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
    select * from {{ ref('int_customer__version_keys') }}
),

products as (
    select * from {{ ref('int_product__versions') }}
),

questions as (
    {{ policy('survey_question', 'code', ['code', 'unfavourable_to', 'favourable_from']) }}
),

touched as (
    {{ rows_of_touched_keys('answers', key) }}
),

final as (
    select
        -- keys
        touched.survey_answer_key,
        coalesce(products.product_key, '_unknown') as product_key,
        touched.customer_id,
        coalesce(customer_versions.customer_key, '_unknown') as customer_key,
        {{ customer_id_at_load('touched.load_id') }} as customer_id_at_load,
        {{ date_key(local_date('touched.answered_at')) }} as answered_date_key,
        coalesce(customer_versions.geography_key, '_unknown') as geography_key,
        touched.source_name as source_key,
        cast(touched.load_id as {{ dbt.type_string() }}) as load_key,

        -- attributes
        touched.survey_code,
        touched.question_code,
        touched.answer_code,
        touched.answer_text,

        -- flags
        coalesce(touched.answer_score >= questions.favourable_from, false)
            as is_favourable,
        coalesce(touched.answer_score <= questions.unfavourable_to, false)
            as is_unfavourable,

        -- measures
        touched.answer_score,

        -- timestamps
        touched.answered_at
    from touched
    {{ customer_of('touched', 'answered_at') }}
    left join questions on touched.question_code = questions.code
    left join products
        on
            touched.product_source_name = products.source_name
            and touched.product_record_id = products.product_record_id
            and touched.answered_at >= products.valid_from
            and touched.answered_at < products.valid_to
)

select * from final
