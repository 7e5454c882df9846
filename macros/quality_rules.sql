{# All that the policies of quality state of the columns of the input entities, read once
   for a model. #}
{% macro quality_policies(columns) -%}
    {{- return({
        'ranges': plausible_ranges(columns),
        'rules': consistency_rules(columns),
        'placeholders': placeholders(),
        'places': postcode_places(),
    }) -}}
{%- endmacro %}


{# What a value must lie between to be plausible, by `entity.attribute`, as the policy
   `plausibility_policy` states it. Empty until the seed is there. #}
{% macro plausible_ranges(columns) -%}
    {%- set found = {} -%}
    {%- for row in _rows_of_policy('plausibility_policy', [
        'entity_name', 'attribute_name', 'measured_as', 'lower_value', 'upper_value',
    ], ['entity_name', 'attribute_name']) -%}
        {%- do _types_of_rule('plausibility_policy', columns, row, ['attribute_name']) -%}
        {%- do found.update({row['entity_name'] ~ '.' ~ row['attribute_name']: row}) -%}
    {%- endfor -%}
    {{- return(found) -}}
{%- endmacro %}


{# Whether a value lies within its bounds, as an SQL condition. `measured_as` is `number`,
   or `days_ago` and `years_ago` of a date, a moment or a year, seen from the business
   date of the delivery. #}
{% macro is_plausible(attribute, bounds) -%}
    {%- set days = dbt.datediff(
        'cast(' ~ attribute.name ~ ' as date)', 'delivered_on', 'day'
    ) -%}
    {%- set amount = {
        'number': attribute.name,
        'days_ago': days,
        'years_ago': 'extract(year from delivered_on) - ' ~ attribute.name
            if attribute.data_type == 'integer' else days ~ ' / 365.25',
    }.get(bounds['measured_as']) -%}
    {%- if not amount -%}
        {{ _refuse_rule_of('plausibility_policy', "the measure '" ~ bounds['measured_as'] ~ "'") }}
    {%- endif -%}
    {{- return(
        amount ~ ' >= ' ~ bounds['lower_value'] ~ ' and ' ~ amount ~ ' <= '
        ~ bounds['upper_value']
    ) -}}
{%- endmacro %}


{# What must agree within a record, by `entity.attribute`, as the policy
   `consistency_rule` states it. Empty until the seed is there. #}
{% macro consistency_rules(columns) -%}
    {%- set found = {} -%}
    {%- for row in _rows_of_policy('consistency_rule', [
        'rule_code', 'entity_name', 'attribute_name', 'comparison',
        'other_attribute_name',
    ], 'rule_code') -%}
        {%- do found.setdefault(
            row['entity_name'] ~ '.' ~ row['attribute_name'], []
        ).append({
            'one': row['attribute_name'],
            'other': row['other_attribute_name'],
            'comparison': row['comparison'],
            'types': _types_of_rule(
                'consistency_rule', columns, row, ['attribute_name', 'other_attribute_name']
            ),
        }) -%}
    {%- endfor -%}
    {{- return(found) -}}
{%- endmacro %}


{# The rows that any of the rules of an attribute can be asked of, and those of them that
   hold to every rule that they can be asked, both as SQL conditions. #}
{% macro are_consistent(rules, places) -%}
    {%- set asked = [] -%}
    {%- set held = [] -%}
    {%- for rule in rules -%}
        {%- set can_be_asked, holds = _question_of_rule(rule, places) -%}
        {%- do asked.append('(' ~ can_be_asked ~ ')') -%}
        {%- do held.append('coalesce(not (' ~ can_be_asked ~ ') or ' ~ holds ~ ', true)') -%}
    {%- endfor -%}
    {{- return([
        '(' ~ asked | join(' or ') ~ ')', held | join(' and '),
    ]) -}}
{%- endmacro %}

{% macro _question_of_rule(rule, places) -%}
    {%- set as_date = 'date' in rule.types -%}
    {%- set one = 'cast(' ~ rule.one ~ ' as date)' if as_date else rule.one -%}
    {%- set other = 'cast(' ~ rule.other ~ ' as date)' if as_date else rule.other -%}
    {%- set both = rule.one ~ ' is not null and ' ~ rule.other ~ ' is not null' -%}
    {%- set proven = rule.one ~ '_standard' -%}
    {%- set with_id = 'length(' ~ proven ~ ') = 18 and ' ~ rule.other ~ ' is not null' -%}
    {%- set found = {
        'not_before': [both, one ~ ' >= ' ~ other],
        'not_after': [both, one ~ ' <= ' ~ other],
        'at_most': [both, one ~ ' <= ' ~ other],
        'below': [both, one ~ ' < ' ~ other],
        'not_larger': [both, 'abs(' ~ one ~ ') <= abs(' ~ other ~ ')'],
        'part_of': [
            both, 'instr(lower(' ~ rule.other ~ '), lower(' ~ rule.one ~ ')) > 0',
        ],
        'less_discount': [
            both,
            'abs(abs(' ~ other ~ ') - abs(coalesce(discount_amount, 0)) - abs(' ~ one
            ~ ')) <= 0.01',
        ],
        'tells_birth_date': [
            with_id,
            'substr(' ~ proven ~ ", 7, 8) = replace(cast(" ~ rule.other ~ ' as '
            ~ dbt.type_string() ~ "), '-', '')",
        ],
        'tells_sex': [
            with_id ~ ' and ' ~ rule.other ~ " in ('male', 'female')",
            'cast(substr(' ~ proven ~ ', 17, 1) as integer) % 2 = case '
            ~ rule.other ~ " when 'male' then 1 else 0 end",
        ],
        'lies_in': _places_of_postcodes(proven, rule.other, places),
    }.get(rule.comparison) -%}
    {%- if not found -%}
        {{ _refuse_rule_of('consistency_rule', "the comparison '" ~ rule.comparison ~ "'") }}
    {%- endif -%}
    {{- return(found) -}}
{%- endmacro %}

{# A postcode is asked where both its first characters and the region as it is written are
   those of the reference; elsewhere nothing is known against it. #}
{% macro _places_of_postcodes(postcode, region, places) -%}
    {%- set asked = [] -%}
    {%- set held = [] -%}
    {%- for place in places -%}
        {%- set first = 'substr(' ~ postcode ~ ', 1, ' ~ place.length ~ ')' -%}
        {%- set inside = "upper(coalesce(country_code, '"
            ~ var('company').get('country', '') ~ "')) = '" ~ place.country ~ "' and " -%}
        {%- do asked.append(
            '(' ~ inside ~ first ~ ' in (' ~ text_list(place.prefixes) ~ ') and ' ~ region
            ~ ' in (' ~ text_list(place.regions) ~ '))'
        ) -%}
        {%- do held.append(
            '(' ~ inside ~ 'concat_ws(' ~ text_literal('|') ~ ', ' ~ first ~ ', ' ~ region
            ~ ') in (' ~ text_list(place.pairs) ~ '))'
        ) -%}
    {%- endfor -%}
    {{- return([
        '(' ~ asked | join(' or ') ~ ')' if asked else 'false',
        '(' ~ held | join(' or ') ~ ')' if held else 'true',
    ]) -}}
{%- endmacro %}


{# The regions in which the postcodes of a country lie, as the policy `postcode_region`
   states them: beginnings, regions and pairs of the two, by country and length of the
   beginning. Empty until the seed is there. #}
{% macro postcode_places() -%}
    {%- set found = {} -%}
    {%- for row in _rows_of_policy('postcode_region', [
        'country_code', 'postcode_prefix', 'region',
    ], ['country_code', 'postcode_prefix', 'region']) -%}
        {%- set prefix = row['postcode_prefix'] | string -%}
        {%- set place = found.setdefault(row['country_code'] ~ prefix | length, {
            'country': row['country_code'], 'length': prefix | length,
            'prefixes': [], 'regions': [], 'pairs': [],
        }) -%}
        {%- for kind, text in {
            'prefixes': prefix, 'regions': row['region'],
            'pairs': prefix ~ '|' ~ row['region'],
        }.items() if text not in place[kind] -%}
            {%- do place[kind].append(text) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{- return(found.values() | list) -}}
{%- endmacro %}


{# Texts that sources write where they know nothing, in lower case, as the policy
   `placeholder_text` lists them. Empty until the seed is there. #}
{% macro placeholders() -%}
    {%- set found = [] -%}
    {%- for row in _rows_of_policy('placeholder_text', ['placeholder'], 'placeholder') -%}
        {%- do found.append(row['placeholder'] | string | lower) -%}
    {%- endfor -%}
    {{- return(found) -}}
{%- endmacro %}

{% macro _rows_of_policy(name, columns, key) -%}
    {%- set stated = policy(name, key, columns) -%}
    {%- if execute and load_relation(ref(name)) -%}
        {{- return(
            run_query('select * from (' ~ stated ~ ') as rules order by '
            ~ columns | join(', ')).rows
        ) -}}
    {%- endif -%}
    {{- return([]) -}}
{%- endmacro %}

{# The types of the columns that a rule speaks of; a column that is none is refused. #}
{% macro _types_of_rule(seed, columns, row, names) -%}
    {%- set known = columns.get(row['entity_name'], {}) -%}
    {%- set types = [] -%}
    {%- for name in names -%}
        {%- if row[name] not in known -%}
            {{ _refuse_rule_of(seed, "'" ~ row['entity_name'] ~ '.' ~ row[name] ~ "'") }}
        {%- endif -%}
        {%- do types.append(known[row[name]].data_type) -%}
    {%- endfor -%}
    {{- return(types) -}}
{%- endmacro %}

{% macro _refuse_rule_of(seed, what) -%}
    {{ exceptions.raise_compiler_error(
        'a row of ' ~ seed ~ ' has ' ~ what ~ ', which no input entity knows: mend the seed'
    ) }}
{%- endmacro %}
