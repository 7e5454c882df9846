"""The keyed hash that stands for a personal value where readers may see it.

A plain hash of a phone number is undone by hashing every number there is. This one is
HMAC-SHA256 (FIPS 198-1) under a key of its own, drawn from the company's secret key as
HKDF-Expand (RFC 5869) draws one: who learns the one does not learn the other. Equal
values have equal hashes, so agreement can be counted without any value.

The key is bound on the connection as part of a temporary macro: it is in no statement
that dbt writes or logs, in no database, and gone with the connection.
"""

import hashlib
import hmac

import duckdb

from warehouse.database import literal

HASH_CHARACTERS = 32
"""Hexadecimal characters kept, 128 bits: two values of 10^12 share one with 10^-15."""

_BLOCK_BYTES = 64
_INNER_PAD, _OUTER_PAD = 0x36, 0x5C
_USE = b"clientele: hash of a claimed value"


def value_key(key: bytes) -> bytes:
    """Return the key of values, 32 bytes, drawn from the company's secret key."""
    return hmac.digest(key, _USE + b"\x01", hashlib.sha256)


def hash_parameters(key: bytes) -> dict[str, bytes]:
    """Return the padded keys of HMAC, as the SQL binds them: `$inner` and `$outer`."""
    if len(key) > _BLOCK_BYTES:
        key = hashlib.sha256(key).digest()
    block = key.ljust(_BLOCK_BYTES, b"\0")
    return {
        "inner": bytes(byte ^ _INNER_PAD for byte in block),
        "outer": bytes(byte ^ _OUTER_PAD for byte in block),
    }


def define(connection: duckdb.DuckDBPyConnection, key: bytes) -> None:
    """Make `keyed_hash(text)` known to this connection alone.

    It gives null for null, else `HASH_CHARACTERS` hexadecimal characters.

    Args:
        connection: Where the macro is made; cursors of it need their own.
        key: The company's secret key, as `warehouse.identity.ids.read_key` gives it.
    """
    padded = {
        name: literal(value.hex())
        for name, value in hash_parameters(value_key(key)).items()
    }
    connection.execute(f"""
        create or replace temp macro keyed_hash(value) as left(
            sha256(unhex({padded["outer"]}) || unhex(sha256(
                unhex({padded["inner"]}) || encode(cast(value as varchar))
            ))), {HASH_CHARACTERS}
        )
    """)
