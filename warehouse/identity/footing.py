"""What a log of identity changes rests on besides the loads that it was made of.

The rules, and what the identified loads state in their standard form. Where either is
no longer what it was, a night that only added to the log would say what no replay says:
it would read scores of states that nobody holds any more, and leave alone whoever has
nothing new.
"""

import hashlib
from importlib.metadata import version
from pathlib import Path
from string import Template

import duckdb

from warehouse.identity.profile_statements import COLUMNS

RULES = Path(__file__).parent
"""Where all is written that decides who is who, but for models: these are events."""

_STATED = Template("""
create or replace temp table footing as
select
    load_id,
    count(*) || ':' || sum(hash(
        source_name, source_record_id, load_row, delivered_on, valid_from, is_deleted,
        left_out, party_kind, $columns
    )) as stated_hash
from work.input.input_party
group by load_id
""").substitute(columns=COLUMNS)
"""A sum, so that the order of the rows is nothing to it."""

_MOVED = """
select count(*)
from archive.identity.progress
left join footing using (load_id)
where
    progress.rules_hash is distinct from $rules
    or progress.stated_hash is distinct from footing.stated_hash
"""


def rules_hash(unique_sources: list[str]) -> str:
    """Return a digest of all that decides who is who besides deliveries and models.

    Args:
        unique_sources: Sources that hold no customer twice.
    """
    digest = hashlib.sha256(" ".join(sorted(unique_sources)).encode())
    for library in ("duckdb", "splink"):
        digest.update(version(library).encode())
    for file in sorted(RULES.rglob("*.py")):
        digest.update(file.name.encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def has_moved(connection: duckdb.DuckDBPyConnection, rules: str) -> bool:
    """Return whether the log rests on other rules, or on rows that say other things.

    Makes temp table `footing`, what each load states now.

    Args:
        connection: A session with `work` and `archive` attached.
        rules: The digest of today's rules.
    """
    connection.execute(_STATED)
    found = connection.execute(_MOVED, {"rules": rules}).fetchone()
    return bool(found and found[0])
