"""Tables as small integers: cells learnt on train only, one column-major matrix per part, and back to values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np

from synthwright.data.cells import Cells
from synthwright.data.schema import Schema
from synthwright.data.table import Table

__all__ = ["Codes", "Encoder"]

_LARGEST = 65_534  # cells, so that missing and unseen still fit into uint16


@dataclass(frozen=True, eq=False)
class Codes:
    """A table's modelled columns as codes: ``matrix[row, column]`` in Fortran order, uint8 where it suffices.

    Codes are those of `Cells`: 0 is missing, and ``sizes[column]`` is how many there are.
    """

    names: tuple[str, ...]
    matrix: np.ndarray
    sizes: tuple[int, ...]

    def __len__(self) -> int:
        return int(self.matrix.shape[0])

    def column(self, name: str) -> np.ndarray:
        """The codes of one column: a view, not a copy."""
        return np.asarray(self.matrix[:, self._at[name]])

    def size(self, name: str) -> int:
        """How many codes the column has."""
        return self.sizes[self._at[name]]

    def merged(self, lookups: Sequence[np.ndarray]) -> Codes:
        """The codes after ``lookups[column][code]``, one per column, such as `Cells.coarse` gives."""
        sizes = tuple(int(lookup.max()) + 1 for lookup in lookups)
        matrix = np.empty(self.matrix.shape, dtype=_width(sizes), order="F")
        for at, lookup in enumerate(lookups):
            np.take(lookup.astype(matrix.dtype), self.matrix[:, at], out=matrix[:, at])
        return Codes(self.names, matrix, sizes)

    @cached_property
    def _at(self) -> Mapping[str, int]:
        return {name: at for at, name in enumerate(self.names)}


@dataclass(frozen=True, eq=False)
class Encoder:
    """The cells of all modelled columns of train."""

    schema: Schema
    cells: tuple[Cells, ...]

    @classmethod
    def of(cls, train: Table, *, max_cells: int = 4096) -> Self:
        """Cells by the quantiles (numeric) and levels (discrete) of `train`: at most ``max_cells + 2`` codes each."""
        names = [column.name for column in train.schema if column.is_modelled]
        most = min(max_cells, _LARGEST)
        return cls(train.schema, tuple(Cells.of(train, name, most=most) for name in names))

    @property
    def names(self) -> tuple[str, ...]:
        """The modelled columns, in schema order."""
        return tuple(cells.column.name for cells in self.cells)

    def encode(self, table: Table, each: Callable[..., Iterable[None]] = map) -> Codes:
        """The codes of `table`, which has train's modelled columns; `each` runs a task over columns, such as `map`."""
        sizes = tuple(len(cells) for cells in self.cells)
        matrix = np.empty((len(table), len(sizes)), dtype=_width(sizes), order="F")

        def fill(at: int) -> None:
            matrix[:, at] = self.cells[at].encode(table)

        for _ in each(fill, range(len(sizes))):
            pass
        return Codes(self.names, matrix, sizes)

    def decode(self, codes: Codes, uniforms: np.ndarray) -> Table:
        """A table of the modelled columns: `uniforms` (rows x columns, in [0, 1)) place each value in its cell.

        Cells that hold train rows come back to their codes; where train has no value, the column's grid and bounds may
        have none either, and the nearest one stands in.
        """
        values = {
            cells.column.name: cells.decode(codes.matrix[:, at], uniforms[:, at]) for at, cells in enumerate(self.cells)
        }
        return Table.of(self.schema.select(self.names), values)


def _width(sizes: Sequence[int]) -> type[np.uint8 | np.uint16]:
    return np.uint8 if max(sizes, default=0) <= 256 else np.uint16
