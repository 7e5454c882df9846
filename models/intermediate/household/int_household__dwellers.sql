{%- set carried = [
    'seniority', 'customer_id', 'birth_date', 'dwelling_key', 'locality_key',
    'phone_key', 'mobile_key', 'postcode_standard', 'family_key', 'geography_key',
    'home_key',
] -%}
{%- set key = ['home_key'] -%}
{%- set reads = [{'keys_of': 'int_household__residents', 'columns': ['home_key']}] -%}
{{ config(**built_by_keys(key, reads)) }}

with all_residents as (
    select * from {{ ref('int_household__residents') }}
),

residents as (
    {{ rows_of_touched_keys('all_residents', key) }}
),

dwellings as (
    select
        dwelling_key,
        min(seniority) < max(seniority) as is_shared
    from residents
    where dwelling_key is not null
    group by dwelling_key
),

sharers as (
    select residents.*
    from residents
    inner join dwellings on residents.dwelling_key = dwellings.dwelling_key
    where dwellings.is_shared
),

{{ known_slabs('sharers', 'dwelling_key') }},

{{ most_at_once('sharers', 'dwelling_key') }},

final as (
    select
        {% for column in carried -%}
        sharers_in_slabs.{{ column }},
        {% endfor -%}
        sharers_peaks.most_at_once,
        sharers_in_slabs.valid_from,
        sharers_in_slabs.valid_to,
        sharers_in_slabs.slab_from as known_from,
        sharers_in_slabs.slab_to as known_to
    from sharers_in_slabs
    inner join sharers_peaks
        on
            sharers_in_slabs.dwelling_key = sharers_peaks.dwelling_key
            and sharers_in_slabs.slab_from = sharers_peaks.slab_from
    union all
    select
        {% for column in carried -%}
        residents.{{ column }},
        {% endfor -%}
        case when residents.dwelling_key is null then 0 else 1 end as most_at_once,
        residents.valid_from,
        residents.valid_to,
        residents.known_from,
        residents.known_to
    from residents
    left join dwellings on residents.dwelling_key = dwellings.dwelling_key
    where not coalesce(dwellings.is_shared, false)
)

select * from final
