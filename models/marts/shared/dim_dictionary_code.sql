with
{%- for name in dictionary_names() %}
{{ name }}_codes as (
    {{ dictionary(name) }}
),
{% endfor %}
codes as (
    {%- for name in dictionary_names() %}
    select
        '{{ name }}' as dictionary_name,
        code,
        label_en,
        label_zh
    from {{ name }}_codes
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

final as (
    select
        {{ surrogate_key(['dictionary_name', 'code']) }} as dictionary_code_key,
        dictionary_name,
        code,
        label_en,
        label_zh
    from codes
    union all
    select
        '_unknown' as dictionary_code_key,
        '_unknown' as dictionary_name,
        '_unknown' as code,
        'Unknown' as label_en,
        '未知' as label_zh
)

select * from final
