"""All oracles, by number: those of a catalogue of 25, less what is no table (18, 19, 23, 24)."""

from __future__ import annotations

from on_copies import ON_COPIES
from on_looks import ON_LOOKS
from oracle import Oracle

__all__ = ["ORACLES"]

ORACLES: tuple[Oracle, ...] = tuple(sorted((*ON_LOOKS, *ON_COPIES), key=lambda one: one.number))
