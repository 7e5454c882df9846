{# The attributes that a party row can claim, in their order: each with its group, the
   column that holds its comparable form where there is one, and its class of personal
   data as the standard marks it. Empty while dbt parses. #}
{% macro claimed_attributes() -%}
    {%- set attributes = [] -%}
    {%- set marks = {} -%}
    {%- if execute -%}
        {%- for node in graph.nodes.values() if node.name == 'input_party' -%}
            {%- for name, column in node.columns.items() -%}
                {%- do marks.update({name: column.meta.get('pii')}) -%}
            {%- endfor -%}
        {%- endfor -%}
        {%- for group, content in party_attributes().items() -%}
            {%- set columns = group_columns(content) -%}
            {%- for name in columns if not name.endswith('_standard') -%}
                {%- do attributes.append({
                    'name': name,
                    'group': group,
                    'standard': standard_form_of(name, columns),
                    'personal_class': marks.get(name),
                }) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endif -%}
    {{- return(attributes) -}}
{%- endmacro %}


{# The column of a group that holds the standard form of another; none without one. #}
{% macro standard_form_of(name, columns) -%}
    {%- set form = {
        'full_name': 'name_standard', 'address_line': 'address_standard',
    }.get(name, name ~ '_standard') -%}
    {{- return(form if form in columns else none) -}}
{%- endmacro %}


{# What two claims of an attribute are compared by: the standard form, else the delivered
   text without case. #}
{% macro comparable(attribute, relation) -%}
    {%- set text = "lower(trim(cast(" ~ relation ~ "." ~ attribute.name ~ " as "
        ~ dbt.type_string() ~ ")))" -%}
    {%- if attribute.standard -%}
    coalesce({{ relation }}.{{ attribute.standard }}, {{ text }})
    {%- else -%}
    {{ text }}
    {%- endif -%}
{%- endmacro %}


{# What rows of the relation say, in its comparable form: a row per attribute that is not
   null, with `attribute_name` and `value_code`, under the keys of the relation. `values`
   has the expression of each attribute. #}
{% macro values_as_rows(relation, keys, values) -%}
    {{ return(adapter.dispatch('values_as_rows')(relation, keys, values)) }}
{%- endmacro %}

{% macro default__values_as_rows(relation, keys, values) -%}
    {%- for name, expression in values.items() %}
    select
        {{ keys | join(',\n        ') }},
        '{{ name }}' as attribute_name,
        {{ expression }} as value_code
    from {{ relation }}
    where {{ expression }} is not null
    {{ "union all" if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{# In one scan: sixty of them at once would each keep memory of their own for what joins
   their rows. #}
{% macro duckdb__values_as_rows(relation, keys, values) -%}
    select *
    from (
        select
            {{ keys | join(',\n            ') }},
            unnest([
                {%- for name in values %}
                '{{ name }}'{{ "," if not loop.last }}
                {%- endfor %}
            ]) as attribute_name,
            unnest([
                {%- for expression in values.values() %}
                {{ expression }}{{ "," if not loop.last }}
                {%- endfor %}
            ]) as value_code
        from {{ relation }}
    ) as listed
    where value_code is not null
{%- endmacro %}


{# The comparable forms of all attributes of a relation, by their names. #}
{% macro comparable_values(relation) -%}
    {%- set found = {} -%}
    {%- for attribute in claimed_attributes() -%}
        {%- do found.update({attribute.name: comparable(attribute, relation)}) -%}
    {%- endfor -%}
    {{- return(found) -}}
{%- endmacro %}


{# Class of personal data of a claim, null when it is none. Names and codes of
   organisations are published; the same columns of a person may identify one. #}
{% macro claim_class(attribute, party_kind) -%}
    {%- set of_organisations = {
        'full_name': 'name', 'short_name': 'name', 'organisation_code': 'national_id',
        'tax_id': 'national_id',
    } -%}
    {%- if attribute.name in of_organisations -%}
    case
        when {{ party_kind }} = 'organisation' then null
        else '{{ of_organisations[attribute.name] }}'
    end
    {%- elif attribute.personal_class -%}
    '{{ attribute.personal_class }}'
    {%- else -%}
    cast(null as {{ dbt.type_string() }})
    {%- endif -%}
{%- endmacro %}


{# The area that an address or a number belongs to; null for what belongs to none. Reads
   the place of the row. #}
{% macro claim_area(attribute) -%}
    {%- set areas = {
        'address_line': 'coalesce(city, region, country_code)',
        'mobile': 'country_code', 'phone': 'country_code', 'fax': 'country_code',
    } -%}
    cast({{ areas.get(attribute.name, 'null') }} as {{ dbt.type_string() }})
{%- endmacro %}


{# How likely a claim is right at its age: the reliability of its source at first, in the
   end no more than a guess among all values there might be. `credences` is a relation
   with the columns of `int_source__credences`. Never 0 or 1, whose logarithm is none. #}
{% macro aged_reliability(credences, claimed_at) -%}
    least(greatest(
        1.0 / nullif({{ credences }}.wrong_value_count + 1, 0)
        + ({{ credences }}.reliability - 1.0 / nullif({{ credences }}.wrong_value_count + 1, 0))
        * pow(
            cast(0.5 as double),
            cast({{ whole_age(claimed_at, credences ~ '.latest_date') }} as double)
            / nullif(cast({{ credences }}.half_life_days as double), 0)
        ), 0.000001
    ), 0.999999)
{%- endmacro %}


{# The vote of a source for a value: the logarithm of the odds that it is right rather
   than one of the wrong values. Rounded, so that votes add up to the same in any order. #}
{% macro vote(chance_right, wrong_value_count) -%}
    cast(ln(
        {{ wrong_value_count }} * {{ chance_right }} / nullif(1 - {{ chance_right }}, 0)
    ) as decimal(9, 6))
{%- endmacro %}


{# What votes weigh, as a decimal: no sum of them depends on the order of its parts. #}
{% macro odds(votes) -%}
    cast(exp(cast({{ votes }} as double)) as decimal(18, 12))
{%- endmacro %}


{# The rows of some records, placed in the order in which they hold, with the country and
   the kind by which each is to be read: a delta may leave them out.
   `statement_count` counts the rows of the record that are no deletions. With the ledger,
   `is_said_again` tells which rows of snapshots say what the row before them said. #}
{% macro rows_of_records(delivered, records, loads=none) -%}
    {%- set in_order %}
            partition by {{ delivered }}.source_name, {{ delivered }}.source_record_id
            order by
                {{ delivered }}.valid_from nulls first,
                {{ delivered }}.delivered_on nulls first,
                {{ delivered }}.load_id nulls first,
                {{ delivered }}.load_row nulls first
    {%- endset -%}
    select
        {{ delivered }}.*,
        {{ carry_forward('country_code', 'history') }} as known_country_code,
        {{ carry_forward('party_kind', 'history') }} as known_party_kind,
        row_number() over history as place,
        {%- if loads %}
        {{ is_said_again(delivered, loads, 'rows_in_order') }} as is_said_again,
        {%- endif %}
        count(case when not is_deleted then 1 end) over (
            partition by {{ delivered }}.source_name, {{ delivered }}.source_record_id
        ) as statement_count
    from {{ delivered }}
    inner join {{ records }}
        on
            {{ delivered }}.source_name = {{ records }}.source_name
            and {{ delivered }}.source_record_id = {{ records }}.source_record_id
    {%- if loads %}
    left join {{ loads }} on {{ delivered }}.load_id = {{ loads }}.load_id
    {%- endif %}
    window
        rows_in_order as (
            {{- in_order }}
        ),
        history as (
            {{- in_order }}
            rows between unbounded preceding and current row
        )
{%- endmacro %}


{# The standard forms that depend on a country, each as it is read by this one. #}
{% macro forms_by_country(country_column) -%}
    {{- return({
        'mobile_standard': standard_phone('mobile', country_column),
        'phone_standard': standard_phone('phone', country_column),
        'postcode_standard': standard_postcode('postcode', country_column),
    }) -}}
{%- endmacro %}
