"""Rows of a table for torch, as tensors and in batches by a schedule. This module alone imports torch at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from synthwright.data.columns import categories_of
from synthwright.data.schema import Schema
from synthwright.data.table import Table
from synthwright.errors import BadInput, shorten
from synthwright.extras import need
from synthwright.learning.features import Features
from synthwright.training.sampler import SourceAwareSampler
from synthwright.training.sources import is_synthetic, named_source, tells_depth

__all__ = ["SourceBatches", "SourceDataset"]

torch: Any = need("torch", for_="synthwright.training for torch", extra="neural")


class SourceDataset(torch.utils.data.Dataset):  # type: ignore[misc]  # a class that is only known where torch is
    """The rows of a table as tensors: ``dataset[rows]`` is (features, target, is synthetic) of one row or of many.

    Features are float32 (n, n_features): numbers drawn in and standardised, 0 with a flag where missing, frequent
    levels one-hot, all of it learnt from the real rows alone. The target is a class number (int64, in the order of
    `classes`) or a float32. Identifiers and free text are left out.

    Parameters
    ----------
    table : Table
        Real and synthetic rows under each other, as `private/mixed.parquet` has them.
    source : str, sequence or None
        The column that says where rows come from (it is no feature), or one value per row, as `is_synthetic` reads
        them. Unless said, a column with one of its names; a table without one holds real rows only.
    like : SourceDataset or None
        Encode as this one does: validation and test rows as those that are trained on.

    Raises
    ------
    BadInput
        No target, targets that are missing or unknown, no real row to learn the encoding from, or columns that `like`
        has and the table has not.
    UnknownName
        There is no column `source`.
    """

    def __init__(
        self, table: Table, *, source: str | Sequence[Any] | np.ndarray | None = None, like: SourceDataset | None = None
    ) -> None:
        if not isinstance(table, Table):
            raise BadInput(
                f"{type(table).__name__} is no Table, which knows its target and what its columns are.",
                remedy='Read it: sw.read(data, target="income").',
            )
        self.schema: Schema
        taken = () if like is None else like.schema.names
        column = named_source([name for name in table.names if name not in taken]) if source is None else source
        if column is None:
            self.source = np.zeros(len(table), dtype=bool)
        else:
            self.source = is_synthetic(table, column=column) if isinstance(column, str) else is_synthetic(column)
        if len(self.source) != len(table):
            raise BadInput(f"{len(self.source):,} sources belong to {len(table):,} rows.")
        if like is None:
            self.schema = _learnt(table, column if isinstance(column, str) else None, self.source)
            if self.source.all():
                raise BadInput("There is no real row to learn the scale of features from.")
            self.features = Features.of(table.take(~self.source), self.schema.names[:-1])
        else:
            self.features, self.schema = like.features, like.schema
        known = _under(table, self.schema)
        expanded = self.features.expanded(self.features.codes(known))
        self.x = torch.from_numpy(expanded.astype(np.float32))
        self.y = torch.from_numpy(_targets(known))
        self.synthetic = torch.from_numpy(self.source)

    @classmethod
    def joined(cls, real: Table, synthetic: Table, *, like: SourceDataset | None = None) -> SourceDataset:
        """Real rows, then synthetic ones of the same columns, encoded as the real ones.

        Raises
        ------
        BadInput
            All of `SourceDataset`.
        """
        made = cls(real, source=_all(real, False), like=like)
        others = cls(synthetic, source=_all(synthetic, True), like=made)
        for name in ("x", "y", "synthetic"):
            setattr(made, name, torch.cat([getattr(made, name), getattr(others, name)]))
        made.source = np.concatenate([made.source, others.source])
        return made

    @property
    def classes(self) -> tuple[Any, ...]:
        """What the class numbers of the target stand for; empty where it is a number."""
        target = self.schema[self.schema.names[-1]]
        return tuple(categories_of(target)) if target.is_discrete else ()

    def __len__(self) -> int:
        return len(self.x)

    def __getitem__(self, rows: int | Sequence[int]) -> tuple[Any, Any, Any]:
        return self.x[rows], self.y[rows], self.synthetic[rows]


class SourceBatches(torch.utils.data.Sampler):  # type: ignore[misc]  # a class that is only known where torch is
    """The batches of a `SourceAwareSampler` for a `DataLoader`: lists of row numbers, in any number of workers alike.

    ``DataLoader(data, batch_sampler=SourceBatches(sampler))`` takes row by row from any dataset;
    ``DataLoader(data, sampler=SourceBatches(sampler), batch_size=None)`` asks a `SourceDataset` for whole batches,
    which is many times faster. `set_epoch` before each epoch; trainers that do so find it here or at `sampler`.
    """

    def __init__(self, sampler: SourceAwareSampler) -> None:
        self.sampler = sampler
        self.batch_size, self.drop_last = sampler.batch_size, sampler.drop_last

    def set_epoch(self, epoch: int) -> None:
        """The next iteration gives the batches of `epoch`."""
        self.sampler.set_epoch(epoch)

    def __len__(self) -> int:
        return len(self.sampler)

    def __iter__(self) -> Iterator[list[int]]:
        for rows in self.sampler:
            yield rows.tolist()


def _all(table: Any, synthetic: bool) -> np.ndarray | None:
    """The source of every row of `table`; ``None`` if it is no table, which is told where tables are read."""
    return np.full(len(table), synthetic) if isinstance(table, Table) else None


def _learnt(table: Table, source: str | None, synthetic: np.ndarray) -> Schema:
    """The columns that are learnt from, none of which says where a row comes from, and the target last."""
    target = table.schema.target
    if target is None or not target.is_modelled or target.name == source:
        raise BadInput("There is no target to learn.", remedy='Read the table with one: sw.read(..., target="income").')
    names = [each.name for each in table.schema if each.is_modelled and each.name not in {source, target.name}]
    depths = [name for name in names if source is not None and table.schema[name].is_numeric]
    told = {name for name in depths if tells_depth(name, table.numbers(name), synthetic)}
    names = [name for name in names if name not in told]
    if not names:
        raise BadInput("There are no columns to predict the target from.")
    return table.schema.select([*names, target.name])


def _under(table: Table, schema: Schema) -> Table:
    """The columns of `schema`, read as it says: codes of levels are those of the rows that are trained on."""
    lacking = [name for name in schema.names if name not in table.names]
    if lacking:
        raise BadInput(
            "The table lacks columns that the model is trained on.",
            evidence=f"{', '.join(shorten(name) for name in lacking[:6])} ({len(lacking)} of {len(schema.names)}).",
        )
    return Table(schema, table.data.select(list(schema.names)))


def _targets(table: Table) -> np.ndarray:
    """The last column as class numbers or numbers, all of them known."""
    target = table.schema[table.names[-1]]
    if target.is_discrete:
        classes = len(categories_of(target))
        values = table.levels(target.name).astype(np.int64)
        known = (values >= 0) & (values < classes)
    else:
        values = table.numbers(target.name).astype(np.float32)
        known = np.isfinite(values)
    if not known.all():
        raise BadInput(
            f"The target {shorten(target.name)!r} is missing, or no known class, in {int((~known).sum()):,} rows.",
            evidence=f"The first is row {int((~known).argmax())} of {len(known):,}.",
            remedy="Leave such rows out, or declare their class in the schema.",
        )
    return values
