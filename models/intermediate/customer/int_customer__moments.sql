{%- set key = ['customer_id', 'known_from'] -%}
{%- set reads = [
    {'keys_of': 'int_customer__epochs'},
    {'keys_of': 'int_customer__statements', 'via': epochs_of_customers()},
] -%}
{{ config(**built_by_keys(key, reads)) }}

with statements as (
    select * from {{ ref('int_customer__statements') }}
),

all_epochs as (
    select * from {{ ref('int_customer__epochs') }}
),

epochs as (
    {{ rows_of_touched_keys('all_epochs', key) }}
),

contested as (
    select *
    from statements
    where statement_count > 1
),

known as (
    select
        epochs.known_from as epoch_from,
        epochs.known_to as epoch_to,
        contested.*
    from epochs
    inner join contested
        on
            epochs.customer_id = contested.customer_id
            and epochs.known_from >= contested.known_from
            and epochs.known_from < contested.known_to
),

moments as (
    select
        customer_id,
        epoch_from,
        valid_from
    from known
    group by customer_id, epoch_from, valid_from
),

holding as (
    select
        known.customer_id,
        known.statement_number,
        known.source_name,
        known.source_record_id,
        known.party_kind,
        known.registered_at,
        known.is_deleted,
        moments.valid_from,
        known.epoch_from as known_from,
        known.epoch_to as known_to,
        bool_or(not known.is_deleted) over moment as has_living,
        bool_and(known.is_external) over moment as is_prospect
    from moments
    inner join known
        on
            moments.customer_id = known.customer_id
            and moments.epoch_from = known.epoch_from
            and moments.valid_from >= known.valid_from
            and moments.valid_from < known.valid_to
    window
        moment as (
            partition by known.customer_id, known.epoch_from, moments.valid_from
        )
),

final as (
    -- A deleted record says nothing while another lives; when all are deleted, their
    -- last values stay. Who was once our own is no prospect again.
    select
        customer_id,
        statement_number,
        source_name,
        source_record_id,
        party_kind,
        registered_at,
        is_prospect,
        not has_living as is_deleted,
        valid_from,
        known_from,
        known_to
    from holding
    where is_deleted <> has_living
)

select * from final
