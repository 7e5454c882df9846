"""The command `clientele`: one module per group of commands."""
