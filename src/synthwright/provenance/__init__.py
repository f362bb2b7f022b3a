"""Where records came from: run record, data card."""

from synthwright.provenance.data_card import data_card
from synthwright.provenance.facts import RunFacts

__all__ = ["RunFacts", "data_card"]
