{# The entities of the input layer that a company's sources are mapped to, and whose rows
   are measured. What people decide with the house's own commands is none of them. #}
{% macro measured_entities() -%}
    {{- return([
        'agent', 'campaign', 'campaign_touch', 'competitor_purchase', 'complaint',
        'consent', 'contact_point', 'deal_step', 'exchange_rate',
        'experiment_assignment', 'indicator', 'list', 'list_terms', 'outlet', 'party',
        'product', 'promotion', 'relationship', 'sale', 'service_contact',
        'service_usage', 'supply', 'survey_answer', 'target', 'web_event',
    ]) -}}
{%- endmacro %}


{# The attributes of an input entity that are measured: each with its type, the column that
   is filled only when its value proved valid, the dictionary of its codes, and the kind
   of party that has it, where not every kind does. Left out are what the warehouse adds
   and the id of the record itself; of a reference, its id is measured, not its source. #}
{% macro measured_attributes(columns) -%}
    {%- set found = [] -%}
    {%- for name, column in columns.items() -%}
        {%- set sources = name | replace('_record_id', '_source_name') -%}
        {%- set is_own_id = name.endswith('_record_id') and sources not in columns -%}
        {%- if not (
            name in bookkeeping_columns() or column.meta.get('is_derived') or is_own_id
            or name.endswith('source_name')
        ) -%}
            {%- do found.append({
                'name': name,
                'data_type': column.data_type,
                'proof': proof_of(name, columns),
                'dictionary': column.meta.get('dictionary'),
                'party_kind': column.meta.get('party_kind'),
            }) -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return(found) -}}
{%- endmacro %}

{# The columns of each input entity as their yml describes them. Empty while dbt parses. #}
{% macro input_columns() -%}
    {%- set found = {} -%}
    {%- if execute -%}
        {%- for node in graph.nodes.values() if node.name.startswith('input_') -%}
            {%- do found.update({node.name.removeprefix('input_'): node.columns}) -%}
        {%- endfor -%}
    {%- endif -%}
    {{- return(found) -}}
{%- endmacro %}

{% macro bookkeeping_columns() -%}
    {{- return([
        'load_id', 'load_row', 'record_hash', 'known_at', 'delivered_on', 'valid_from',
        'is_deleted', 'left_out', 'collected_at', 'collected_by', 'collected_where',
        'collected_how', 'collected_why',
    ]) -}}
{%- endmacro %}

{% macro proof_of(name, columns) -%}
    {%- set proof = 'name_key' if name == 'full_name' else standard_form_of(name, columns) -%}
    {{- return(proof if proof in columns else none) -}}
{%- endmacro %}


{# The columns of each input entity that a source is mapped to, by entity and source: what
   its staging models have. Empty while dbt parses. #}
{% macro mapped_columns() -%}
    {%- set found = {} -%}
    {%- if execute -%}
        {%- set columns = columns_of_staging() -%}
        {%- for entity, feeds in var('inputs').items() -%}
            {%- set sources = found.setdefault(entity, {}) -%}
            {%- for feed in feeds -%}
                {%- do sources.setdefault(
                    feed.removeprefix('stg_').split('__')[0], []
                ).extend(columns.get(feed, [])) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endif -%}
    {{- return(found) -}}
{%- endmacro %}

{# The columns of every staging model, by its name. #}
{% macro columns_of_staging() -%}
    {{ return(adapter.dispatch('columns_of_staging')()) }}
{%- endmacro %}

{% macro default__columns_of_staging() -%}
    {%- set found = {} -%}
    {%- for node in graph.nodes.values() if node.name.startswith('stg_') -%}
        {%- set relation = api.Relation.create(
            database=node.database, schema=node.schema, identifier=node.alias
        ) -%}
        {%- set names = [] -%}
        {%- for column in adapter.get_columns_in_relation(relation) -%}
            {%- do names.append(column.name) -%}
        {%- endfor -%}
        {%- do found.update({node.name: names}) -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}

{% macro duckdb__columns_of_staging() -%}
    {%- set found = {} -%}
    {%- for row in run_query(
        "select table_name, column_name from information_schema.columns"
        ~ " where table_catalog = '" ~ model.database ~ "'"
        ~ " and table_schema = '" ~ generate_schema_name('staging', none) ~ "'"
        ~ " order by table_name, ordinal_position"
    ).rows -%}
        {%- do found.setdefault(row[0], []).append(row[1]) -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}


{# What is counted of the rows of an input entity, of its columns, those that each source
   is mapped to, and the policies: of each attribute that a source is mapped to and each
   measure, the rows that are asked and those that answer well, both as SQL conditions. #}
{% macro quality_counts(entity, columns, mapped, policies) -%}
    {%- set counts = [] -%}
    {%- for attribute in measured_attributes(columns) -%}
        {%- if sources_of(mapped, attribute.name) -%}
            {%- for measure, (checked, met) in _questions(
                entity, attribute, columns, policies
            ).items() -%}
                {%- do counts.append({
                    'attribute': attribute.name,
                    'measure': measure,
                    'checked': checked,
                    'well': checked if met == 'true' else met if checked == 'true'
                        else checked ~ ' and ' ~ met,
                }) -%}
            {%- endfor -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return(counts) -}}
{%- endmacro %}

{% macro _questions(entity, attribute, columns, policies) -%}
    {%- set name = attribute.name -%}
    {%- set asked = [] -%}
    {%- if attribute.party_kind -%}
        {%- do asked.append(
            "coalesce(party_kind, '" ~ attribute.party_kind ~ "') = '"
            ~ attribute.party_kind ~ "'"
        ) -%}
    {%- endif -%}
    {%- if 'left_out' in columns -%}
        {%- do asked.append("coalesce(left_out, '') not like '%," ~ name ~ ",%'") -%}
    {%- endif -%}
    {%- set stated = name ~ ' is not null' -%}
    {%- set found = {
        'completeness': [asked | join(' and ') or 'true', stated],
    } -%}
    {%- if not attribute.dictionary -%}
        {%- do found.update({'validity': [stated, _is_valid(attribute, policies.placeholders)]}) -%}
    {%- endif -%}
    {%- set bounds = policies.ranges.get(entity ~ '.' ~ name) -%}
    {%- if bounds -%}
        {%- do found.update({'plausibility': [stated, is_plausible(attribute, bounds)]}) -%}
    {%- endif -%}
    {%- set rules = policies.rules.get(entity ~ '.' ~ name, []) -%}
    {%- if rules -%}
        {%- do found.update({'consistency': are_consistent(rules, policies.places)}) -%}
    {%- endif -%}
    {{- return(found) -}}
{%- endmacro %}

{# The sources that are mapped to a column, of what `mapped_columns` gives of an entity. #}
{% macro sources_of(mapped, name) -%}
    {%- set found = [] -%}
    {%- for source, names in mapped.items() if name in names -%}
        {%- do found.append(source) -%}
    {%- endfor -%}
    {{- return(found) -}}
{%- endmacro %}


{# The answer to one question as a text: attribute, measure, rows asked, rows that answer
   well. That a source is asked at all is looked up of the few answers (`asked_of_sources`):
   a condition here, in each of hundreds, costs the engine more than all the counting. #}
{% macro answer_of(count) -%}
    {{- return(answer_as_text(
        count.attribute, count.measure,
        'count(case when ' ~ count.checked ~ ' then 1 end)',
        'count(case when ' ~ count.well ~ ' then 1 end)',
    )) -}}
{%- endmacro %}

{% macro answer_as_text(attribute, measure, checked, met) -%}
    concat_ws('|', '{{ attribute }}|{{ measure }}', {{ checked }}, {{ met }})
{%- endmacro %}

{# Which source is asked about which attribute of which entity: a row of `asked` for each,
   of the columns that each source is mapped to, by entity and source. #}
{% macro asked_of_sources(mapped) -%}
    {%- set lines = [] -%}
    {%- for entity, sources in mapped.items() -%}
        {%- for source, names in sources.items() -%}
            {%- for name in names -%}
                {%- do lines.append([entity, source, name] | join('|')) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endfor -%}
    select {{ split_rows(text_literal(lines | unique | sort | join(','))) }} as asked
{%- endmacro %}

{% macro _is_valid(attribute, placeholders) -%}
    {%- if attribute.proof -%}
    {{- return(attribute.proof ~ ' is not null') -}}
    {%- elif placeholders and is_free_text(attribute) -%}
    {{- return(
        'lower(trim(' ~ attribute.name ~ ')) not in (' ~ text_list(placeholders) ~ ')'
    ) -}}
    {%- endif -%}
    {{- return('true') -}}
{%- endmacro %}

{# Whether a placeholder would be told from a value: a code or a number may be any text. #}
{% macro is_free_text(attribute) -%}
    {%- set ending = attribute.name.split('_') | last -%}
    {{- return(
        attribute.data_type == 'varchar' and ending not in ['code', 'codes', 'id', 'number']
    ) -}}
{%- endmacro %}


{# Which column of which delivered table becomes which attribute, read from how the staging
   models type their columns: one row per source, table, entity, raw column and attribute.
   A table without such a column is there with none. #}
{% macro mapped_raw_columns() -%}
    {%- set lines = [] -%}
    {%- if execute -%}
        {%- for entity in measured_entities() -%}
            {%- set feeds = var('inputs').get(entity, []) -%}
            {%- for node in graph.nodes.values() if node.name in feeds -%}
                {%- for source_name, table_name in node.sources -%}
                    {%- do lines.append([source_name, table_name, entity, '', ''] | join('|')) -%}
                {%- endfor -%}
                {%- for found in modules.re.finditer(
                    "typed[(]\\s*'(\\w+)',\\s*'(\\w+)',\\s*'(\\w+)'(?:(?!typed[(]).)*?"
                    ~ "\\sas\\s+(\\w+)\\s*(?:,|\\n\\s*from\\s)",
                    node.raw_code, modules.re.DOTALL
                ) -%}
                    {%- set source_name, table_name, raw_column, attribute = found.groups() -%}
                    {%- do lines.append(
                        [source_name, table_name, entity, raw_column, attribute] | join('|')
                    ) -%}
                {%- endfor -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endif -%}
    select {{ split_rows(text_literal(lines | unique | sort | join(','))) }} as line
{%- endmacro %}


{# The references of an input entity that a source is mapped to: the columns of source and
   id, and the entity that they point at. `columns` are those of the entity, `mapped` those
   that each source is mapped to. #}
{% macro stated_references(columns, mapped) -%}
    {%- set found = [] -%}
    {%- for name in columns if name.endswith('_record_id') -%}
        {%- set role = name.removesuffix('_record_id') -%}
        {%- if role ~ '_source_name' in columns and sources_of(mapped, name) -%}
            {%- do found.append({
                'record': name, 'source': role ~ '_source_name',
                'member': role.split('_') | last,
            }) -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return(found) -}}
{%- endmacro %}


{# The nights that brought a load later than `since`: business date, last load, and when the
   last of what they brought was known. A late file tells of the night that it came in on,
   not of that of its own date. Reads `loads`, the ledger. #}
{% macro nights_since(since) -%}
    select
        measured_on,
        max(load_id) as load_id,
        max(known_at) as known_at
    from (
        select
            max(load_id) as load_id,
            max(known_at) as known_at,
            max(max(business_date)) over (
                order by batch_id nulls first
                rows between unbounded preceding and current row
            ) as measured_on
        from loads
        group by batch_id
    ) as batches
    group by measured_on
    having max(load_id) > {{ since }}
{%- endmacro %}


{# The answers to several questions of one row each, as rows: what `answer_of` joined. #}
{% macro answers_as_rows(relation, columns) -%}
    select
        {{ columns | join(',\n        ') }},
        split_part(answer, '|', 1) as attribute_name,
        split_part(answer, '|', 2) as measure_code,
        cast(split_part(answer, '|', 3) as bigint) as rows_checked,
        cast(split_part(answer, '|', 4) as bigint) as rows_met
    from (
        select
            {{ columns | join(',\n            ') }},
            {{ split_rows('answers') }} as answer
        from {{ relation }}
        where answers <> ''
    ) as listed
{%- endmacro %}


{# The half-lives of all groups of attributes in one row, each as `<group>_days`. `policies`
   has the columns of `reliability_policy`. #}
{% macro half_lives_of_groups(policies) -%}
    select
        {%- for group in party_attributes() %}
        max(case when attribute_group = '{{ group }}' then half_life_days end)
            as {{ group }}_days{{ "," if not loop.last }}
        {%- endfor %}
    from {{ policies }}
{%- endmacro %}
