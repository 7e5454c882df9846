{# How a table of customers builds anew only those whom something happened to, as facts do
   with their rows (macros/touched.sql): beside the table lies from which states of its
   customers it was built, and changes in the transaction in which the table does. A
   touched customer is replaced whole: dropped before the build, and built from all that
   is known of it. #}

{# The customers that are to be built: on a first build all of the states; later those
   whose state is not the one that the table was built from, be they new or gone. `states`
   has one row per customer, `customer_id` and `customer_state`. #}
{% macro touched_customers(states) -%}
    {%- if is_incremental() and load_relation(seen_members(this)) -%}
    select coalesce(states.customer_id, seen.customer_id) as customer_id
    from {{ states }} as states
    full outer join {{ seen_members(this) }} as seen
        on states.customer_id = seen.customer_id
    where states.customer_state is distinct from seen.customer_state
    {%- else -%}
    select customer_id
    from {{ states }}
    {%- endif -%}
{%- endmacro %}


{# The hook before the build: drops the rows of the customers that are built anew, and of
   those that are gone. A table without notes of what it was built from is emptied. #}
{% macro before_touched_customers(states) -%}
    {{ return("{{ drop_touched_customers(this, ref('" ~ states ~ "')) }}") }}
{%- endmacro %}

{% macro drop_touched_customers(table, states) -%}
    {%- if is_incremental() -%}
    delete from {{ table }}
    {%- if load_relation(seen_members(table)) %}
    where customer_id in ({{ touched_customers(states) }})
    {%- endif %}
    {%- endif -%}
{%- endmacro %}


{# The hook after the build: notes from which states of its customers the table was
   built. #}
{% macro after_touched_customers(states) -%}
    {{ return("{{ note_members(this, ref('" ~ states ~ "')) }}") }}
{%- endmacro %}
