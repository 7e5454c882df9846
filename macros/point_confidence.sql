{# How sure it is on a day that a contact point reaches its party. A point goes stale at a
   constant rate, so its confidence halves with each half-life since the last proof or
   claim; what was reported against it since then changes the odds by its likelihood
   ratio (Bayes), and what is left ages on. The measure of currency is that of Heinrich,
   Klier and Kaiser, `A Procedure to Develop Metrics for Currency and its Application in
   CRM`, ACM Journal of Data and Information Quality 1(1), 2009. Reads the columns of
   int_contact_point__members. #}
{% macro point_confidence(as_of) -%}
    {%- set day = "cast(" ~ as_of ~ " as timestamp)" -%}
    {%- set doubted = "coalesce(last_doubted_at, " ~ day ~ ")" -%}
    {%- set prior -%}
    greatest(
        coalesce(proven_confidence * {{ _aged('last_proven_at', doubted) }}, 0),
        coalesce(claimed_confidence * {{ _aged('last_claimed_at', doubted) }}, 0)
    )
    {%- endset -%}
    cast(round(
        {{ prior }} * exp(log_likelihood_ratio)
        / nullif(1 - {{ prior }} + {{ prior }} * exp(log_likelihood_ratio), 0)
        * {{ _aged(doubted, day) }},
        6
    ) as decimal(9, 6))
{%- endmacro %}


{% macro _aged(since, until) -%}
    power(
        0.5,
        cast(greatest({{ dbt.datediff(since, until, 'day') }}, 0) as double)
        / nullif(half_life_days, 0)
    )
{%- endmacro %}
