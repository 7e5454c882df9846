{# Two-sided quantile of the normal distribution: the intervals hold 95 in a hundred. #}
{% macro normal_quantile() -%} 1.959963984540054 {%- endmacro %}


{# A share of a count in percent with Wilson's interval, as three columns: `<name>`,
   `<name>_lower` and `<name>_upper`. Wilson's holds for few and for extreme shares,
   where share plus or minus two errors leaves the range from 0 to 100. Null of none. #}
{% macro share_columns(part, whole, name) -%}
    {%- set z = normal_quantile() -%}
    {%- set n = 'nullif(cast(' ~ whole ~ ' as double), 0)' -%}
    {%- set centre -%}
        ({{ part }} + {{ z }} * {{ z }} / 2) / nullif({{ n }} + {{ z }} * {{ z }}, 0)
    {%- endset -%}
    {%- set half -%}
        {{ z }} * sqrt(
            {{ part }} * ({{ whole }} - {{ part }}) / {{ n }} + {{ z }} * {{ z }} / 4
        ) / nullif({{ n }} + {{ z }} * {{ z }}, 0)
    {%- endset -%}
    cast(round(100 * {{ part }} / {{ n }}, 4) as decimal(9, 4)) as {{ name }},
        cast(round(100 * ({{ centre }} - {{ half }}), 4) as decimal(9, 4))
            as {{ name }}_lower,
        cast(round(100 * ({{ centre }} + {{ half }}), 4) as decimal(9, 4))
            as {{ name }}_upper
{%- endmacro %}


{# Those for less those against, of a hundred answers, with an interval, as three columns:
   `net_score`, `net_score_lower` and `net_score_upper`. The interval is the adjusted Wald
   of Rocks (2016): three answers are added, of which three quarters of one are for and as
   much against; it holds from about ten answers on, and never leaves its own net score
   out. Null of none. #}
{% macro net_score_columns(favourable, unfavourable, whole) -%}
    {%- set n = 'nullif(cast(' ~ whole ~ ' as double), 0)' -%}
    {%- set up -%} (({{ favourable }} + 0.75) / nullif({{ n }} + 3, 0)) {%- endset -%}
    {%- set down -%} (({{ unfavourable }} + 0.75) / nullif({{ n }} + 3, 0)) {%- endset -%}
    {%- set half -%}
        {{ normal_quantile() }} * sqrt(
            ({{ up }} + {{ down }} - ({{ up }} - {{ down }}) * ({{ up }} - {{ down }}))
            / nullif({{ n }} + 3, 0)
        )
    {%- endset -%}
    {%- set score -%} ({{ favourable }} - {{ unfavourable }}) / {{ n }} {%- endset -%}
    cast(round(100 * {{ score }}, 4) as decimal(9, 4)) as net_score,
        {%- for bound, half_side, outer, inner, limit in [
            ('lower', '-', 'greatest', 'least', -1),
            ('upper', '+', 'least', 'greatest', 1),
        ] %}
        case
            when {{ whole }} > 0
                then cast(
                    round(
                        100 * {{ outer }}(
                            {{ inner }}(
                                {{ up }} - {{ down }} {{ half_side }} {{ half }},
                                {{ score }}
                            ),
                            {{ limit }}
                        ),
                        4
                    ) as decimal(9, 4)
                )
        end as net_score_{{ bound }}{{ "," if not loop.last }}
        {%- endfor %}
{%- endmacro %}
