"""What a metric looks at: train, synthetic and holdout tables, encoded once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeVar

import numpy as np
import pyarrow as pa

from synthwright.data.cells import Cells
from synthwright.data.codes import Encoder
from synthwright.data.schema import Schema
from synthwright.data.table import Table
from synthwright.engines.context import Event, ignore
from synthwright.engines.engine import Engine, Serial
from synthwright.evaluation._counts.counting import count_joint, count_one, jackknife_blocks, narrowed
from synthwright.evaluation._counts.encoding import Coded, pair_cells
from synthwright.evaluation._counts.pair_counts import PairCounts, chosen_pairs, count_pairs
from synthwright.seeding import Streams

__all__ = ["PARTS", "Comparison", "Part"]

Part = Literal["train", "synthetic", "holdout"]
PARTS: tuple[Part, ...] = ("train", "synthetic", "holdout")
Made = TypeVar("Made")


@dataclass(frozen=True, eq=False)
class Comparison:
    """Three tables under one schema; what several metrics need is computed once and kept.

    The schema is train's; synthetic and holdout hold the same columns in the same order and types (see `align`).
    `seed` fixes which rows form a jackknife block. `redraws` make further synthetic tables, drawn as `synthetic` was
    and aligned like it, where the generator is at hand; what a metric says without them holds for this synthetic table
    alone. `against` are benchmarks by name, each with the columns that it shares with train. `notes` are sentences on
    what was done to the tables before they could be compared, and on what makes them odd to compare.

    What is counted on large tables is shared out by `engine`, and `progress` hears of distances between many rows; no
    result depends on either.
    """

    train: Table
    synthetic: Table
    holdout: Table | None = None
    seed: int = 0
    engine: Engine = Serial()
    progress: Callable[[Event], None] = ignore
    redraws: tuple[Callable[[], Table], ...] = ()
    against: Mapping[str, Table] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
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
    def unmodelled(self) -> tuple[str, ...]:
        """The names of identifiers and free text: nothing is learnt from them, but they can be kept."""
        return tuple(column.name for column in self.schema if not column.is_modelled)

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

    @property
    def fewest(self) -> int:
        """The number of rows of the smallest part."""
        return min(self.rows(part) for part in self.parts)

    def keep(self, key: object, make: Callable[[], Made]) -> Made:
        """What `make` returns, computed on the first call with this `key` only."""
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]  # type: ignore[return-value]  # one key, one type

    def tell(self, done: int, total: int) -> None:
        """`progress` hears that the distances of `done` of `total` rows are known."""
        self.progress(Event("distances", done, total, f"{total:,} rows"))

    @property
    def encoder(self) -> Encoder:
        """The cells of all compared columns, learnt on train."""
        return self.keep("encoder", lambda: Encoder.of(self.train))

    def floor(self, rows: int | None = None) -> Table:
        """Rows without skill, as many as synthetic ones or `rows`: train's columns, each drawn on its own.

        Single columns are right and every dependence is lost. The first k rows do not depend on how many are asked.
        """
        n = len(self.synthetic) if rows is None else rows
        columns = [self.train.data[name].take(self.floor_positions(name, n)) for name in self.train.names]
        return Table(self.schema, pa.Table.from_arrays(columns, names=list(self.train.names)))

    def floor_positions(self, name: str, rows: int) -> np.ndarray:
        """The rows of train whose cells are the column `name` of ``floor(rows)``."""
        return Streams(self.seed).at("comparison", "floor", name).rng().integers(0, len(self.train), rows)

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
            key = ("counts", part, columns[0])
            return self.keep(key, lambda: narrowed(count_one(self.codes(part), columns[0]))).astype(np.int64)
        every = self._kept.get(("pair counts", part))
        found = every.of(*columns) if isinstance(every, PairCounts) and len(columns) == 2 else None
        return count_joint(self.codes(part), columns) if found is None else found

    def pair_counts(self, part: Part) -> PairCounts:
        """The counts of all pairs of columns (of a seeded sample of them in wide tables), made in one pass and kept."""
        pairs, _ = self.compared_pairs
        return self.keep(("pair counts", part), lambda: count_pairs(self.codes(part), pairs, self.engine))

    @property
    def compared_pairs(self) -> tuple[tuple[tuple[str, str], ...], bool]:
        """The pairs of columns that are compared, and whether they are a seeded sample of all pairs."""
        return self.keep("compared pairs", lambda: chosen_pairs(self.columns, self.seed))

    def _encode(self, part: Part) -> Coded:
        table = self.part(part)
        block = jackknife_blocks(table, Streams(self.seed).at("comparison", part))
        joins = tuple(pair_cells(cells, len(self.train)) for cells in self.encoder.cells)
        return Coded(self.encoder.encode(table, self.engine.share), joins, block, np.bincount(block))
