"""Metadata of the Synthetic Data Vault, read as our schemas: the JSON files, never its code."""
