"""Figures of what is asked of a run, which no metric takes: a run brings them along where somebody asks for it."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["MIX_RATIO", "MIX_REAL_ROWS", "UNASKED"]

MIX_RATIO = "mix.ratio"  # synthetic rows per real row of a mix
MIX_REAL_ROWS = "mix.real_rows"  # real rows in it

# Why there is no such figure, if there is none.
UNASKED: Mapping[str, str] = dict.fromkeys((MIX_RATIO, MIX_REAL_ROWS), "no mix was asked for")
