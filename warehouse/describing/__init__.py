"""What the published tables are, read from dbt's manifest and written for readers."""
