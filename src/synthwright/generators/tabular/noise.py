"""Rows drawn again with a little noise on their numbers: a smoothed bootstrap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa

from synthwright.data.columns import to_arrow
from synthwright.data.table import Table
from synthwright.engines.context import Context
from synthwright.errors import BadInput, UnknownName, shorten
from synthwright.generators.class_rows import ClassRows
from synthwright.generators.interpolating import Interpolated, Pairs
from synthwright.generators.neighbourhood import require_at_least
from synthwright.generators.protocol import GeneratorInfo, Given
from synthwright.seeding import Streams

__all__ = ["Noise"]


class _Noisy(Interpolated):
    """The training rows; a row drawn again is its own partner, and noise is added on top."""

    def block(self, index: int, n: int, context: Context, given: Given | None = None) -> Table:
        drawn = super().block(index, n, context, given)
        if not isinstance(self.method, Noise) or drawn.origin is None:
            raise BadInput("The model's method adds no noise.", remedy="Fit it again.")
        parents = drawn.origin["parents"].combine_chunks().flatten().to_numpy()[::2]
        labels = self.rows.classes[parents]
        scales = self.method.scales_of(self.rows.numeric)
        arrays = {name: drawn.data[name] for name in drawn.names}
        streams = context.streams.at("block", index, "noise")
        for name, values, scale in zip(self.rows.numeric, self.rows.numbers, scales, strict=True):
            width = _widths(values, self.rows.classes, labels)
            moved = values[parents] + scale * width * streams.at(name).rng().standard_normal(n)
            arrays[name] = to_arrow(drawn.schema[name], moved)
        return Table(drawn.schema, pa.table(arrays), drawn.origin)


def _widths(values: np.ndarray, classes: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """The standard deviation of `values` in the class of each wanted row; that of all rows for a class of one."""
    found = {}
    for label in np.unique(wanted):
        own = values[classes == label]
        own = own[~np.isnan(own)]
        own = own if len(own) > 1 else values[~np.isnan(values)]
        found[int(label)] = float(own.std()) if len(own) else 0.0
    return np.array([found[label] for label in wanted.tolist()])


@dataclass(frozen=True, kw_only=True)
class Noise:
    """Draw rows again and add normal noise to every number, in each class's own standard deviations.

    `scale`: standard deviation of the noise over that of the column within the class. `scales`: pairs of column and
    scale for columns that want another; 0 leaves a column as it is. Labels and missing cells stay as they are.
    """

    scale: float = 0.05
    scales: tuple[tuple[str, float], ...] = ()

    info: ClassVar = GeneratorInfo(
        summary="Draw rows again with normal noise on their numbers.",
        source="smoothed bootstrap, Efron 1979 (10.1214/aos/1176344552); Menardi, Torelli 2014 "
        "(10.1007/s10618-012-0295-5)",
        reproducible="machine",
        keeps_records=True,
    )
    sampler: ClassVar = _Noisy

    def __post_init__(self) -> None:
        require_at_least(self, scale=0)
        for name, scale in self.scales:
            if not scale >= 0:
                raise BadInput(f"The scale of {shorten(name)!r} has to be at least 0.", evidence=f"Found {scale}.")

    def fit(self, reference: Table, context: Context) -> _Noisy:
        """All rows of `reference`.

        Raises
        ------
        UnknownName
            `scales` names a column that is not there.
        BadInput
            It names one without numbers.
        """
        made = _Noisy.of(reference, self, context.streams)
        for name, _ in self.scales:
            if name not in reference.schema:
                raise UnknownName.among("column", name, reference.names)
            if name not in made.rows.numeric:
                raise BadInput(f"Column {shorten(name)!r} has no numbers to add noise to.")
        return made

    def scales_of(self, names: tuple[str, ...]) -> list[float]:
        """The scale of each of these columns."""
        told = dict(self.scales)
        return [told.get(name, self.scale) for name in names]

    def pairs(self, rows: ClassRows, label: int, streams: Streams) -> Pairs:
        """Every row of the class with itself."""
        members = rows.of_class(label)
        return Pairs(members, members[:, None])
