"""Rows in groups: by sensitive columns, and how models serve each."""
