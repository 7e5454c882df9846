with stated as (
    {%- for stated in graph.metrics.values() | sort(attribute='name') %}
    select
        '{{ stated.name }}' as metric_code,
        '{{ stated.label | replace("'", "''") }}' as label,
        '{{ stated.description | trim | replace("'", "''") }}' as meaning,
        '{{ metric_model(stated.name) }}' as table_name,
        '{{ metric_columns(stated.name) | join(', ') }}' as column_names,
        '{{ metric(stated.name) | replace("'", "''") }}' as expression
    {{ "union all" if not loop.last }}
    {%- else %}
    select
        '' as metric_code,
        '' as label,
        '' as meaning,
        '' as table_name,
        '' as column_names,
        '' as expression
    where 1 = 0
    {%- endfor %}
),

final as (
    select
        -- keys
        metric_code,

        -- attributes
        label,
        meaning,
        table_name,
        column_names,
        expression
    from stated
    union all
    select
        '_unknown' as metric_code,
        'Unknown' as label,
        'No metric.' as meaning,
        '_unknown' as table_name,
        '_unknown' as column_names,
        '_unknown' as expression
)

select * from final
