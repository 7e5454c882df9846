{# The dictionaries of the house: seeds with code, label_en and label_zh. #}
{% macro dictionary_names() -%}
    {{- return([
        'activity_state',
        'age_band',
        'agent_role',
        'channel',
        'complaint_outcome',
        'complaint_reason',
        'complaint_stage',
        'competitor_reason',
        'contact_direction',
        'contact_outcome',
        'contact_point_status',
        'contact_reason',
        'contact_strategy',
        'credit',
        'customer_category',
        'deal_step',
        'decision_role',
        'economic_category',
        'education',
        'found_by',
        'income_band',
        'industry',
        'interest',
        'life_style',
        'list_acquisition',
        'list_category',
        'marital_status',
        'market_standing',
        'notice',
        'occupation',
        'ownership',
        'payment_method',
        'promotion_type',
        'psychographic',
        'purchase_strategy',
        'purpose',
        'relationship_type',
        'response_type',
        'service',
        'settlement_terms',
        'sex',
        'size',
        'suggestion_topic',
        'survey_question',
        'usage_status',
        'web_event_type',
    ]) -}}
{%- endmacro %}


{# One dictionary: the product's own rows, and over them the company's, which win for
   the same code. #}
{% macro dictionary(name) -%}
    {%- if name not in var('dictionaries') -%}
    select code, label_en, label_zh
    from {{ ref(name) }}
    {%- else -%}
    {%- set company_rows = ref(name ~ '__company') -%}
    select code, label_en, label_zh
    from {{ company_rows }}
    union all
    select product_rows.code, product_rows.label_en, product_rows.label_zh
    from {{ ref(name) }} as product_rows
    left join {{ company_rows }} as company_rows
        on product_rows.code = company_rows.code
    where company_rows.code is null
    {%- endif -%}
{%- endmacro %}
