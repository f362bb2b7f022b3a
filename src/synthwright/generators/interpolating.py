"""Rows between rows: the sampler that SMOTE and its relatives share; each method says which rows and how far."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Protocol, Self, cast

import numpy as np
import pyarrow as pa

from synthwright import registry
from synthwright.data.columns import to_arrow
from synthwright.data.schema import Schema
from synthwright.data.schema_file import schema_from_json, schema_to_json
from synthwright.data.table import Table
from synthwright.engines.context import Context
from synthwright.errors import BadInput, shorten
from synthwright.files import write_json
from synthwright.generators.class_rows import ClassRows, Scale, require_classes, require_numbers
from synthwright.generators.protocol import GeneratorInfo, Given
from synthwright.generators.saved import read_state
from synthwright.generators.saved_rows import read_rows, write_rows
from synthwright.generators.settings import make_generator, settings_of
from synthwright.generators.voting import voted
from synthwright.seeding import Streams

__all__ = ["Interpolated", "Pairing", "Pairs", "SmoteFamily"]


@dataclass(frozen=True, eq=False)
class Pairs:
    """Where the new rows of one class may lie.

    `base` (m,) and `partners` (m, k) are positions of rows; a new row lies at ``base + u * reach * (partner - base)``
    with u uniform in [0, 1) and `reach` one number or (m, k) of them. `weights` (m,): how likely each base is.
    """

    base: np.ndarray
    partners: np.ndarray
    reach: np.ndarray | float = 1.0
    weights: np.ndarray | None = None

    @cached_property
    def _mass(self) -> np.ndarray | None:
        return None if self.weights is None else np.cumsum(self.weights / self.weights.sum())

    def draw(self, uniforms: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """A base (as a position in `base`), one of its partners and how far along, for each row of (n, 3) uniforms."""
        if self._mass is None:
            slot = (uniforms[:, 0] * len(self.base)).astype(np.int64)
        else:
            slot = np.minimum(np.searchsorted(self._mass, uniforms[:, 0], side="right"), len(self.base) - 1)
        which = (uniforms[:, 1] * self.partners.shape[1]).astype(np.int64)
        reach = self.reach if isinstance(self.reach, float) else self.reach[slot, which]
        return slot, self.partners[slot, which], uniforms[:, 2] * reach


class Pairing(Protocol):
    """The settings of a method whose rows lie between rows."""

    def pairs(self, rows: ClassRows, label: int, streams: Streams) -> Pairs:
        """The pairs of a class; called when the class is first drawn."""
        ...


@dataclass(frozen=True, eq=False)
class Interpolated:
    """The training rows themselves, and what each class needs once it has been drawn: whoever has this has the data."""

    rows: ClassRows
    method: Pairing
    streams: Streams
    _found: dict[int, Pairs] = field(default_factory=dict, init=False, repr=False)

    @classmethod
    def of(cls, reference: Table, method: Pairing, streams: Streams, scale: Scale = "none") -> Self:
        """A sampler that has learnt nothing yet: neighbours are looked for class by class, when rows are drawn."""
        plain = Table(reference.schema, reference.data.combine_chunks())
        return cls(ClassRows.of(plain, scale), method, streams)

    @property
    def schema(self) -> Schema:
        return self.rows.table.schema

    def conditions_on(self, names: frozenset[str]) -> bool:
        target = self.rows.target
        return names <= (set() if target is None else {target.name})

    def block(self, index: int, n: int, context: Context, given: Given | None = None) -> Table:
        return self._made(*self.places(index, n, context, self._labels(given)))

    def places(
        self, index: int, n: int, context: Context, labels: np.ndarray | None
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Where the `n` rows of block `index` lie: base and partner of each, how far along, and donors of its labels.

        `labels` are their classes; without them classes are as frequent as among the training rows.
        """
        at = context.streams.at("block", index)
        uniforms = at.rng().random((n, 4))
        if labels is None:
            labels = self.rows.classes[(uniforms[:, 0] * len(self.rows.classes)).astype(np.int64)]
        base, partner, along = np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros(n)
        ties = at.at("ties").rng().random((n, len(self.rows.discrete))) if self.rows.discrete else np.zeros((n, 0))
        donors = np.zeros((len(self.rows.discrete), n), np.int64)
        for label in np.unique(labels):
            drawn = np.flatnonzero(labels == label)
            pairs = self._pairs(int(label))
            slot, partner[drawn], along[drawn] = pairs.draw(uniforms[drawn, 1:])
            base[drawn] = pairs.base[slot]
            for at_column, codes in enumerate(self.rows.codes):
                ends = np.column_stack([base[drawn], partner[drawn]])
                donors[at_column, drawn] = voted(
                    codes, pairs.partners, slot, ends, along[drawn], ties[drawn, at_column]
                )
        return base, partner, along, donors

    def save(self, folder: Path) -> None:
        name = registry.name_of("generator", self.method)
        write_json(
            folder / "method.json",
            {
                "schema": schema_to_json(self.schema),
                "method": name,
                "settings": settings_of(cast("Any", self.method)),
                "seed": self.streams.seed,
                "path": list(self.streams.path),
            },
        )
        write_rows(folder / "rows.arrow", self.rows.table)

    @classmethod
    def load(cls, folder: Path) -> Self:
        state = read_state(folder / "method.json", {"schema", "method", "settings", "seed", "path"})
        rows = read_rows(folder / "rows.arrow", schema_from_json(state["schema"]))
        if not isinstance(state["settings"], dict) or len(rows) == 0:
            raise BadInput("The model has no rows or no settings to draw with.", remedy="Fit it again.")
        method: Any = make_generator(str(state["method"]), state["settings"])
        if getattr(method, "sampler", None) is not cls:
            raise BadInput(f"{shorten(str(state['method']))} draws in another way than this model.")
        return cast("Self", method.fit(rows, Context(streams=_streams(state["seed"], state["path"]))))

    def _labels(self, given: Given | None) -> np.ndarray | None:
        """The class of each row, where it is given."""
        if given is None or given.fixed is None or self.rows.target is None:
            return None
        return given.fixed.levels(self.rows.target.name)

    def _pairs(self, label: int) -> Pairs:
        if label not in self._found:
            if len(self.rows.of_class(label)) == 0:
                raise BadInput(
                    "No row to start from has the class that is asked for.",
                    evidence=f"{len(self.rows.classes):,} rows, none of class number {label}.",
                    remedy="Ask for classes that the training rows have.",
                )
            self._found[label] = self.method.pairs(self.rows, label, self.streams.at("class", label))
        return self._found[label]

    def _made(self, base: np.ndarray, partner: np.ndarray, along: np.ndarray, donors: np.ndarray) -> Table:
        cells = self.rows.table
        arrays: dict[str, Any] = {}
        for name, values in zip(self.rows.numeric, self.rows.numbers, strict=True):
            gaps = bool(cells.data[name].null_count)
            arrays[name] = to_arrow(cells.schema[name], _between(values[base], values[partner], along, gaps=gaps))
        for name, positions in zip(self.rows.discrete, donors, strict=True):
            arrays[name] = cells.data[name].take(pa.array(positions))
        if self.rows.target is not None:
            arrays[self.rows.target.name] = cells.data[self.rows.target.name].take(pa.array(base))
        data = pa.Table.from_arrays([arrays[name] for name in self.schema.names], names=list(self.schema.names))
        offsets = pa.array(np.arange(len(base) + 1, dtype=np.int32) * 2)
        parents = pa.ListArray.from_arrays(offsets, pa.array(np.column_stack([base, partner]).reshape(-1)))
        return Table(self.schema, data, pa.table({"parents": parents}))


