{%- set key = ['source_name', 'survey_answer_record_id'] -%}
{%- set reads = reads_of_event('input_survey_answer', 'survey_answer_record_id') -%}
{{ config(**built_by_keys(key, reads)) }}

with delivered as (
    select * from {{ ref('input_survey_answer') }}
),

links as (
    select * from {{ ref('int_customer__links') }}
),

touched as (
    {{ rows_of_touched_keys('delivered', key) }}
),

numbered as (
    select
        *,
        row_number() over (
            partition by source_name, survey_answer_record_id
            order by
                delivered_on desc nulls last,
                load_id desc nulls last,
                load_row desc nulls last
        ) as recency
    from touched
),

final as (
    select
        {{ surrogate_key(['numbered.source_name', 'survey_answer_record_id']) }}
            as survey_answer_key,
        numbered.source_name,
        numbered.survey_answer_record_id,
        numbered.load_id,
        numbered.party_source_name,
        numbered.party_record_id,
        coalesce(links.customer_id, '_unknown') as customer_id,
        numbered.product_source_name,
        numbered.product_record_id,
        numbered.survey_code,
        numbered.question_code,
        numbered.answer_score,
        numbered.answer_code,
        numbered.answer_text,
        coalesce(numbered.answered_at, numbered.valid_from) as answered_at
    from numbered
    left join links
        on
            numbered.party_source_name = links.source_name
            and numbered.party_record_id = links.source_record_id
    where numbered.recency = 1 and not numbered.is_deleted
)

select * from final
