with homes as (
    select * from {{ ref('int_household__homes') }}
),

policy as (
    select * from {{ ref('household_policy') }}
),

evidence as (
    -- A telephone of one postcode; one address that some state without its postcode.
    {% for number in ['phone', 'mobile'] -%}
    select
        {{ number }}_key as tie_key,
        seniority,
        anchor,
        cast(null as varchar) as postcode,
        true as is_enough,
        valid_from,
        valid_to,
        known_from,
        known_to
    from homes
    where anchor is not null and {{ number }}_key is not null
    union all
    {% endfor -%}
    select
        locality_key as tie_key,
        seniority,
        anchor,
        postcode_standard as postcode,
        postcode_standard is null as is_enough,
        valid_from,
        valid_to,
        known_from,
        known_to
    from homes
    where anchor is not null and locality_key is not null
),

tie_keys as (
    select tie_key
    from evidence
    group by tie_key
    having min(anchor) < max(anchor) and bool_or(is_enough)
),

holders as (
    select evidence.*
    from evidence
    inner join tie_keys on evidence.tie_key = tie_keys.tie_key
),

{{ known_slabs('holders', 'tie_key') }},

{{ most_at_once('holders', 'tie_key') }},

few as (
    select
        holders_in_slabs.tie_key,
        holders_in_slabs.anchor,
        holders_in_slabs.postcode,
        holders_in_slabs.is_enough,
        holders_in_slabs.valid_from,
        holders_in_slabs.valid_to,
        holders_in_slabs.slab_from as known_from,
        holders_in_slabs.slab_to as known_to
    from holders_in_slabs
    inner join holders_peaks
        on
            holders_in_slabs.tie_key = holders_peaks.tie_key
            and holders_in_slabs.slab_from = holders_peaks.slab_from
    inner join policy
        on
            policy.formed_by = 'phone'
            and holders_peaks.most_at_once <= policy.person_limit
),

{{ known_slabs('few', 'tie_key') }},

{{ valid_cells('few', 'tie_key', ['anchor', 'postcode', 'is_enough']) }},

compared as (
    select
        *,
        min(anchor) over cell as first_anchor,
        coalesce(min(postcode) over cell = max(postcode) over cell, true)
        and bool_or(is_enough) over cell as is_tied
    from few_in_cells
    window cell as (partition by tie_key, known_from, valid_from)
),

final as (
    select distinct
        tie_key,
        anchor,
        first_anchor,
        valid_from,
        valid_to,
        known_from,
        known_to
    from compared
    where is_tied and first_anchor < anchor
)

select * from final
