"""Figures that know their blocks, and intervals around them."""
