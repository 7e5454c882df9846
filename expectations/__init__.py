"""What is checked at the doors (raw) and at the gate (marts), by Great Expectations.

Suites are code: generated from the contracts and from the data tests in the dbt
manifest, and a few written by hand. This package is given plain data (paths, the
manifest as a dict, load ids) and gives plain data back; who stores it, and what is held
back, is not its concern.
"""

from expectations.data_docs import write_data_docs
from expectations.doors import run_doors
from expectations.gate import guarded_tables, run_gate
from expectations.results import CheckResult, Outcome, Severity, Stage, holds_back

__all__ = [
    "CheckResult",
    "Outcome",
    "Severity",
    "Stage",
    "guarded_tables",
    "holds_back",
    "run_doors",
    "run_gate",
    "write_data_docs",
]
