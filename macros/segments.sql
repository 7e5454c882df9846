{# How many months before a look at a customer its purchases count: frequency, money and
   all that is worked out from them is of this window. #}
{% macro window_months() -%}{{ return(12) }}{%- endmacro %}


{# For how many months, the running one included, it is kept how customers stood. #}
{% macro kept_months() -%}{{ return(36) }}{%- endmacro %}


{# The places of those who bought in the order of a measure, month by month: in which fifth
   of them one is, and what share of the sales those ahead of one make. Equals score
   alike: all as the middle one of them would, or as the foremost. #}
{% macro places_of_buyers(rows, measure, score, equals_score_as='middle') -%}
    {%- set ahead_of_half = 1 if equals_score_as == 'middle' else 2 -%}
{{ score }}_groups as (
    select
        month_start,
        {{ measure }},
        count(*) as buyer_count,
        cast(sum(greatest(net_amount, 0)) as decimal(18, 4)) as group_amount
    from {{ rows }}
    where last_purchase_date is not null and not is_deleted
    group by month_start, {{ measure }}
),

{{ score }}_places as (
    select
        month_start,
        {{ measure }},
        greatest(1, cast(
            ceil(
                5 * (
                    2 * coalesce(sum(buyer_count) over behind, 0)
                    + {{ ahead_of_half }} * buyer_count
                ) / nullif(2 * sum(buyer_count) over everybody, 0)
            ) as integer
        )) as {{ score }}_score,
        cast(
            100 - 100 * (coalesce(sum(group_amount) over behind, 0) + group_amount)
            / nullif(sum(group_amount) over everybody, 0) as decimal(9, 4)
        ) as share_above_pct
    from {{ score }}_groups
    window
        everybody as (partition by month_start),
        behind as (
            partition by month_start
            order by {{ measure }} nulls first
            rows between unbounded preceding and 1 preceding
        )
)
{%- endmacro %}


{# What rules of segments may speak of: name, expression, and whether it is a `text` or a
   `number`. How a customer stands is in `standing`; what it is, in `customers` and
   `places`, which only rules of a company's own segments may read. #}
{% macro segment_attributes() -%}
    {%- set found = {} -%}
    {%- for name, expression in {
        'activity_state_code': 'standing.activity_state_code',
        'is_buyer': "case when standing.monetary_score is null then 'no' else 'yes' end",
        'is_deleted': "case when standing.is_deleted then 'yes' else 'no' end",
        'is_prospect': "case when standing.is_prospect then 'yes' else 'no' end",
    }.items() -%}
        {%- do found.update({name: [expression, 'text', 'standing']}) -%}
    {%- endfor -%}
    {%- for name in [
        'recency_score', 'frequency_score', 'monetary_score', 'value_score',
        'order_count', 'net_amount', 'margin_amount', 'share_above_pct',
        'days_since_last', 'days_since_first',
    ] -%}
        {%- do found.update({name: ['standing.' ~ name, 'number', 'standing']}) -%}
    {%- endfor -%}
    {%- for name in [
        'party_kind', 'sex_code', 'marital_status_code', 'occupation_code',
        'education_code', 'income_band_code', 'ownership_code',
        'economic_category_code', 'industry_code', 'size_code',
        'customer_category_code', 'market_standing_code', 'settlement_terms_code',
        'found_by_code', 'country_code', 'region', 'city',
    ] -%}
        {%- do found.update({name: ['customers.' ~ name, 'text', 'customer']}) -%}
    {%- endfor -%}
    {%- for name in [
        'birth_year', 'household_size', 'children_count', 'credit_stars',
        'staff_count', 'founded_year', 'annual_turnover_amount',
    ] -%}
        {%- do found.update({name: ['customers.' ~ name, 'number', 'customer']}) -%}
    {%- endfor -%}
    {{- return(found) -}}
{%- endmacro %}


{# The segments of a company, in the order in which they are tried, each with the rules
   that the seeds state for it: the conditions of one `alternative` hold together, and any
   alternative will do. Empty until the seeds are there. #}
{% macro segments() -%}
    {%- set stated -%}
    select
        rules.segment_code,
        segments.scheme_code,
        rules.alternative,
        rules.attribute,
        rules.operator,
        rules.value
    from ({{ policy('segment_rule', 'segment_code', rule_columns()) }}) as rules
    left join ({{ policy('segment', 'segment_code', segment_columns()) }}) as segments
        on rules.segment_code = segments.segment_code
    order by
        segments.scheme_code nulls first,
        segments.rank_number nulls first,
        segments.segment_code nulls first,
        rules.alternative nulls first,
        rules.attribute nulls first,
        rules.operator nulls first,
        rules.value nulls first
    {%- endset -%}
    {%- set found = {} -%}
    {%- if execute and load_relation(ref('segment_rule')) -%}
        {%- for rule in run_query(stated).rows -%}
            {%- if rule['segment_code'] not in found -%}
                {%- do found.update({rule['segment_code']: {
                    'code': rule['segment_code'],
                    'scheme': rule['scheme_code'],
                    'rules': [],
                }}) -%}
            {%- endif -%}
            {%- do found[rule['segment_code']]['rules'].append({
                'alternative': rule['alternative'],
                'attribute': rule['attribute'],
                'operator': rule['operator'],
                'value': rule['value'],
            }) -%}
        {%- endfor -%}
    {%- endif -%}
    {{- return(found.values() | list) -}}
{%- endmacro %}

{% macro segment_columns() -%}
    {{- return([
        'segment_code', 'scheme_code', 'rank_number', 'label_en', 'label_zh',
    ]) -}}
{%- endmacro %}

{% macro rule_columns() -%}
    {{- return(['segment_code', 'alternative', 'attribute', 'operator', 'value']) -}}
{%- endmacro %}


{# Whether a customer belongs to a segment, as an SQL condition. #}
{% macro segment_condition(segment, of=['standing', 'customer']) -%}
    {%- for alternative in segment.rules | groupby('alternative') -%}
    (
        {%- for rule in alternative.list -%}
        {{ _condition(segment, rule, of) }}{{ " and " if not loop.last }}
        {%- endfor -%}
    ){{ " or " if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{% macro _condition(segment, rule, of) -%}
    {%- set attribute = segment_attributes().get(rule.attribute) -%}
    {%- set operators = {
        'is': 'in', 'is not': 'not in', 'at least': '>=', 'at most': '<=',
        'above': '>', 'below': '<',
    } -%}
    {%- set is_number = attribute and attribute[1] == 'number' -%}
    {%- set numbers = modules.re.fullmatch('-?[0-9]+([.][0-9]+)?', rule.value | string) -%}
    {%- if not attribute or attribute[2] not in of -%}
        {%- do _refuse_rule(segment, "the attribute '" ~ rule.attribute ~ "'") -%}
    {%- elif rule.operator not in operators -%}
        {%- do _refuse_rule(segment, "the operator '" ~ rule.operator ~ "'") -%}
    {%- elif is_number and not numbers -%}
        {%- do _refuse_rule(segment, "the number '" ~ rule.value ~ "'") -%}
    {%- elif not is_number and operators[rule.operator] not in ['in', 'not in'] -%}
        {%- do _refuse_rule(segment, "'" ~ rule.operator ~ "' of a text") -%}
    {%- endif -%}
    {%- set values = [rule.value] if is_number else text_list(rule.value.split('|')) -%}
    {%- if operators[rule.operator] in ['in', 'not in'] -%}
    {{ attribute[0] }} {{ operators[rule.operator] }} ({{ values | join if is_number else values }})
    {%- else -%}
    {{ attribute[0] }} {{ operators[rule.operator] }} {{ rule.value }}
    {%- endif -%}
{%- endmacro %}

{% macro _refuse_rule(segment, what) -%}
    {{ exceptions.raise_compiler_error(
        "a rule of segment '" ~ segment.code ~ "' has " ~ what ~ ", which rules of the"
        ~ " scheme '" ~ segment.scheme ~ "' cannot have: mend the seed segment_rule"
    ) }}
{%- endmacro %}


{# The segment of a scheme in which each customer is one: the first whose rules hold. #}
{% macro segment_of(scheme) -%}
    {%- for segment in segments() if segment.scheme == scheme %}
            {{- "case" if loop.first }}
            when {{ segment_condition(segment, of=['standing']) }}
                then '{{ segment.code }}'
    {%- if loop.last %}
        end
    {%- endif -%}
    {%- else -%}
        cast(null as {{ dbt.type_string() }})
    {%- endfor -%}
{%- endmacro %}


{# The codes of all segments of the company's own in which each customer is, as
   `,code,code,`; null in none. #}
{% macro own_segments_of() -%}
    case
        when not standing.is_deleted then nullif(concat(
            {%- for segment in segments() if segment.scheme == 'company' %}
            case when {{ segment_condition(segment) }} then ',{{ segment.code }}' else '' end,
            {%- endfor %}
            ''
        ) || ',', ',')
    end
{%- endmacro %}


{# The rules of a segment in words. #}
{% macro segment_in_words(segment) -%}
    {%- set alternatives = [] -%}
    {%- for alternative in segment.rules | groupby('alternative') -%}
        {%- set conditions = [] -%}
        {%- for rule in alternative.list -%}
            {%- do conditions.append(
                rule.attribute ~ ' ' ~ rule.operator ~ ' '
                ~ (rule.value | string | replace('|', ' or '))
            ) -%}
        {%- endfor -%}
        {%- do alternatives.append(conditions | join(', ')) -%}
    {%- endfor -%}
    {{- return(alternatives | join('; or ')) -}}
{%- endmacro %}


{# What tells customers of one month apart who are in other segments. #}
{% macro columns_of_set() -%}
    {{- return([
        'month_key', 'is_prospect', 'rfm_segment_code', 'life_cycle_segment_code',
        'value_segment_code', 'own_segment_codes',
    ]) -}}
{%- endmacro %}


{# The segments that profiles tell of, as expressions over `sets` of segments in which
   customers are together; null of who is not in the segment. `of_base` says who of them
   is in the base. #}
{% macro profiled_segments(of_base='not sets.is_prospect') -%}
    {%- set found = [
        'sets.rfm_segment_code', 'sets.life_cycle_segment_code', 'sets.value_segment_code',
        "case when " ~ of_base ~ " then 'base' end",
    ] -%}
    {%- for segment in segments() if segment.scheme == 'company' -%}
        {%- do found.append(
            "case when sets.own_segment_codes like '%," ~ segment.code ~ ",%' then '"
            ~ segment.code ~ "' end"
        ) -%}
    {%- endfor -%}
    {{- return(found) -}}
{%- endmacro %}


{# The band of dictionary `age_band` that a number of years falls into; `under_19` for
   those whom it leaves out. #}
{% macro age_band(years) -%}
    case
        when {{ years }} < 19 then 'under_19'
        {%- for last, band in [
            (24, '19_24'), (34, '25_34'), (44, '35_44'), (54, '45_54'), (64, '55_64'),
        ] %}
        when {{ years }} <= {{ last }} then '{{ band }}'
        {%- endfor %}
        when {{ years }} > 64 then '65_plus'
    end
{%- endmacro %}


{# The year of a month by its key. #}
{% macro year_of_month(month_key) -%}
    cast(substr({{ month_key }}, 1, 4) as integer)
{%- endmacro %}


{# How much more, or less, a segment buys a product than the base does: shares of the
   buyers, and how many standard errors they are apart where at least five buyers were to
   be expected; and shares of what is spent, which do not grow by buying much of all. #}
{% macro fit_measures(segment, base) -%}
    {%- set shares = {} -%}
    {%- for name, rows in {'own': segment, 'usual': base}.items() -%}
        {%- for part, whole in {
            'buyer_count': 'segment_buyer_count', 'net_amount': 'segment_amount',
        }.items() -%}
            {%- do shares.update({(name, part): 'cast(' ~ rows ~ '.' ~ part
                ~ ' as double) / nullif(' ~ rows ~ '.' ~ whole ~ ', 0)'}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- set own = shares['own', 'buyer_count'] -%}
    {%- set usual = shares['usual', 'buyer_count'] -%}
    {%- set own_amount = shares['own', 'net_amount'] -%}
    {%- set usual_amount = shares['usual', 'net_amount'] -%}
    cast(100 * {{ own }} as decimal(9, 4)) as buyer_pct,
        cast(100 * {{ usual }} as decimal(9, 4)) as base_buyer_pct,
        cast(100 * ({{ own }}) / nullif({{ usual }}, 0) as decimal(18, 2))
            as index_to_base,
        cast(
            case
                when {{ segment }}.segment_buyer_count * {{ usual }} >= 5
                    then ({{ own }} - {{ usual }}) / nullif(sqrt(
                        {{ usual }} * (1 - {{ usual }})
                        / nullif({{ segment }}.segment_buyer_count, 0)
                    ), 0)
            end as decimal(9, 2)
        ) as standard_errors,
        cast(100 * {{ own_amount }} as decimal(18, 4)) as amount_pct,
        cast(100 * {{ usual_amount }} as decimal(18, 4)) as base_amount_pct,
        cast(
            100 * ({{ own_amount }}) / nullif({{ usual_amount }}, 0) as decimal(18, 2)
        ) as amount_index_to_base
{%- endmacro %}
