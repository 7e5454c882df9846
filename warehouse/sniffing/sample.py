"""From a file to a sample of its records as text: encoding, dialect, header.

Nothing is typed here; `warehouse.sniffing.values` does that.
"""

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd
from charset_normalizer import from_bytes

from warehouse.errors import WrongUseError

SAMPLE_BYTES = 32 << 20
SAMPLE_ROWS = 100_000
_FORMATS = {
    ".csv": "csv",
    ".txt": "csv",
    ".tsv": "csv",
    ".parquet": "parquet",
    ".jsonl": "json_lines",
    ".ndjson": "json_lines",
    ".xlsx": "excel",
    ".xls": "excel",
}
_MARK = re.compile("{[{%#]")
"""What opens a template, which dbt would take a contract's text for."""
_OTHER_ENCODINGS = ["big5", "shift_jis", "euc_kr", "cp1252", "cp1250", "cp1251"]


@dataclass(frozen=True)
class Sample:
    """A sample of a file, as table `sample` with columns `c0`, `c1` ... of text.

    What was delivered empty is an empty text.
    """

    file: Path
    connection: duckdb.DuckDBPyConnection
    format: str
    headers: list[str]
    row_count: int
    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    sheet: str | None = None


def read_sample(file: Path) -> Sample:
    """Read the first records of a file as text.

    Raises:
        WrongUseError: The file is of no format that is known here, has no records, or
            its encoding, its columns or its header cannot be told.
    """
    form = _FORMATS.get(file.suffix.lower())
    if form is None:
        raise WrongUseError(
            "the ending of the file tells no format that can be sniffed",
            where=file.name,
            mend=f"Give it one of: {', '.join(_FORMATS)}.",
        )
    connection = duckdb.connect(":memory:")
    if form == "csv":
        sample = _read_csv(file, connection)
    elif form == "excel":
        sample = _read_excel(file, connection)
    else:
        sample = _read_with_schema(file, connection, form)
    if not sample.row_count:
        raise WrongUseError(
            "the file has no records",
            where=file.name,
            mend="Give a file with at least a few.",
        )
    _check_header(sample)
    return sample


