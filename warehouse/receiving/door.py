"""The checks at the door: each row held against its contract, in one look."""

from datetime import date, timedelta

import duckdb

from warehouse.contracts import ColumnContract, TableContract
from warehouse.data_types import MOST_DIGITS, common_decimal, scale_of
from warehouse.database import identifier, literal
from warehouse.receiving.columns import is_id
from warehouse.receiving.profile import Profile, look_over, without_refused
from warehouse.receiving.records import LONGEST_RECORD
from warehouse.receiving.sound import sound_sql
from warehouse.receiving.typing import typed_columns, typed_name, typed_sql

_REASONS = {
    "required_missing": "a value is required",
    "not_a_number": "the text is no number as declared",
    "not_finite": "the number is not finite",
    "overflow": "the number does not fit its type",
    "mangled_id": "the id is in scientific notation, its digits are lost",
    "not_a_date": "the text is no date or time as declared",
    "not_a_boolean": "the text is no boolean as declared",
    "value_not_accepted": "the value is not one of those that are accepted",
    "out_of_range": "the value is outside its range",
    "too_long": "the value is longer than 2 MB",
    "nul_byte": "the value holds a NUL",
    "cell_error": "the spreadsheet could not compute the cell",
    "date_before_1900": "the date is before 1900",
    "date_in_future": "the date is beyond the business date",
    "negative_outside_returns": "the number is negative, and the row is no return",
    "exceeds_original": "the number exceeds the original, as a refund its sale",
}
_SPREADSHEET_ID = "^[0-9][.,][0-9]+E[+][0-9]+$"
_SCIENTIFIC = "^[+-]?[0-9]+([.,][0-9]+)?[eE][+-]?[0-9]+$"
_WHOLE = "^[+-]?[0-9]{5,}$"
_CELL_ERROR = "^#(DIV/0!|N/A|NAME[?]|NULL!|NUM!|REF!|VALUE!|SPILL!|CALC!|FIELD!)$"
_TRACE = 6
"""How many digits behind the last that a type holds a number must be told by."""
_NOT_FINITE = "^[+-]?(nan|inf|infinity)$"


def _untyped_code(column: ColumnContract, text: str) -> str:
    """Return the expression of why a text could not be typed."""
    if column.data_type == "boolean":
        return "'not_a_boolean'"
    if column.data_type in ("date", "timestamp"):
        return "'not_a_date'"
    mangled = (
        f"when regexp_matches({text}, {literal(_SCIENTIFIC)}) then 'mangled_id' "
        if column.data_type in ("integer", "bigint")
        else ""
    )
    digits = f"regexp_replace({text}, '[^0-9]', '', 'g')"
    return (
        f"case when regexp_matches(lower({text}), {literal(_NOT_FINITE)}) "
        f"then 'not_finite' {mangled}"
        f"when regexp_matches({text}, {literal(_WHOLE)}) or (length({digits}) > 9 and "
        f"regexp_matches({text}, '^[-+0-9.,]+$')) then 'overflow' "
        "else 'not_a_number' end"
    )


def _time_faults(typed: str, column: ColumnContract, on: date) -> list[str]:
    faults = [f"when {typed} < date '1900-01-01' then 'date_before_1900'"]
    if not column.may_be_future:
        end = (on + timedelta(days=2)).isoformat()
        faults.append(f"when {typed} >= date {literal(end)} then 'date_in_future'")
    return faults


def _digit_faults(typed: str, text: str, column: ColumnContract) -> list[str]:
    """Return the clause that finds digits after the mark that the type cannot hold.

    What computes in binary fractions leaves a trace far behind the last digit that is
    meant: it is not held against the number.
    """
    scale = scale_of(column.data_type)
    wider = scale + _TRACE
    if scale == 0 or wider >= MOST_DIGITS:
        return []
    exact = column.model_copy(update={"data_type": f"decimal({MOST_DIGITS}, {wider})"})
    like = literal(f"%{column.number.decimal_mark}{'_' * (scale + 1)}%")
    return [
        f"when case when {text} like {like} "
        f"then {typed} <> {typed_sql(text, exact)} end then 'overflow'"
    ]


def _range_faults(typed: str, column: ColumnContract) -> list[str]:
    limits = [(column.minimum, "<"), (column.maximum, ">")]
    return [
        f"when {typed} {sign} {limit!r} then 'out_of_range'"
        for limit, sign in limits
        if limit is not None
    ]


