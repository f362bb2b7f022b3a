"""Neighbours and cells, shared by over-samplers, privacy metrics and filters."""
