"""Neighbours and hashing, shared by over-samplers, privacy metrics and filters."""
