"""What each column is: kind, role, bounds, grid, categories, and why we think so."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal, get_args

from synthwright.data.distributions import Distribution
from synthwright.errors import BadInput, UnknownName, shorten

__all__ = ["KINDS", "ROLES", "SOURCES", "Column", "Kind", "Role", "Scalar", "Schema", "Source", "Unit"]

Kind = Literal["integer", "float", "categorical", "ordinal", "boolean", "datetime", "text", "id"]
Role = Literal["feature", "target", "sensitive", "group", "key", "time"]
Source = Literal["declared", "data", "paid"]
Unit = Literal["day", "hour", "minute", "second", "millisecond", "microsecond", "nanosecond"]
Scalar = str | int | float | bool

KINDS: tuple[Kind, ...] = get_args(Kind)
ROLES: tuple[Role, ...] = get_args(Role)
SOURCES: tuple[Source, ...] = get_args(Source)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: what its values are, which of them may occur, and how it is stored.

    `bounds` are in the units of `Table.numbers`: the numbers themselves, or `unit`s since 1970 for datetimes.
    `categories` lists the values that may be emitted, in their order; values rarer than 5 rows are never listed unless
    a person declared them (`source` ``"declared"``). `format` says how dates are written in text files, where that is
    not ISO 8601 (``"%d/%m/%Y"``). `distribution` says where values come from if there are no data
    (`rules.schema_sampler`); methods that learn from rows don't look at it.
    """

    name: str
    kind: Kind
    role: Role = "feature"
    missing: bool = False
    bounds: tuple[float, float] | None = None
    decimals: int | None = None
    categories: tuple[Scalar, ...] | None = None
    source: Source = "data"
    unit: Unit | None = None
    pattern: str | None = None
    format: str | None = None
    dtype: str = ""
    reason: str = ""
    distribution: Distribution | None = None

    def __post_init__(self) -> None:
        for what, value, known in (
            ("kind", self.kind, KINDS),
            ("role", self.role, ROLES),
            ("source", self.source, SOURCES),
        ):
            if value not in known:
                raise UnknownName.among(f"column {what}", str(value), known)
        if self.bounds is not None and not -math.inf < self.bounds[0] <= self.bounds[1] < math.inf:
            raise BadInput(
                f"The bounds of column {shorten(self.name)!r} are {self.bounds}.",
                remedy="Give a finite lower bound that is not above the upper one.",
            )

    @property
    def is_numeric(self) -> bool:
        """True where values are points on a line: integers, floats, datetimes."""
        return self.kind in {"integer", "float", "datetime"}

    @property
    def is_discrete(self) -> bool:
        """True where values are levels: categories, ordinals, booleans."""
        return self.kind in {"categorical", "ordinal", "boolean"}

    @property
    def is_modelled(self) -> bool:
        """True where a tabular method learns the column; identifiers and free text are handled around it."""
        return self.is_numeric or self.is_discrete

    @property
    def step(self) -> float | None:
        """The distance between neighbouring values on the column's grid; ``None`` without a grid."""
        if self.kind in {"integer", "datetime"}:
            return 1.0
        return None if self.decimals is None else 10.0**-self.decimals


@dataclass(frozen=True, slots=True)
class Schema:
    """The columns of a table, in order, and the rules that rows obey.

    `constraints` are conditions such as ``"a <= b"`` (see `synthwright.data.constraints` for the language). They are
    kept around every generator (none knows them), measured by `fidelity.validity` and judged by gates.
    """

    columns: tuple[Column, ...]
    constraints: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        seen: set[str] = set()
        for column in self.columns:
            if column.name in seen:
                raise BadInput(
                    f"Two columns are called {shorten(column.name)!r}.", remedy="Give every column a name of its own."
                )
            seen.add(column.name)
        if sum(column.role == "target" for column in self.columns) > 1:
            targets = ", ".join(repr(shorten(column.name)) for column in self.columns if column.role == "target")
            raise BadInput("More than one column has the role target.", evidence=targets, remedy="Keep one.")
        if self.constraints:
            from synthwright.data.constraints import rules_of  # it needs this module

            rules_of(self)

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns)

    def __len__(self) -> int:
        return len(self.columns)

    def __contains__(self, name: object) -> bool:
        return any(column.name == name for column in self.columns)

    def __getitem__(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        raise UnknownName.among("column", name, self.names)

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in order."""
        return tuple(column.name for column in self.columns)

    @property
    def target(self) -> Column | None:
        """The column with the role target, if any."""
        return next((column for column in self.columns if column.role == "target"), None)

    def having(self, role: Role) -> tuple[Column, ...]:
        """The columns with `role`."""
        return tuple(column for column in self.columns if column.role == role)

    def select(self, names: Iterable[str]) -> Schema:
        """The schema of these columns, in the given order, with the constraints that speak of no other column."""
        columns = tuple(self[name] for name in names)
        if not self.constraints:
            return Schema(columns)
        from synthwright.data.constraints import rules_of  # it needs this module

        kept = {column.name for column in columns}
        return Schema(columns, tuple(rule.text for rule in rules_of(self) if kept.issuperset(rule.columns)))

    def replacing(self, *columns: Column) -> Schema:
        """The same schema with `columns` in place of those of the same names."""
        new = {column.name: column for column in columns}
        for name in new:
            self[name]
        return replace(self, columns=tuple(new.get(column.name, column) for column in self.columns))

    def with_target(self, name: str | None) -> Schema:
        """The same schema in which `name` alone has the role target (nobody, if ``None``)."""
        if name is not None:
            self[name]
        return replace(
            self,
            columns=tuple(
                replace(column, role="target")
                if column.name == name
                else replace(column, role="feature" if column.role == "target" else column.role)
                for column in self.columns
            ),
        )

    def with_sensitive(self, names: Iterable[str]) -> Schema:
        """The same schema in which `names` have the role sensitive too; others keep theirs.

        Raises
        ------
        BadInput
            One of them has a role that it can't give up, or is no column that groups could be told apart by.
        """
        new = []
        for name in names:
            column = self[name]
            if column.role not in {"feature", "sensitive"}:
                raise BadInput(
                    f"{shorten(name)!r} can't be sensitive: it has the role {column.role}.",
                    remedy="A column has one role; change it in the schema file.",
                )
            if not column.is_modelled:
                raise BadInput(
                    f"{shorten(name)!r} can't be sensitive: it was taken for {column.kind}, which forms no groups.",
                    evidence=column.reason,
                    remedy="Name another column, or correct its kind in a schema file (`synthwright inspect -o`).",
                )
            new.append(replace(column, role="sensitive"))
        return self.replacing(*new)
