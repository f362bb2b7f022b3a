"""The one shape every generator has: settings in, a fitted sampler out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Literal, Protocol, Self, TypeVar, get_args, runtime_checkable

import numpy as np

from synthwright.data.predicates import Predicate
from synthwright.data.records import Records
from synthwright.data.schema import Schema
from synthwright.data.table import Table
from synthwright.engines.context import Context
from synthwright.errors import BadInput, UnknownName, UsageError
from synthwright.generators.conditions import predicates_of
from synthwright.generators.partial_rows import is_array, read_rows

__all__ = ["Empty", "Generator", "GeneratorInfo", "Given", "NoMatch", "Sampler", "Scored"]

D = TypeVar("D", bound=Records)
Made = TypeVar("Made", bound=Records, covariant=True)
Empty = Literal["unknown", "missing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratorInfo:
    """What a reader needs to know before choosing this method.

    `takes` ``"numbers"``: every column but the target has to be numeric and without missing cells. `needs_classes`: the
    table has to have a target with classes.
    """

    summary: str
    source: str
    kind: Literal["table", "text", "image"] = "table"
    unit: Literal["row", "entity", "text", "image"] = "row"
    conditions: Literal["exact", "none"] = "none"
    reproducible: Literal["portable", "machine", "replay", "statistical"] = "machine"
    streams_fit: bool = False
    keeps_records: bool = False
    needs_records: bool = True
    takes: Literal["mixed", "numbers"] = "mixed"
    needs_classes: bool = False
    extras: tuple[str, ...] = ()
    guarantee: str | None = None
    quick: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Given:
    """Conditions on what is drawn.

    `fixed`: row i of the output equals row i here in these columns (class counts, known parts of rows); its length is
    the number of rows drawn. For methods whose unit is an entity, row i belongs to entity i (parents of child rows).
    `where`: every row satisfies all of these predicates. `empty`: whether an empty cell of `fixed` says that the cell
    is missing, or nothing, so that it is drawn; samplers are only handed the first kind, unless they say that they take
    the other (`evidence.TakesGaps`).
    """

    fixed: Table | None = None
    where: tuple[Predicate, ...] = ()
    empty: Empty = "missing"

    def told(self, name: str) -> np.ndarray:
        """True for the rows whose cell in the fixed column `name` says something."""
        if self.fixed is None:
            return np.zeros(0, dtype=bool)
        return ~self.fixed.missing(name) if self.empty == "unknown" else np.ones(len(self.fixed), dtype=bool)

    @classmethod
    def of(cls, given: Any, schema: Schema, *, empty: Empty = "unknown") -> Given:
        """Conditions from a friendly mapping: a value, ``(low, high)``, a set of values, or ``None`` for missing.

        What is no mapping is read as a table of partial rows, and so are the arrays of a mapping (NumPy, Arrow, columns
        of frames); `empty` says what their empty cells mean. A pair is partial rows and a mapping. A `Given` is taken
        as it is.

        >>> Given.of({"sex": "Female", "age": (30, 40), "city": {"A", "B"}, "income": None}, schema)  # doctest: +SKIP

        Raises
        ------
        UnknownName
            `schema` has no such column.
        BadInput
            A value is not of the column's kind, or the rows can't be read.
        """
        if isinstance(given, Given):
            return given
        if given is None:
            return cls()
        if empty not in get_args(Empty):
            raise UnknownName.among("meaning of empty cells", str(empty), get_args(Empty))
        if isinstance(given, tuple):
            return _pair(given, schema, empty)
        if not isinstance(given, Mapping):
            return cls(fixed=read_rows(given, schema), empty=empty)
        rows = {str(name): cells for name, cells in given.items() if is_array(cells)}
        where = predicates_of({name: value for name, value in given.items() if str(name) not in rows}, schema)
        return cls(read_rows(rows, schema), where, empty) if rows else cls(where=where)


def _pair(given: tuple[Any, ...], schema: Schema, empty: Empty) -> Given:
    if len(given) != 2 or not isinstance(given[1], Mapping):
        raise UsageError(
            "These are no conditions: a tuple is partial rows and a mapping.",
            evidence=f"It has {len(given)} parts: {', '.join(type(one).__name__ for one in given[:4])}.",
            remedy="Write given=(frame, {'age': (30, 40)}), or given={'age': (30, 40)}.",
        )
    rows, where = Given.of(given[0], schema, empty=empty), Given.of(given[1], schema, empty=empty)
    if rows.fixed is None or where.fixed is not None:
        raise UsageError(
            "Of the pair of conditions, the first has to be partial rows, and the second none.",
            remedy="Write given=(frame, {'age': (30, 40)}); conditions alone are one mapping.",
        )
    return Given(rows.fixed, (*rows.where, *where.where), empty)


class Sampler(Protocol[Made]):
    """A fitted generator; it exists only after `fit`, so 'not fitted' cannot happen."""

    @property
    def schema(self) -> Schema:
        """The schema of what is drawn."""
        ...

    def conditions_on(self, names: frozenset[str]) -> bool:
        """True if `block` honours ``given.fixed`` with exactly these columns, drawing the others given them.

        Otherwise the caller draws freely and rejects, with a bound and a reported acceptance rate.
        """
        ...

    def block(self, index: int, n: int, context: Context, given: Given | None = None) -> Made:
        """Draw `n` records of block `index`; the same index gives the same records, whoever asks.

        The first k records never depend on n. ``given`` has only what `conditions_on` accepted.

        Raises
        ------
        NoMatch
            The sampler can draw no record like some of those that are fixed.
        """
        ...

    def save(self, folder: Path) -> None:
        """Write the fitted state into the existing, empty `folder`: JSON, safetensors, Arrow; never pickle."""
        ...

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read back what `save` wrote.

        Raises
        ------
        BadInput
            The folder is not what `save` writes: the folder may come from anyone.
        """
        ...


class NoMatch(BadInput):
    """A sampler that conditions exactly has nothing that equals the fixed rows at the positions `rows`."""

    def __init__(self, problem: str, *, rows: np.ndarray, evidence: str = "", remedy: str = "") -> None:
        super().__init__(problem, evidence=evidence, remedy=remedy)
        self.rows = rows


@runtime_checkable
class Scored(Protocol):
    """A sampler of tables that can say how likely rows are."""

    def log_likelihood(self, table: Table) -> np.ndarray:
        """The logarithm (nats) of each row's probability; densities for numbers without a grid.

        `table` has the sampler's columns. Missing cells are values like any other; what is never drawn has -inf.
        """
        ...


class Generator(Protocol[D]):
    """The settings of a method: a frozen dataclass that prints, hashes and saves as a recipe."""

    info: ClassVar[GeneratorInfo]
    sampler: ClassVar[type[Any]]

    def fit(self, reference: D, context: Context) -> Sampler[D]:
        """Learn from `reference`; with ``needs_records=False`` only its schema is read."""
        ...
