{%- set cuts = [
    ('all', 'all_code', 'all', 'all_code'),
    ('all', 'all_code', 'category', 'category'),
    ('all', 'all_code', 'product', 'product_id'),
    ('region', 'region_place_code', 'all', 'all_code'),
    ('region', 'region_place_code', 'category', 'category'),
] -%}
{%- set cell = [
    'time_level', 'period_start', 'place_level', 'place_code', 'product_level',
    'product_code', 'survey_code', 'question_code',
] -%}
{%- set measures = [
    'answer_count', 'favourable_count', 'neutral_count', 'unfavourable_count',
    'score_sum',
] -%}
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook=before_satisfaction(),
    post_hook=after_touched_periods(),
) }}

with answers as (
    select * from {{ ref('fct_survey_answer') }}
),

products as (
    select * from {{ ref('dim_product') }}
),

geography as (
    select * from {{ ref('dim_geography') }}
),

questions as (
    {{ policy('survey_question', 'code', ['code', 'unfavourable_to', 'favourable_from']) }}
),

read_answers as (
    select
        {{ first_of_period('month', date_of_key('answers.answered_date_key')) }}
            as month_start,
        coalesce(answers.survey_code, '_unknown') as survey_code,
        answers.question_code,
        geography.region_place_code,
        products.category,
        products.product_id,
        answers.answer_score as score_sum,
        1 as answer_count,
        case when answers.answer_score >= questions.favourable_from then 1 else 0 end
            as favourable_count,
        case when answers.answer_score <= questions.unfavourable_to then 1 else 0 end
            as unfavourable_count,
        1 - favourable_count - unfavourable_count as neutral_count
    from answers
    inner join questions on answers.question_code = questions.code
    inner join products on answers.product_key = products.product_key
    inner join geography on answers.geography_key = geography.geography_key
    where
        answers.answer_score is not null
        and questions.favourable_from is not null
        and {{ is_of_touched_period('year', 'answers.answered_date_key') }}
),

-- Counts add up: the answers are read once for all goods, and once for all places.
{% for place, part in [('all', 'product_id'), ('region', 'region_place_code')] -%}
by_month_of_{{ place }} as (
    select
        'all' as all_code,
        month_start, category, {{ part }}, survey_code, question_code,
        {%- for measure in measures %}
        sum({{ measure }}) as {{ measure }}{{ "," if not loop.last }}
        {%- endfor %}
    from read_answers
    group by month_start, category, {{ part }}, survey_code, question_code
),

{% endfor -%}
by_cut as (
    {%- for level in ['month', 'quarter', 'year'] %}
    {%- set outer = loop %}
    {%- for place, place_code, product, product_code in cuts %}
    select
        '{{ level }}' as time_level,
        {{ first_of_period(level, 'month_start') }} as period_start,
        '{{ place }}' as place_level,
        {{ place_code }} as place_code,
        '{{ product }}' as product_level,
        {{ product_code }} as product_code,
        survey_code,
        question_code,
        {%- for measure in measures %}
        sum({{ measure }}) as {{ measure }}{{ "," if not loop.last }}
        {%- endfor %}
    from by_month_of_{{ place }}
    where {{ in_touched_period(level, 'month_start') }}
    group by
        {{ first_of_period(level, 'month_start') }}, {{ place_code }},
        {{ product_code }}, survey_code, question_code
    {{ "union all" if not (loop.last and outer.last) }}
    {%- endfor %}
    {%- endfor %}
),

final as (
    select
        -- keys
        {{ cell | join(',\n        ') }},
        -- measures
        {%- for measure in measures[:4] %}
        cast({{ measure }} as bigint) as {{ measure }},
        {%- endfor %}
        cast(score_sum as decimal(18, 3)) as score_sum,
        {{ share_columns('favourable_count', 'answer_count', 'favourable_pct') }},
        {{ net_score_columns('favourable_count', 'unfavourable_count', 'answer_count') }}
    from by_cut
)

select * from final
