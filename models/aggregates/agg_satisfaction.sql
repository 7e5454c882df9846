{%- set levels = ['month', 'quarter', 'year'] -%}
{%- set cuts = [
    ('all', 'all'), ('all', 'category'), ('all', 'product'),
    ('region', 'all'), ('region', 'category'),
] -%}
{%- set places = {'all': "'all'", 'region': 'region_place_code'} -%}
{%- set goods = {'all': "'all'", 'category': 'category', 'product': 'product_id'} -%}
{%- set measures = [
    'answer_count', 'favourable_count', 'neutral_count', 'unfavourable_count',
    'score_sum',
] -%}
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook=before_touched_periods(
        'fct_survey_answer', 'answered_date_key',
        ['survey_code', 'question_code', 'answer_score', 'geography_key'],
        members={
            'dim_product': ['product_key', 'category', 'product_id'],
            'dim_geography': ['geography_key', 'region_place_code'],
        },
        levels=levels,
    ),
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
        {{ date_of_key('answers.answered_date_key') }} as calendar_date,
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

by_cut as (
    {%- for level in levels %}
    {%- set outer = loop %}
    {%- for place, product in cuts %}
    select
        '{{ level }}' as time_level,
        {{ first_of_period(level, 'calendar_date') }} as period_start,
        '{{ place }}' as place_level,
        {{ places[place] }} as place_code,
        '{{ product }}' as product_level,
        {{ goods[product] }} as product_code,
        survey_code,
        question_code,
        {%- for measure in measures %}
        sum({{ measure }}) as {{ measure }}{{ "," if not loop.last }}
        {%- endfor %}
    from read_answers
    where {{ in_touched_period(level, 'calendar_date') }}
    group by
        {{ first_of_period(level, 'calendar_date') }},
        {{ "region_place_code, " if place == 'region' }}
        {{- "category, " if product == 'category' }}
        {{- "product_id, " if product == 'product' }}survey_code, question_code
    {{ "union all" if not (loop.last and outer.last) }}
    {%- endfor %}
    {%- endfor %}
),

final as (
    select
        -- keys
        time_level,
        period_start,
        place_level,
        place_code,
        product_level,
        product_code,
        survey_code,
        question_code,

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
