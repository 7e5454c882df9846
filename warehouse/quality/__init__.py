"""The report on quality that people read, made from what is published."""

from warehouse.quality.page import write_page
from warehouse.quality.reading import Grade, Report, read_report

__all__ = ["Grade", "Report", "read_report", "write_page"]
