"""What a call has drawn, and what it took: rows asked for, rows found, candidates looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

import numpy as np

from synthwright.data.table import BLOCK_ROWS, Table
from synthwright.errors import BadInput, UnknownName
from synthwright.generators.rejection import Drawn
from synthwright.generators.tally import Tally

__all__ = ["Draw", "Gathered", "Short"]

Short = Literal["error", "return"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Draw:
    """`table` has the rows that were found of `asked`; `candidates` were looked at for them, and `fits` of these fit.

    `rows`: which of the rows asked for these are, ascending: with partial rows, row ``rows[i]`` of them is row i of the
    table. `effective`: for each row that was picked by weight, how many independent candidates it was picked from (NaN
    for rows drawn exactly); ``None`` where no row was. `tally`: what the constraints cost beside that.
    """

    table: Table
    asked: int
    candidates: int
    fits: int
    rows: np.ndarray
    effective: np.ndarray | None = None
    tally: Tally = field(default_factory=Tally)

    @property
    def found(self) -> int:
        """Rows drawn."""
        return len(self.rows)

    @property
    def acceptance(self) -> float:
        """The share of candidates that fit: 1 where the method conditions exactly, or nothing was asked.

        Of candidates that are weighed, one per row counts.
        """
        return self.fits / self.candidates if self.candidates else 1.0

    def summary(self) -> Mapping[str, Any]:
        """The figures as JSON types; effective sizes by their smallest and their median."""
        told: dict[str, Any] = {
            "asked": self.asked,
            "found": self.found,
            "candidates": self.candidates,
            "acceptance": self.acceptance,
        }
        if self.tally.rate is not None:
            told["constraints"] = {"candidates": self.tally.candidates, "obeyed": self.tally.rate}
        sizes = np.zeros(0) if self.effective is None else self.effective[np.isfinite(self.effective)]
        if not len(sizes):
            return told
        figures = {"rows": len(sizes), "smallest": float(sizes.min()), "median": float(np.median(sizes))}
        return told | {"effective": figures}


@dataclass(slots=True)
class Gathered:
    """Blocks of a draw of `n` rows as they come in; `keep` what is said of single rows.

    Unless `short` is ``"return"``, the first block that lacks rows raises.
    """

    n: int
    short: Short = "error"
    keep: bool = True
    tally: Tally = field(default_factory=Tally)
    found: int = 0
    candidates: int = 0
    fits: int = 0
    rows: list[np.ndarray] = field(default_factory=list)
    effective: list[np.ndarray | None] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.short not in get_args(Short):
            raise UnknownName.among("way to treat rows that were not found", str(self.short), get_args(Short))

    def add(self, drawn: Drawn, tally: Tally, index: int) -> None:
        """One more block; raises `BadInput` if rows are lacking that have to be there."""
        size = len(drawn.table)
        self.tally.add(tally)
        self.found, self.candidates = self.found + size, self.candidates + drawn.candidates
        self.fits += drawn.fitting
        if drawn.lacking is not None and self.short == "error":
            told = drawn.lacking
            if self.n <= BLOCK_ROWS:
                raise told
            head = told.problem.rpartition(":")[0]
            raise BadInput(
                f"{head}: {self.found:,} of {self.n:,} rows were found.", evidence=told.evidence, remedy=told.remedy
            )
        if self.keep:
            self.rows.append(index * BLOCK_ROWS + (np.arange(size) if drawn.rows is None else drawn.rows))
            self.effective.append(drawn.effective)

    @property
    def note(self) -> str:
        """The shares of candidates that fit and that obeyed, where some did not."""
        rates = [f"{self.fits / self.candidates:.1%} of the candidates fit"] if self.candidates > self.fits else []
        if self.tally.rate is not None and self.tally.rate < 1:
            rates.append(f"{self.tally.rate:.1%} obey the constraints")
        return ", ".join(rates)

    def draw(self, table: Table) -> Draw:
        """All of it."""
        rows = np.concatenate(self.rows)
        sizes = None
        if any(one is not None for one in self.effective):
            parts = zip(self.effective, self.rows, strict=True)
            sizes = np.concatenate([np.full(len(at), np.nan) if one is None else one for one, at in parts])
        return Draw(
            table=table,
            asked=self.n,
            candidates=self.candidates,
            fits=self.fits,
            rows=rows,
            effective=sizes,
            tally=self.tally,
        )