def _faults(column: ColumnContract, table: TableContract, on: date) -> list[str]:
    """Return the `when` clauses that find what is wrong with a column's value."""
    raw, typed = identifier(column.name), typed_name(column.name)
    text = f"trim({raw})"
    is_key = column.name in (*table.keys, table.cursor)
    faults = []
    if table.format == "excel":
        faults.append(
            f"when regexp_matches({text}, {literal(_CELL_ERROR)}) then 'cell_error'"
        )
    if table.format == "parquet" and column.data_type == "varchar":
        faults += [
            f"when strlen({raw}) > {LONGEST_RECORD} then 'too_long'",
            f"when contains({raw}, chr(0)) then 'nul_byte'",
        ]
    if is_key or (column.is_required and not column.is_optional):
        faults.append(f"when coalesce({text}, '') = '' then 'required_missing'")
    elif column.is_required:
        faults.append(f"when {text} = '' then 'required_missing'")
    if column.data_type != "varchar":
        code = _untyped_code(column, text)
        faults.append(f"when {typed} is null and {text} <> '' then {code}")
    elif is_id(column, table):
        pattern = literal(_SPREADSHEET_ID)
        faults.append(f"when regexp_matches({text}, {pattern}) then 'mangled_id'")
    faults += _digit_faults(typed, text, column)
    if column.accepted_values:
        accepted = ", ".join(literal(value) for value in column.accepted_values)
        faults.append(
            f"when {text} <> '' and {text} not in ({accepted}) "
            "then 'value_not_accepted'"
        )
    if column.data_type in ("date", "timestamp"):
        faults += _time_faults(typed, column, on)
    elif column.data_type not in ("varchar", "boolean"):
        faults += _range_faults(typed, column)
    return faults


def _faults_beside(column: ColumnContract, table: TableContract) -> list[str]:
    """Return the `when` clauses of a value that is wrong beside others of its row."""
    typed, faults = typed_name(column.name), []
    if flag := column.negative_only_when:
        faults.append(
            f"when {typed} < 0 and {typed_name(flag)} is not true "
            "then 'negative_outside_returns'"
        )
    if limit := column.not_larger_than:
        # a whole number has no `abs` at its lower end, a decimal has
        exact = common_decimal(column.data_type, table.column(limit).data_type)
        size, most = (
            f"abs(cast({each} as {exact}))" for each in (typed, typed_name(limit))
        )
        faults.append(f"when {size} > {most} then 'exceeds_original'")
    return faults


def _verdicts(table: TableContract, checked: list[tuple[str, list[str]]]) -> str:
    """Return the statement that enters the first fault of each bad row."""
    found = ", ".join(
        f"case {' '.join(faults)} end as {identifier(f'fault_{index}')}"
        for index, (_, faults) in enumerate(checked)
    )
    codes = [identifier(f"fault_{index}") for index in range(len(checked))]
    names = " ".join(
        f"when {code} is not null then {literal(name)}"
        for code, (name, _) in zip(codes, checked, strict=True)
    )
    reasons = " ".join(
        f"when {literal(code)} then {literal(reason)}"
        for code, reason in _REASONS.items()
    )
    return f"""
        insert into temp.verdict
        with typed as (
            select {typed_columns(table)}, rowid as rid
            from temp.delivered
            where rowid in (select rid from temp.suspect)
        ),
        judged as (select rid, {found} from typed),
        first_fault as (
            select
                rid,
                coalesce({", ".join(codes)}) as code,
                case {names} end as column_name
            from judged
            where coalesce({", ".join(codes)}) is not null
        )
        select rid, code, column_name, case code {reasons} end from first_fault
        order by rid
        """  # noqa: S608


def check_rows(
    connection: duckdb.DuckDBPyConnection, table: TableContract, business_date: date
) -> Profile:
    """Make the temp table `verdict`: rowid, code, column, reason of each bad row.

    Args:
        connection: A session with the temp table `delivered`.
        table: The contract.
        business_date: The day the rows belong to, for dates in the future.

    Returns:
        The profile of the rows without a verdict.
    """
    own = [(each.name, _faults(each, table, business_date)) for each in table.columns]
    # last: what cannot be read is told before what is wrong beside it
    beside = [(each.name, _faults_beside(each, table)) for each in table.columns]
    checked = [(name, faults) for name, faults in own + beside if faults]
    connection.execute(
        "create or replace temp table verdict "
        "(rid bigint, code varchar, column_name varchar, reason varchar)"
    )
    cases = [f"(case {' '.join(faults)} end)" for _, faults in beside if faults]
    look = look_over(connection, table, sound_sql(table, business_date, cases))
    if look.suspects:
        refused = connection.execute(_verdicts(table, checked)).fetchone()
        if refused and refused[0]:
            return without_refused(connection, table, look)
    return look.profile
