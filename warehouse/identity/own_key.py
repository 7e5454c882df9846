"""Whether the id key at hand is the one that the ids of an archive were made with.

With another key new customers would get ids that nobody can make again, and a known
value would have another hash: quietly, and for ever. So it is asked before a night, of
an id that was minted.
"""

import hashlib
import hmac
from pathlib import Path

from warehouse.company import Company
from warehouse.database import attach, session
from warehouse.errors import WrongUseError
from warehouse.identity.ids import ID_CHARACTERS, KEY_FILE, is_key, read_key
from warehouse.settings import Settings

_IS_MADE = """
select 1 from duckdb_tables()
where
    database_name = 'archive' and schema_name = 'identity' and table_name = 'minted'
"""
_FIRST = """
select customer_id, source_name, source_record_id from archive.identity.minted
order by load_id, customer_id limit 1
"""


def key_fault(settings: Settings, archive: Path, secrets: Path) -> WrongUseError | None:
    """Say what is wrong with a key, held against the first id of an archive.

    Args:
        settings: Threads, memory and temporary space.
        archive: The archive; nobody may have it open to write.
        secrets: The folder of the key.

    Returns:
        What is wrong; none when all is well, or no id was minted yet.
    """
    first = _first_id(settings, archive) if archive.is_file() else None
    file = secrets / KEY_FILE
    if first is None:
        return None
    if not file.is_file():
        return _refused("the id key is missing", file)
    if not is_key(file):
        return _refused("the id key cannot be read", file)
    minted, source_name, source_record_id = first
    key = read_key(secrets, is_sample=False)
    if customer_id(key, source_name, source_record_id) != minted:
        return _refused("the id key is not the one that the ids were made with", file)
    return None


def assert_own_key(settings: Settings, company: Company) -> None:
    """Stop a night that would make ids with another key than those of before.

    Raises:
        WrongUseError: The key is missing, or another one.
    """
    places = settings.places
    if company.is_sample and not (places.secrets / KEY_FILE).exists():
        return
    if fault := key_fault(settings, places.archive, places.secrets):
        raise fault


def _first_id(settings: Settings, archive: Path) -> tuple[str, str, str] | None:
    with session(settings) as connection:
        attach(connection, archive, alias="archive")
        if not connection.execute(_IS_MADE).fetchone():
            return None
        return connection.execute(_FIRST).fetchone()


def _refused(what: str, file: Path) -> WrongUseError:
    return WrongUseError(
        what,
        where=str(file),
        mend="Lay the key of before there, from a backup or from where the company "
        "keeps it. With another one the same people would get other ids.",
    )


def customer_id(key: bytes, source_name: str, source_record_id: str) -> str:
    """Return the id that a founding record has under a key, as the log's SQL says it.

    HMAC-SHA256 (RFC 2104) over the two parts of the record, each with its length.
    """
    message = (
        f"{len(source_name)}:{source_name}|{len(source_record_id)}:{source_record_id}"
    )
    digest = hmac.new(key, message.encode(), hashlib.sha256).hexdigest()
    return f"c{digest[:ID_CHARACTERS]}"
