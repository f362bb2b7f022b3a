"""Distances between rows of the parts: balls, nearest records, attacks, and planted copies."""
