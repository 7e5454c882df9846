"""The durable, pseudonymous customer ids, and the key they are made with.

An id is a keyed hash (HMAC-SHA256) of the founding record: without the key nobody can
find out whose it is, with it the same record always founds the same id.
"""

import hashlib
import os
import secrets
from pathlib import Path

SAMPLE_KEY = hashlib.sha256(b"clientele: the public key of sample companies").digest()
"""The key of companies whose data is made up or public, so that their ids are fixed."""

KEY_FILE = "identity.key"
"""The key's file in the folder of secrets."""
ID_CHARACTERS = 31
"""Hexadecimal characters of an id, after its `c`."""


def read_key(secrets_folder: Path, *, is_sample: bool) -> bytes:
    """Return the company's key, made at the first call.

    Args:
        secrets_folder: Where the key lies, readable by its owner alone.
        is_sample: True for a company whose ids are fixed and public.
    """
    file = secrets_folder / KEY_FILE
    if not file.exists():
        key = SAMPLE_KEY if is_sample else secrets.token_bytes(32)
        secrets_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_once(file, key)
    return bytes.fromhex(file.read_text(encoding="ascii"))


def is_key(file: Path) -> bool:
    """Return whether a file holds a key, as far as can be seen."""
    try:
        return bool(bytes.fromhex(file.read_text(encoding="ascii")))
    except ValueError:
        return False


def _write_once(file: Path, key: bytes) -> None:
    made = file.with_suffix(".new")
    made.unlink(missing_ok=True)
    descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(key.hex())
        stream.flush()
        os.fsync(stream.fileno())
    made.rename(file)
