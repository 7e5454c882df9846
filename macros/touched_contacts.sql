{# What tells a table that is built by keys which of its keys a change concerns: the text
   of queries for its `reads`, rendered by its hook. `changed` are the touched keys, `this`
   is the table as it was. #}

{# Of records: the customers behind them now, and those who had what they said. #}
{% macro customers_of_changed_records() -%}
{{ return("
    select links.customer_id
    from changed
    inner join {{ ref('int_customer__links') }} as links
        on
            changed.source_name = links.source_name
            and changed.source_record_id = links.source_record_id
    union all
    select built.customer_id
    from {{ this }} as built
    inner join changed
        on
            built.party_source_name = changed.source_name
            and built.party_record_id = changed.source_record_id
") }}
{%- endmacro %}


{# Of contact points that a source keeps itself: the customers of their parties. #}
{% macro customers_of_changed_points() -%}
{{ return("
    select links.customer_id
    from changed
    inner join {{ ref('int_contact_point__states') }} as states
        on
            changed.source_name = states.source_name
            and changed.contact_point_record_id = states.contact_point_record_id
    inner join {{ ref('int_customer__links') }} as links
        on
            states.party_source_name = links.source_name
            and states.party_record_id = links.source_record_id
    union all
    select built.customer_id
    from {{ this }} as built
    inner join changed
        on
            built.source_name = changed.source_name
            and built.claim_record_id = changed.contact_point_record_id
") }}
{%- endmacro %}


{# Of contacts and of touches: the reports that they tell, where they tell any. #}
{% macro told_reports(told_by) -%}
{{ return(
    "select {{ surrogate_key([\"'" ~ told_by ~ "'\", surrogate_key(["
    ~ "'changed.source_name', 'changed." ~ told_by ~ "_record_id'])]) }} as report_key"
    ~ " from changed"
) }}
{%- endmacro %}


{# Of customers: the reports that were held to be of them, those that their records are
   named in, and those of a value that they claim, which name nobody. #}
{% macro reports_of_changed_customers() -%}
{{ return("
    select built.report_key
    from {{ this }} as built
    inner join changed on built.customer_id = changed.customer_id
    union all
    select reports.report_key
    from {{ ref('int_contact_point__reports') }} as reports
    inner join {{ ref('int_customer__links') }} as links
        on
            reports.party_source_name = links.source_name
            and reports.party_record_id = links.source_record_id
    inner join changed on links.customer_id = changed.customer_id
    union all
    select reports.report_key
    from {{ ref('int_contact_point__reports') }} as reports
    inner join {{ ref('int_contact_point__claims') }} as claims
        on reports.value_code = claims.value_code
    inner join changed on claims.customer_id = changed.customer_id
    where reports.party_record_id is null
") }}
{%- endmacro %}


{# Of reports: the points whose history they are, or were, part of. #}
{% macro histories_of_changed_reports() -%}
{{ return("
    select tried.history_key
    from {{ ref('int_contact_point__tried') }} as tried
    inner join changed on tried.report_key = changed.report_key
    union all
    select built.history_key
    from {{ this }} as built
    inner join changed on built.report_key = changed.report_key
") }}
{%- endmacro %}


{# Of such histories: the customers of their points. #}
{% macro customers_of_changed_histories() -%}
{{ return("
    select points.customer_id
    from changed
    inner join {{ ref('int_contact_point__points') }} as points
        on changed.history_key = points.contact_point_key
") }}
{%- endmacro %}


{# Of such histories, of customers, of records: the rows of the fact, now and before. #}
{% macro statuses_of_changed_histories() -%}
{{ return("
    select statuses.contact_point_event_key as contact_point_status_key
    from changed
    inner join {{ ref('int_contact_point__statuses') }} as statuses
        on changed.history_key = statuses.history_key
    union all
    select built.contact_point_status_key
    from {{ this }} as built
    inner join changed on built.contact_point_key = changed.history_key
    union all
    select history_key from changed
") }}
{%- endmacro %}

{% macro statuses_of_changed_customers() -%}
{{ return("
    select statuses.contact_point_event_key as contact_point_status_key
    from changed
    inner join {{ ref('int_contact_point__statuses') }} as statuses
        on changed.customer_id = statuses.customer_id
") }}
{%- endmacro %}

{% macro statuses_of_changed_records() -%}
{{ return("
    select statuses.contact_point_event_key as contact_point_status_key
    from changed
    inner join {{ ref('int_contact_point__statuses') }} as statuses
        on
            changed.source_name = statuses.party_source_name
            and changed.source_record_id = statuses.party_record_id
") }}
{%- endmacro %}
