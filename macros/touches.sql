{# What the ranges of consents are made of, as a table built by keys `reads` it: the word of
   each customer, and the channels that a word without a channel is of. #}
{% macro reads_of_consent_ranges() -%}
    {{ return([
        {
            'keys_of': 'int_consent__latest',
            'via': "select customer_id from changed where customer_id <> '_unknown'",
        },
        {'keys_of': 'int_consent__channels', 'via': "
            select statements.customer_id
            from {{ ref('int_consent__latest') }} as statements
            cross join changed
            where
                statements.channel_code is null
                and statements.customer_id <> '_unknown'
        "},
    ]) }}
{%- endmacro %}


{# What touches of campaigns are made of, as a table built by keys `reads` it: deliveries and
   links, campaigns, what their customers agreed to, and of which channels consents speak. #}
{% macro reads_of_touches() -%}
    {%- set built = "select built.source_name, built.campaign_touch_record_id "
        ~ "from {{ this }} as built inner join changed on " -%}
    {{ return(reads_of_event('input_campaign_touch', 'campaign_touch_record_id') + [
        {
            'keys_of': 'int_campaign__current',
            'via': built ~ "built.campaign_source_name = changed.source_name "
                ~ "and built.campaign_record_id = changed.campaign_record_id",
        },
        {
            'keys_of': 'int_consent__ranges',
            'via': built ~ "built.customer_id = changed.customer_id",
        },
        {
            'keys_of': 'int_consent__spoken_of',
            'via': built ~ "built.channel_code = changed.channel_code",
        },
    ]) }}
{%- endmacro %}


{# Who was touched: the customer; who is not linked yet is still the same record in every
   touch, and whom no record names is nobody else. Never null. #}
{% macro person_code(touch) -%}
    case
            when {{ touch }}.customer_id <> '_unknown' then {{ touch }}.customer_id
            when {{ touch }}.party_record_id is null
                then {{ surrogate_key([
                    touch ~ '.source_name', touch ~ '.campaign_touch_record_id'
                ]) }}
            else {{ surrogate_key([
                touch ~ '.party_source_name', touch ~ '.party_record_id'
            ]) }}
        end
{%- endmacro %}
