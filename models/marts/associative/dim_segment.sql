with segments as (
    {{ policy('segment', 'segment_code', segment_columns()) }}
),

rules as (
    {%- for segment in segments() %}
    select
        '{{ segment.code }}' as segment_code,
        {{ text_literal(segment_in_words(segment)) }} as rule_text
    union all
    {%- endfor %}
    select
        'base' as segment_code,
        'every customer that is neither a prospect nor deleted' as rule_text
),

members as (
    select
        segments.*,
        rules.rule_text
    from segments
    left join rules on segments.segment_code = rules.segment_code
    union all
    select
        '_unknown' as segment_code,
        '_unknown' as scheme_code,
        0 as rank_number,
        'Unknown' as label_en,
        '未知' as label_zh,
        null as rule_text
),

final as (
    select
        -- keys
        segment_code as segment_key,

        -- attributes
        segment_code,
        scheme_code,
        rank_number,
        label_en,
        label_zh,
        rule_text
    from members
)

select * from final