class SmoteFamily:
    """What SMOTE and its relatives share: settings with a `scale`, and a `fit` that keeps the rows."""

    info: ClassVar[GeneratorInfo]
    sampler: ClassVar[type[Interpolated]] = Interpolated
    scale: Scale

    def fit(self, reference: Table, context: Context) -> Interpolated:
        """All rows of `reference`; neighbours are looked for when a class is first drawn.

        Raises
        ------
        BadInput
            `info.takes` numbers only, and a column has labels or missing cells; or `info.needs_classes`, and there is
            no target with classes.
        """
        made = Interpolated.of(reference, cast("Pairing", self), context.streams, self.scale)
        name = registry.name_of("generator", self)
        if self.info.takes == "numbers":
            require_numbers(made.rows, name)
        if self.info.needs_classes:
            require_classes(made.rows, name)
        return made


def _between(mine: np.ndarray, theirs: np.ndarray, along: np.ndarray, *, gaps: bool) -> np.ndarray:
    """Points from `mine` towards `theirs`; where one of them is missing, what the nearer of the two has or has not."""
    value = mine + along * (theirs - mine)
    if not gaps:
        return np.asarray(value)
    near = np.where(np.abs(along) < 0.5, mine, theirs)
    return np.where(np.isnan(mine) | np.isnan(theirs), near, value)


def _streams(seed: Any, path: Any) -> Streams:
    if isinstance(seed, int) and isinstance(path, list) and all(isinstance(part, str | int) for part in path):
        return Streams(seed, tuple(path))
    raise BadInput("The seed of the model can't be read.", remedy="Fit it again.")
