{# Profiles are built by months: of whoever was touched, and of whoever lives in a place
   that has come to another region. What describes a customer touches its standing, too. #}
{% macro reads_of_profiles() -%}
    {{ return([
        {'keys_of': 'fct_customer_standing'},
        {'keys_of': 'dim_geography', 'via': "
            select month_key
            from {{ ref('fct_customer_standing') }}
            where geography_key in (select geography_key from changed)
        "},
    ]) }}
{%- endmacro %}


{# The attributes by which segments are compared with the base: the expression over what a
   side of a customer says, the kind of party that it is told of, none for both, and the
   side. #}
{% macro profile_attributes() -%}
    {%- set age = 'coalesce('
        ~ age_band(year_of_month('sets.month_key') ~ ' - told.birth_year')
        ~ ', told.age_band_code)' -%}
    {{- return({
        'age': [age, 'person', 'age'],
        'sex': ['told.sex_code', 'person', 'person'],
        'occupation': ['told.occupation_code', 'person', 'work'],
        'income': ['told.income_band_code', 'person', 'person'],
        'education': ['told.education_code', 'person', 'work'],
        'place': ['told.region_place_code', none, 'place'],
        'industry': ['told.industry_code', 'organisation', 'place'],
        'size': ['told.size_code', 'organisation', 'place'],
        'nature': ['told.ownership_code', 'organisation', 'place'],
        'kind': ['told.party_kind', none, 'person'],
    }) -}}
{%- endmacro %}


{# Columns of which one set of values is said by many customers: they are counted together
   before each is told by itself. #}
{% macro profile_sides() -%}
    {{- return({
        'age': ['party_kind', 'birth_year', 'age_band_code'],
        'person': ['party_kind', 'sex_code', 'income_band_code'],
        'work': ['party_kind', 'occupation_code', 'education_code'],
        'place': [
            'party_kind', 'region_place_code', 'industry_code', 'size_code',
            'ownership_code',
        ],
    }) -}}
{%- endmacro %}


{# The CTEs that count what is said of those who are in the same segments: of each side at
   once, then of each attribute. Reads `members`, with `set_number` and `customer_key`,
   `described`, with the numbers of its sides, and `sets`; `grouped` has `set_number`,
   `attribute_name`, `attribute_value` and `customer_count`. #}
{% macro profiles_of_sets(sides) -%}
counts as (
    select
        members.set_number,
        {%- for side in sides %}
        described.{{ side }}_number,
        {%- endfor %}
        count(*) as customer_count
    from members
    inner join described on members.customer_key = described.customer_key
    group by grouping sets (
        {%- for side in sides %}
        (members.set_number, described.{{ side }}_number){{ "," if not loop.last }}
        {%- endfor %}
    )
),
{% for side, columns in sides.items() %}
of_{{ side }} as (
    select
        {{ side }}_number,
        {{ columns | join(', ') }}
    from described
    group by {{ side }}_number, {{ columns | join(', ') }}
),
{% endfor %}
grouped as (
    {%- for name, (said, kind, side) in profile_attributes().items() %}
    select
        counts.set_number,
        '{{ name }}' as attribute_name,
        coalesce({{ said }}, '_unknown') as attribute_value,
        sum(counts.customer_count) as customer_count
    from counts
    inner join sets on counts.set_number = sets.set_number
    inner join of_{{ side }} as told on counts.{{ side }}_number = told.{{ side }}_number
    {{ "where told.party_kind = '" ~ kind ~ "'" if kind }}
    group by counts.set_number, coalesce({{ said }}, '_unknown')
    {{ "union all" if not loop.last }}
    {%- endfor %}
)
{%- endmacro %}
