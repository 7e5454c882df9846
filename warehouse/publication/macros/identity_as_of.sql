-- Whom each record stood for at a moment, as far as the warehouse knew at another.
create macro main.identity_as_of(valid_at, known_at) as table
select *
from descriptive.bridge_customer_identity
where
    bridge_customer_identity.valid_from <= valid_at
    and bridge_customer_identity.valid_to > valid_at
    and bridge_customer_identity.known_from <= known_at
    and bridge_customer_identity.known_to > known_at;
