"""Cases of bad input that have a test of their own: outcome, reason code, and where.

Outcomes beside those of `gallery.Case`: `warn`, `repeat`, `wait`, and `unverified`, of
what is kept and shown but never used to tell who is who.
"""

MENDS = "tests/flow/test_bad_input_mends.py"
FILES = "tests/flow/test_bad_input_files.py"
ROWS = "tests/flow/test_bad_input_rows.py"
DATABASES = "tests/unit/test_receiving_databases.py"
HISTORY = "tests/unit/test_receiving_history.py"
STATUS = "tests/unit/test_pipelines_status.py"
HOSTILE = "tests/unit/test_bad_input_hostile.py"
NIGHT = "tests/flow/test_bad_input_night.py"
LIKENESS = "tests/unit/test_identity_likeness.py"

ELSEWHERE: list[tuple[str, str, str, str | None, str]] = [
    (
        *("Bytes", "broken line of a declared encoding", "quarantine"),
        *("broken_encoding", f"{MENDS}::test_a_broken_line_of_a_declared_encoding"),
    ),
    (
        *("Structure", "new column, to be kept", "keep", None),
        f"{MENDS}::test_columns_are_matched_by_name",
    ),
    (
        *("Structure", "line breaks in fields, empty lines", "keep", None),
        f"{ROWS}::test_lines_are_physical_and_rows_are_records",
    ),
    *(
        ("Files", name, outcome, code, test)
        for name, outcome, code, test in (
            ("same bytes again", "repeat", None, f"{MENDS}::test_the_same_bytes"),
            (
                *("same name, other bytes", "warn", None),
                f"{STATUS}::test_the_same_name_with_other_bytes_is_warned_of",
            ),
            ("overlapping batches", "repeat", None, f"{MENDS}::test_overlapping"),
            (
                *("late and out of order", "mend", None),
                f"{HISTORY}::test_snapshots_in_any_order_give_the_same_states",
            ),
            (
                *("late file of a night", "mend", None),
                "tests/flow/test_night_history.py::test_a_late_file_corrects_history",
            ),
            ("missing day", "warn", None, f"{STATUS}::test_a_day_without_deliveries"),
            (
                *("table that missed a date", "warn", None),
                f"{STATUS}::test_a_table_that_missed_a_date_is_warned_of",
            ),
            (
                *("no contract claims it", "warn", None),
                f"{HISTORY}::test_a_file_that_no_contract_claims_is_reported",
            ),
            ("still being written", "wait", None, f"{MENDS}::test_a_file_still"),
            (
                *("changed while it is read", "wait", None),
                f"{FILES}::test_a_file_that_changes_while_it_is_read",
            ),
            (
                *("half of it, and later the whole", "repeat", None),
                f"{FILES}::test_half_a_file_and_then_the_whole",
            ),
            (
                *("taken away before it is read", "wait", None),
                f"{FILES}::test_a_file_that_is_gone_before_it_is_read",
            ),
            (
                *("taken away when it is looked at", "wait", None),
                f"{FILES}::test_a_file_that_is_gone_when_it_is_looked_at",
            ),
            *(
                (name, "refuse", code, f"{DATABASES}::{test}")
                for name, code, test in (
                    (
                        *("database that never answers", "source_unreachable"),
                        "test_a_database_that_lets_us_in_and_never_answers",
                    ),
                    (
                        *("table that is locked for too long", "source_unreachable"),
                        "test_a_table_that_is_locked_for_too_long",
                    ),
                    (
                        *("web page for sqlite", "web_page"),
                        "test_a_file_that_is_no_whole_database",
                    ),
                    (
                        *("csv for sqlite", "wrong_magic"),
                        "test_a_file_that_is_no_whole_database",
                    ),
                    (
                        *("sqlite cut", "damaged"),
                        "test_a_file_that_is_no_whole_database",
                    ),
                )
            ),
            (
                *("snapshot that shrinks too far", "refuse", "shrinkage"),
                f"{FILES}::test_a_snapshot_that_shrinks_too_far_is_held",
            ),
            (
                *("database that does not answer", "refuse", "source_unreachable"),
                f"{DATABASES}::test_a_database_that_is_not_there_is_refused",
            ),
        )
    ),
    (
        *("Files", "hostile names: quotes, globs, `..`, newline, 255 bytes, SQL"),
        *("keep", None, f"{MENDS}::test_a_hostile_name_is_only_a_name"),
    ),
    (
        *("Values", "key with two contents in one snapshot", "quarantine"),
        *("key_conflict", f"{ROWS}::test_a_key_with_two_contents_in_one_snapshot"),
    ),
    (
        *("Values", "id in a program's short form, `4.0128e+10`", "mend", None),
        "tests/flow/test_real_companies.py::test_an_abridged_number_is_written_out",
    ),
    (
        *("Values", "bad cell of Parquet or Excel", "quarantine", "not_a_number"),
        f"{ROWS}::test_a_bad_row_of_a_table_file_goes_to_quarantine_alone",
    ),
    (
        *("Values", "unknown currency that no contract lists", "warn", None),
        f"{NIGHT}::test_an_unknown_currency_is_in_no_total",
    ),
    (
        *("Dates", "formats that read one text as two moments", "refuse", None),
        "tests/unit/test_contracts.py::"
        "test_formats_that_read_one_text_as_two_moments_are_refused",
    ),
    (
        *("Identity", "full-width, zero-width, NBSP, NFD", "mend", None),
        "tests/unit/test_standardization.py::test_text_is_folded_for_comparison",
    ),
    (
        *("Identity", "look-alike letters", "unverified", None),
        f"{LIKENESS}::test_look_alike_letters_never_link_alone",
    ),
    (
        *("Identity", "failed check digit of GB 11643 or GB 32100", "unverified", None),
        f"{HOSTILE}::test_a_wrong_check_digit_proves_nothing",
    ),
    *(
        ("Identity", f"{what}, in a night", "unverified", None, f"{NIGHT}::{test}")
        for what, test in (
            (
                "check digits that fail, placeholders of phone, e-mail, id and code",
                "test_what_proves_nothing_links_nobody",
            ),
        )
    ),
    *(
        ("Identity", what, "unverified", None, f"{HOSTILE}::{test}")
        for what, test in (
            (
                "failed check digit of a tax number",
                "test_a_tax_number_in_the_form_of_a_code",
            ),
            ("placeholder of a tax number", "test_a_tax_number_that_is_typed_for_none"),
        )
    ),
    (
        *("Identity", "placeholder phone", "unverified", None),
        "tests/unit/test_standardization.py::test_a_placeholder_is_no_phone",
    ),
    (
        *("Identity", "one phone on 10,000 customers", "unverified", None),
        "tests/flow/test_crowds.py::test_a_phone_of_ten_thousand_merges_nobody",
    ),
    *(
        ("Hostile text", name, "keep", None, test)
        for name, test in (
            (
                "names and cities that are SQL, Jinja, YAML, HTML, orders, in a night",
                f"{NIGHT}::test_what_is_typed_is_published_as_it_was_typed",
            ),
            (
                "name of a file that is SQL, Jinja, YAML, HTML, in a night",
                f"{NIGHT}::test_the_name_of_a_file_is_published",
            ),
            (
                "HTML, in the report of quality",
                f"{NIGHT}::test_no_page_runs_what_was_typed",
            ),
            (
                "HTML, in a name of the report",
                "tests/unit/test_quality_page.py::test_a_hostile_name_stays_text",
            ),
            (
                "line break of a header, in a mail or webhook",
                "tests/unit/test_channels.py::test_a_mail_goes_to_all",
            ),
            (
                "what steers a terminal, in a night",
                f"{NIGHT}::test_a_terminal_is_shown_what_was_typed",
            ),
            (
                "what steers a terminal",
                "tests/unit/test_terminal.py::test_what_steers_is_shown",
            ),
            (
                "header that is YAML or SQL, in a first contract",
                "tests/unit/test_sniffing_checking.py::test_headers_that_are_code",
            ),
        )
    ),
    (
        *("Hostile text", "formula, on export to a sheet", "mend", None),
        "tests/unit/test_quarantine_sheets.py::"
        "test_a_sheet_gives_back_what_it_was_given",
    ),
    (
        *("Hostile text", "header that opens a template, in a first contract"),
        *("refuse", None),
        "tests/unit/test_sniffing.py::test_a_file_that_is_no_table_is_refused",
    ),
    (
        *("Hostile text", "YAML tag in a contract", "refuse", None),
        f"{HOSTILE}::test_a_tag_of_yaml_runs_nothing",
    ),
    (
        *("Hostile text", "name that is no identifier", "refuse", None),
        f"{HOSTILE}::test_a_name_that_is_sql_reaches_no_statement",
    ),
    (
        *("Persons", "sale whose customer comes later", "mend", None),
        "tests/flow/test_night_history.py::"
        "test_a_sale_finds_its_customer_who_comes_later",
    ),
    (
        *("Persons", "person under age", "flag", None),
        "tests/flow/test_dbt_tests.py::test_every_unit_test_of_a_model_passes",
    ),
    (
        *("Persons", "test account on the company's list", "flag", None),
        "tests/flow/test_dbt_tests.py::test_every_unit_test_of_a_model_passes",
    ),
]
