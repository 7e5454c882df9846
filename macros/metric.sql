{# The SQL of a metric, over rows that have the columns of its table. Metrics are stated
   once, in models/metrics, as dbt's semantic layer states them; dbt checks them, and here
   they become an expression that both engines know, for any `group by`. What the graph
   says is there only when a model is run: until then a metric is null. #}
{% macro metric(name) -%}
    {%- if not execute -%} null
    {%- else -%}
    {%- set stated = _stated_metric(name) -%}
    {%- set terms = stated.type_params -%}
    {%- if stated.type == 'simple' -%}
        {%- set expression = _measure(terms.measure.name) -%}
    {%- elif stated.type == 'ratio' -%}
        {%- set expression = 'cast(' ~ metric(terms.numerator.name) ~ ' as double)'
            ~ ' / nullif(' ~ metric(terms.denominator.name) ~ ', 0)' -%}
    {%- else -%}
        {#- First marks, then SQL: what is put in may hold the name of a later part. #}
        {%- set parts = namespace(expression=terms.expr) -%}
        {%- for part in terms.metrics -%}
            {%- set parts.expression = modules.re.sub(
                '\\b' ~ part.name ~ '\\b', '@' ~ loop.index ~ '@', parts.expression
            ) -%}
        {%- endfor -%}
        {%- for part in terms.metrics -%}
            {%- set parts.expression = parts.expression | replace(
                '@' ~ loop.index ~ '@', 'cast(' ~ metric(part.name) ~ ' as double)'
            ) -%}
        {%- endfor -%}
        {%- set expression = parts.expression -%}
    {%- endif -%}
    cast({{ expression }} as {{ stated.config.meta.data_type }})
    {%- endif -%}
{%- endmacro %}


{# The model that a metric is asked of. #}
{% macro metric_model(name) -%}
    {%- set terms = _stated_metric(name).type_params -%}
    {%- if terms.measure -%}
        {{- return(_semantic_model(terms.measure.name).node_relation.alias) -}}
    {%- endif -%}
    {%- set parts = terms.metrics or [terms.numerator, terms.denominator] -%}
    {{- return(metric_model(parts[0].name)) -}}
{%- endmacro %}


{# The columns of its model that a metric reads, in the order in which it names them. #}
{% macro metric_columns(name) -%}
    {%- set model = metric_model(name) -%}
    {%- set node = graph.nodes.values()
        | selectattr('resource_type', 'equalto', 'model')
        | selectattr('name', 'equalto', model) | first -%}
    {%- set sql = modules.re.sub("'[^']*'", '', metric(name)) -%}
    {%- set found = [] -%}
    {%- for word in modules.re.findall('[a-z_]+', sql) -%}
        {%- if word in node.columns and word not in found -%}
            {%- do found.append(word) -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return(found) -}}
{%- endmacro %}


{# The columns that some metrics of one model read, each once and with what stands before
   it. None before a model is run, as the graph is not known until then. #}
{% macro columns_of_metrics(names, prefix='') -%}
    {%- set found = [] -%}
    {%- for name in names if execute -%}
        {%- for column in metric_columns(name) if prefix ~ column not in found -%}
            {%- do found.append(prefix ~ column) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{- return(found) -}}
{%- endmacro %}


{% macro _stated_metric(name) -%}
    {%- set found = graph.metrics.values() | selectattr('name', 'equalto', name) | list -%}
    {%- if not found -%}
        {{- exceptions.raise_compiler_error(
            "No metric is named '" ~ name ~ "': state it in models/metrics."
        ) -}}
    {%- endif -%}
    {{- return(found[0]) -}}
{%- endmacro %}


{% macro _semantic_model(measure) -%}
    {%- for model in graph.semantic_models.values() -%}
        {%- if measure in model.measures | map(attribute='name') -%}
            {{- return(model) -}}
        {%- endif -%}
    {%- endfor -%}
{%- endmacro %}


{% macro _measure(name) -%}
    {%- set measure = _semantic_model(name).measures
        | selectattr('name', 'equalto', name) | first -%}
    {%- set aggregates = {
        'sum': 'sum(', 'min': 'min(', 'max': 'max(', 'average': 'avg(',
        'median': 'median(', 'count': 'count(', 'count_distinct': 'count(distinct ',
    } -%}
    {{- return(aggregates[measure.agg] ~ (measure.expr or measure.name) ~ ')') -}}
{%- endmacro %}
