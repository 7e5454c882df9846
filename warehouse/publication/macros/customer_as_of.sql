-- The customers as they were at a moment, as far as the warehouse knew at another.
create macro main.customer_as_of(valid_at, known_at) as table
select *
from descriptive.hist_customer
where
    hist_customer.valid_from <= valid_at
    and hist_customer.valid_to > valid_at
    and hist_customer.known_from <= known_at
    and hist_customer.known_to > known_at;
