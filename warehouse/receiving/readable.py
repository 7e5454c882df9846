"""A refused row as a person can read it."""

from warehouse.company import Company
from warehouse.receiving.model import MENDED_FOLDER
from warehouse.receiving.quarantine import QuarantinedRow


def readable(company: Company, row: QuarantinedRow) -> str:
    """Return the names of the columns and the row's bytes, read as declared.

    Args:
        company: Whose contract says how the row was written.
        row: The row; bytes that cannot be read stay visible as escapes.
    """
    for source in company.sources:
        for table in source.tables:
            if (source.name, table.name) == (row.source_name, row.table_name):
                names = ", ".join(column.name for column in table.columns)
                is_plain = row.delivered_name.startswith(MENDED_FOLDER)
                is_plain = is_plain or table.is_database or table.format != "csv"
                encoding = "utf-8" if is_plain else table.encoding
                text = row.raw_bytes.decode(encoding, "backslashreplace")
                return f"columns: {names}\n{text}"
    return row.raw_bytes.decode("utf-8", "backslashreplace")
