"""What a search finds: a rule that no row breaks, and how surprising that is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

__all__ = ["Candidate", "Kind", "Search"]

Kind = Literal["equal", "sum", "product", "combinations", "one-hot", "order", "missing", "case", "key", "range"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A rule that no row breaks.

    `decided` is the number of rows that obey for certain (no missing cell leaves it open). `log_chance` is the natural
    logarithm of the chance that all of them would, if the columns knew nothing of one another.
    """

    rule: str
    kind: Kind
    columns: tuple[str, ...]
    decided: int
    log_chance: float


@dataclass(slots=True)
class Search:
    """What one search found, and among how many rules it looked: the more, the more surprising a find has to be."""

    weighed: int = 0
    found: list[Candidate] = field(default_factory=list)
