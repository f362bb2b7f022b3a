"""What a metric looks at: train, synthetic and holdout tables, encoded once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, TypeVar

import numpy as np
import pyarrow as pa

from synthwright.data.cells import Cells
from synthwright.data.codes import Encoder
from synthwright.data.schema import Schema
from synthwright.data.table import Table
from synthwright.evaluation.counting import count_joint, count_one, jackknife_blocks
from synthwright.evaluation.encoding import Coded, pair_cells
from synthwright.seeding import Streams

__all__ = ["PARTS", "Comparison", "Part"]

Part = Literal["train", "synthetic", "holdout"]
PARTS: tuple[Part, ...] = ("train", "synthetic", "holdout")
Made = TypeVar("Made")


@dataclass(frozen=True, eq=False)
class Comparison:
    """Three tables under one schema; what several metrics need is computed once and kept.

    The schema is train's; synthetic and holdout hold the same columns in the same order and types (see `align`).
    `seed` fixes which rows form a jackknife block.
    """

    train: Table
    synthetic: Table
    holdout: Table | None = None
    seed: int = 0
    _kept: dict[object, object] = field(default_factory=dict, repr=False)

    @property
    def schema(self) -> Schema:
        """The schema all parts share."""
        return self.train.schema

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns that are compared: all but identifiers and free text."""
        return tuple(column.name for column in self.schema if column.is_modelled)

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts there are: without a holdout, train and synthetic."""
        return PARTS if self.holdout is not None else PARTS[:2]

    def part(self, name: Part) -> Table:
        """The table called `name`; a missing holdout is an error of the caller."""
        table = {"train": self.train, "synthetic": self.synthetic, "holdout": self.holdout}[name]
        if table is None:
            raise LookupError("this comparison has no holdout")
        return table

    def rows(self, part: Part) -> int:
        """The number of rows of `part`."""
        return len(self.part(part))

    def keep(self, key: object, make: Callable[[], Made]) -> Made:
        """What `make` returns, computed on the first call with this `key` only."""
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]  # type: ignore[return-value]  # one key, one type

    @property
    def encoder(self) -> Encoder:
        """The cells of all compared columns, learnt on train."""
        return self.keep("encoder", lambda: Encoder.of(self.train))

    def floor(self, rows: int | None = None) -> Table:
        """Rows without skill, as many as synthetic ones or `rows`: train's columns, each drawn on its own.

        Single columns are right and every dependence is lost. The first k rows do not depend on how many are asked.
        """
        n, streams = len(self.synthetic) if rows is None else rows, Streams(self.seed).at("comparison", "floor")
        columns = [
            self.train.data[name].take(streams.at(name).rng().integers(0, len(self.train), n))
            for name in self.train.names
        ]
        return Table(self.schema, pa.Table.from_arrays(columns, names=list(self.train.names)))

    def cells(self, name: str) -> Cells:
        """The cells of a compared column."""
        return self.encoder.cells[self.columns.index(name)]

    def codes(self, part: Part) -> Coded:
        """`part` as cells, with the jackknife block of each row."""
        return self.keep(("codes", part), lambda: self._encode(part))

    def counts(self, part: Part, *columns: str) -> np.ndarray:
        """Integer counts per jackknife block.

        One column: its fine cells, (blocks, cells). Two or more: their pair cells, (blocks, 16, 16, ...).
        """
        if len(columns) == 1:
            return count_one(self.codes(part), columns[0])
        return count_joint(self.codes(part), columns)

    def _encode(self, part: Part) -> Coded:
        table = self.part(part)
        block = jackknife_blocks(table, Streams(self.seed).at("comparison", part))
        fine = self.encoder.encode(table)
        pair = fine.merged([pair_cells(cells, len(self.train)) for cells in self.encoder.cells])
        return Coded(fine, pair, block, np.bincount(block))