def encoding_of(content: bytes, *, where: str) -> str:
    """Tell the encoding of a text from its bytes.

    UTF-8 proves itself. Chinese text of the GB family has pairs of bytes above 0xA0,
    which other 8-bit text almost never has; for the rest the likeliest is taken.

    Raises:
        WrongUseError: No encoding that deliveries may have fits.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    for encoding, declared in (("utf-8", "utf-8"), ("gb2312", "gb18030")):
        if _reads(content, encoding):
            return declared
    best = from_bytes(content, cp_isolation=["gb18030", *_OTHER_ENCODINGS]).best()
    if best is None:
        raise WrongUseError(
            "the encoding of the file cannot be told",
            where=where,
            mend="Save it as UTF-8, or write the contract by hand.",
        )
    if _reads(content, "cp1252") and content.decode("cp1252") == str(best):
        return "cp1252"
    return best.encoding.replace("_", "-") if "euc" in best.encoding else best.encoding


def _reads(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _first_lines(file: Path) -> bytes:
    with file.open("rb") as opened:
        content = opened.read(SAMPLE_BYTES)
    is_cut = len(content) == SAMPLE_BYTES
    return content[: content.rfind(b"\n") + 1] if is_cut else content


def _read_csv(file: Path, connection: duckdb.DuckDBPyConnection) -> Sample:
    content = _first_lines(file)
    encoding = encoding_of(content, where=file.name)
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "sample.csv"
        text = content.decode(encoding).removeprefix("\ufeff")
        plain.write_text(text, encoding="utf-8", newline="")
        try:
            delimiter, quote, headers = _dialect(plain, connection)
            _keep(_lines(plain, connection, delimiter, len(headers), header=True))
        except duckdb.Error as error:
            raise WrongUseError(
                "the columns of the file cannot be told apart",
                where=file.name,
                mend="Every line needs as many fields as the header, "
                "and no line may stand before it.",
            ) from error
    return Sample(
        file=file,
        connection=connection,
        format="csv",
        headers=headers,
        row_count=_count(connection),
        encoding=encoding,
        delimiter=delimiter,
        quote=quote,
    )


def _dialect(
    plain: Path, connection: duckdb.DuckDBPyConnection
) -> tuple[str, str, list[str]]:
    found = connection.execute(
        "select Delimiter, Quote, SkipRows, HasHeader, "
        "list_transform(Columns, lambda each: each.name) "
        "from sniff_csv(?, all_varchar = true, header = true)",
        [str(plain)],
    ).fetchone()
    if found is None or found[2] or not found[3] or len(found[4]) < 2:
        raise duckdb.InvalidInputException("no table")
    delimiter, width = found[0], len(found[4])
    first_line = _lines(plain, connection, delimiter, width, header=False).fetchone()
    return delimiter, '"', [(name or "").strip() for name in first_line or ()]


def _lines(
    plain: Path,
    connection: duckdb.DuckDBPyConnection,
    delimiter: str,
    width: int,
    *,
    header: bool,
) -> duckdb.DuckDBPyRelation:
    return connection.read_csv(
        str(plain),
        header=header,
        auto_detect=False,
        delimiter=delimiter,
        quotechar='"',
        escapechar='"',
        columns={f"c{i}": "varchar" for i in range(width)},
    )


def _keep(records: duckdb.DuckDBPyRelation) -> None:
    texts = records.project("coalesce(cast(columns(*) as varchar), '')")
    texts.limit(SAMPLE_ROWS).create("sample")


def _read_excel(file: Path, connection: duckdb.DuckDBPyConnection) -> Sample:
    with pd.ExcelFile(file, engine="calamine") as book:
        sheet = str(book.sheet_names[0])
        frame = pd.read_excel(
            book, sheet, dtype=str, keep_default_na=False, nrows=SAMPLE_ROWS
        )
    headers = [str(name).strip() for name in frame.columns]
    frame.columns = pd.Index([f"c{i}" for i in range(len(headers))])
    _keep(connection.from_df(frame))
    return Sample(
        file=file,
        connection=connection,
        format="excel",
        headers=headers,
        row_count=_count(connection),
        sheet=sheet,
    )


def _read_with_schema(
    file: Path, connection: duckdb.DuckDBPyConnection, form: str
) -> Sample:
    try:
        _keep(
            connection.read_parquet(str(file))
            if form == "parquet"
            else connection.read_json(str(file), format="newline_delimited")
        )
    except duckdb.Error as error:
        raise WrongUseError(
            f"the file cannot be read as {form}",
            where=file.name,
            mend="Look whether it is whole, and whether its ending is right.",
        ) from error
    names = connection.table("sample").columns
    for i, name in enumerate(names):
        old = '"' + name.replace('"', '""') + '"'
        connection.execute(f"alter table sample rename column {old} to c{i}")
    return Sample(
        file=file,
        connection=connection,
        format=form,
        headers=list(names),
        row_count=_count(connection),
    )


def _count(connection: duckdb.DuckDBPyConnection) -> int:
    found = connection.execute("select count(*) from sample").fetchone()
    return int(found[0]) if found else 0


def _check_header(sample: Sample) -> None:
    headers = sample.headers
    blank = [i + 1 for i, name in enumerate(headers) if not name]
    repeated = sorted({name for name in headers if headers.count(name) > 1})
    number = [i + 1 for i, name in enumerate(headers) if name.isnumeric()]
    marked = [i + 1 for i, name in enumerate(headers) if _MARK.search(name)]
    if blank or repeated or number or marked:
        raise WrongUseError(
            "the first line is no header: "
            f"blank fields {blank}, numbers {number}, template marks {marked}, "
            f"{len(repeated)} names more than once",
            where=f"{sample.file.name}, line 1",
            mend="Put one name for each column there.",
        )
