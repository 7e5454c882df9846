"""Makes `keyed_hash` known on every connection that dbt opens.

Named in profiles.yml, with the folder of the company's secrets; the key itself is read
from there and named nowhere else.
"""

from collections.abc import Mapping
from pathlib import Path

import duckdb

from warehouse.identity.ids import SAMPLE_KEY, read_key
from warehouse.keyed_hash import define


class Plugin:
    """What dbt-duckdb loads by the name of this module, and the calls it makes of it.

    Args:
        name: The alias in profiles.yml.
        plugin_config: `secrets`, the folder of the key, and `is_sample`, not empty for
            a company whose key is public. Without a folder the public key serves.
        credentials: What dbt-duckdb knows of the target; not needed.
    """

    def __init__(
        self, *, name: str, plugin_config: Mapping[str, str], credentials: object
    ) -> None:
        """Note where the key is; it is read when dbt connects."""
        self.name, self.creds = name, credentials
        folder = plugin_config.get("secrets")
        self._secrets = Path(folder) if folder else None
        self._is_sample = bool(plugin_config.get("is_sample"))

    def update_connection_config(
        self, creds: object, config: dict[str, object]
    ) -> None:
        """Ask for no other way to connect."""

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        """Leave the connection as it is; the macro belongs to each cursor."""

    def configure_cursor(self, cursor: duckdb.DuckDBPyConnection) -> None:
        """Define the macro on a cursor, which shares none with its siblings."""
        key = (
            read_key(self._secrets, is_sample=self._is_sample)
            if self._secrets
            else SAMPLE_KEY
        )
        define(cursor, key)
