{{ config(**made_whole_with_journal(['customer_id'])) }}

with statements as (
    select * from {{ ref('int_relationship__statements') }}
),

link_history as (
    select * from {{ ref('int_customer__link_history') }}
),

policy as (
    select * from {{ ref('relationship_policy') }}
),

first_parties as (
    -- A record that its source deleted still tells whom it was about.
    select
        statements.source_name,
        statements.relationship_record_id,
        statements.relationship_type_code,
        statements.role_code,
        statements.related_party_source_name,
        statements.related_party_record_id,
        links.customer_id,
        statements.valid_from,
        statements.valid_to,
        greatest(statements.known_from, links.known_from) as known_from,
        least(statements.known_to, links.known_to) as known_to
    from statements
    inner join link_history as links
        on
            statements.party_source_name = links.source_name
            and statements.party_record_id = links.source_record_id
            and statements.known_from < links.known_to
            and statements.known_to > links.known_from
),

both_parties as (
    select
        first_parties.source_name,
        first_parties.relationship_record_id,
        first_parties.relationship_type_code,
        first_parties.role_code,
        first_parties.customer_id,
        links.customer_id as related_customer_id,
        first_parties.valid_from,
        first_parties.valid_to,
        greatest(first_parties.known_from, links.known_from) as known_from,
        least(first_parties.known_to, links.known_to) as known_to
    from first_parties
    inner join link_history as links
        on
            first_parties.related_party_source_name = links.source_name
            and first_parties.related_party_record_id = links.source_record_id
            and first_parties.known_from < links.known_to
            and first_parties.known_to > links.known_from
),

both_ways as (
    select
        both_parties.*,
        false as is_inverse
    from both_parties
    union all
    select
        both_parties.source_name,
        both_parties.relationship_record_id,
        policy.inverse_type_code as relationship_type_code,
        both_parties.role_code,
        both_parties.related_customer_id as customer_id,
        both_parties.customer_id as related_customer_id,
        both_parties.valid_from,
        both_parties.valid_to,
        both_parties.known_from,
        both_parties.known_to,
        true as is_inverse
    from both_parties
    inner join policy
        on both_parties.relationship_type_code = policy.relationship_type_code
),

described as (
    -- A kind that a company adds to the dictionary has no policy: it has one direction.
    select
        both_ways.*,
        coalesce(policy.household_rule, 'none') as household_rule,
        policy.household_role,
        policy.role_rank
    from both_ways
    left join policy
        on both_ways.relationship_type_code = policy.relationship_type_code
    where both_ways.customer_id <> both_ways.related_customer_id
),

{{ joined_rectangles('described', 'customer_id', [
    'source_name', 'relationship_record_id', 'is_inverse', 'customer_id',
    'related_customer_id', 'relationship_type_code', 'role_code', 'household_rule',
    'household_role', 'role_rank',
]) }},

final as (
    select * from described_joined
)

select * from final
