"""How many rows were drawn for those that are kept, because of the constraints."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Tally"]


@dataclass(slots=True)
class Tally:
    """How many rows were drawn because of the constraints (`candidates`), and how many of them `obeyed`."""

    candidates: int = 0
    obeyed: int = 0

    @property
    def rate(self) -> float | None:
        """The share of candidates that obeyed; ``None`` where none was drawn."""
        return self.obeyed / self.candidates if self.candidates else None

    def add(self, other: Tally) -> None:
        """Count what `other` has counted, too."""
        self.candidates += other.candidates
        self.obeyed += other.obeyed
