"""Drawings: numbers in, one SVG element out."""
