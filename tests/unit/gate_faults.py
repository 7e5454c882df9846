"""What is planted in the tiny house of the gate, in rows that a journal tells of."""

SALE = "fct_sale", "'o4', 1"
"""The sale that a night touches: the last one of c2."""
CUSTOMER_1 = "dim_customer", "'c1'"
CUSTOMER_2 = "dim_customer", "'c2'"
AGAIN = """
insert into behavioural.fct_sale
select * replace ({}) from behavioural.fct_sale where rowid = 9;
"""
"""Writes that sale again, with something else."""
SOLD = """
insert into behavioural.fct_sale
select * replace ({}) from behavioural.fct_sale where rowid = 9;
delete from behavioural.fct_sale where rowid = 9
"""
"""Does so in place of what it was."""
VERSIONS = """
insert into descriptive.dim_customer
select * replace ({}) from descriptive.dim_customer where customer_id = 'c2';
delete from descriptive.dim_customer where rowid = 2;
"""
SAID = """
insert into input.input_sale
select * replace (2 as load_id, {}) from input.input_sale where sale_record_id = 'r9';
"""
"""What is said of a sale that was said before, or of a new one."""
KNOWN = "not_null_fct_sale_customer_key"

Fault = tuple[str, tuple[str, str] | None]
FAULTS: dict[str, Fault] = {
    KNOWN: (SOLD.format("null as customer_key"), SALE),
    "accepted_values_fct_sale_currency_code": (
        SOLD.format("'x' as currency_code"),
        SALE,
    ),
    "unique_together_fct_sale_unique_together": (AGAIN.format("7 as quantity"), SALE),
    "not_null_fct_sale_order_number": (
        SOLD.format("null as order_number"),
        ("fct_sale", "null, 1"),
    ),
    "unique_fct_sale_net_amount": (SOLD.format("1 as net_amount"), SALE),
    "relationships_fct_sale_product_key": (SOLD.format("'p9' as product_key"), SALE),
    "relationships_fct_sale_product_key of a parent that is gone": (
        "delete from shared.dim_product where product_key = 'p2'",
        None,
    ),
    "join_keeps_rows_product_key": (
        "insert into shared.dim_product values ('p1', 'x')",
        None,
    ),
    "relationships_fct_sale_customer_key": (
        "delete from descriptive.dim_customer where customer_key = 'k2'",
        CUSTOMER_1,
    ),
    "relationships_fct_sale_customer_key that changed": (
        VERSIONS.format("'k9' as customer_key"),
        CUSTOMER_2,
    ),
    "join_keeps_rows_customer_key": (
        VERSIONS.format("'k2' as customer_key"),
        CUSTOMER_2,
    ),
    "unique_dim_customer_customer_key": (
        VERSIONS.format("'k1' as customer_key"),
        CUSTOMER_2,
    ),
    "sales_equal_input": (
        SAID.format("'r20' as sale_record_id, 0 as net_amount"),
        None,
    ),
    "sales_equal_input of one that was deleted": (
        SAID.format("true as is_deleted"),
        None,
    ),
    "sale_amounts_equal_input": (SAID.format("8 as net_amount"), None),
    "sale_amounts_equal_input of another currency": (
        SAID.format("'CNY' as currency_code"),
        None,
    ),
    "events_equal_input_fct_consent": (
        "insert into input.input_consent select * replace (2 as load_id, "
        "'a9' as consent_record_id) from input.input_consent where load_row = 0",
        None,
    ),
    "versions_do_not_overlap_dim_customer_versions_do_not_overlap": (
        VERSIONS.format("timestamp '9999-12-31' as valid_from"),
        CUSTOMER_2,
    ),
    "versions_are_contiguous_dim_customer_versions_are_contiguous": (
        VERSIONS.format("timestamp '2000-01-01' as valid_from"),
        CUSTOMER_2,
    ),
    "versions_are_contiguous_when_known_hist_customer_"
    "versions_are_contiguous_when_known": (
        "insert into descriptive.hist_customer values ('c9', date '1900-01-01', "
        "date '2026-01-05', date '2026-01-02', date '9999-12-31')",
        ("hist_customer", "'c9'"),
    ),
}
"""By the check that fails, what is planted, and the key that a journal tells of it."""
