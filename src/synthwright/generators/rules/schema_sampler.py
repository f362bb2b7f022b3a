"""Rows from a schema alone: every column as its distribution says, no data needed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Self

from synthwright.data.arrow_types import arrow_type
from synthwright.data.calendar import NANOSECONDS
from synthwright.data.columns import categories_of
from synthwright.data.dependence import check_distribution, depends_on, drawing_order
from synthwright.data.distributions import Distribution
from synthwright.data.schema import Column, Schema
from synthwright.data.schema_file import schema_from_json, schema_to_json
from synthwright.data.table import Table
from synthwright.engines.context import Context
from synthwright.errors import BadInput, shorten
from synthwright.files import write_json
from synthwright.generators.protocol import GeneratorInfo, Given
from synthwright.generators.rules._keys import is_key
from synthwright.generators.rules._numbers import domain_of
from synthwright.generators.rules._rows import Rows
from synthwright.generators.saved import read_state

__all__ = ["SchemaSampler"]

_LAST = 2**63 - 1  # ticks of a stored date
_YEARS = (-62_135_596_800, 253_402_300_799)  # seconds since 1970 of year 1 and of the end of year 9999


@dataclass(frozen=True)
class _Drawer:
    """A checked schema; nothing was learnt."""

    schema: Schema
    order: tuple[str, ...]
    missing_share: float
    locale: str

    def conditions_on(self, names: frozenset[str]) -> bool:
        return not any(self._follows(self.schema[name]) for name in names)

    def _follows(self, column: Column) -> bool:
        """True where the column is not drawn on its own, so that fixing it would leave the others unlike it."""
        one = column.distribution
        if one is None:
            return False
        marked = any(
            other.distribution is not None and column.name in (other.distribution.get("of") or ())
            for other in self.schema
        )
        return bool(depends_on(one, self.schema)) or one.family == "anomaly" or marked or is_key(one)

    def block(self, index: int, n: int, context: Context, given: Given | None = None) -> Table:
        fixed = None if given is None else given.fixed
        streams = context.streams.at("block", index)
        return Rows(self.schema, index, n, streams, self.missing_share, self.locale, fixed).drawn(self.order)

    def save(self, folder: Path) -> None:
        state = {"schema": schema_to_json(self.schema), "missing_share": self.missing_share, "locale": self.locale}
        write_json(folder / "rules.json", state)

    @classmethod
    def load(cls, folder: Path) -> Self:
        state = read_state(folder / "rules.json", {"schema", "missing_share", "locale"})
        share, locale = state["missing_share"], state["locale"]
        if not isinstance(share, int | float) or not 0 <= share <= 1 or not isinstance(locale, str):
            raise BadInput("The rules of a saved model can't be read.")
        schema = schema_from_json(state["schema"])
        return cls(schema, _checked(schema), float(share), locale)


@dataclass(frozen=True, kw_only=True)
class SchemaSampler:
    """Draw rows from a schema alone.

    Each column comes from its `distribution` (see the method's page for the families), by default evenly from its
    bounds or categories. Columns may follow from others by expression; cells are missing, and anomalies planted, after
    all values are there.

    Parameters
    ----------
    missing_share
        Of the cells of a column with ``missing: true`` whose distribution has no `missing_share` of its own.
    locale
        Of names, addresses and phone numbers whose distribution names none.
    """

    missing_share: float = 0.1
    locale: str = "en"

    info: ClassVar = GeneratorInfo(
        summary="Draw rows from a schema alone: distributions, expressions, names, keys, dates.",
        source="original",
        conditions="exact",
        reproducible="machine",
        needs_records=False,
    )
    sampler: ClassVar = _Drawer

    def __post_init__(self) -> None:
        if not 0 <= self.missing_share <= 1:
            raise BadInput(f"missing_share is {self.missing_share}.", remedy="It is a share from 0 to 1.")

    def fit(self, reference: Table, context: Context) -> _Drawer:
        """The checked schema of `reference`; its rows are not looked at.

        Raises
        ------
        BadInput
            Columns depend on each other in a circle, an expression or a pattern can't be read, a column says nothing
            about its values, or dates lie beyond what can be stored.
        UnknownName
            A locale or a column does not exist.
        """
        schema = reference.schema
        drawer = _Drawer(schema, _checked(schema), self.missing_share, self.locale)
        drawer.block(0, 1, context)  # what only a draw can find (locales, domains) is found before anything is promised
        return drawer


def _checked(schema: Schema) -> tuple[str, ...]:
    for column in schema:
        check_distribution(column, schema)
        if column.is_numeric and not column.missing and column.distribution in {None, Distribution("uniform")}:
            domain_of(column)
        if column.kind == "datetime":
            _require_storable(column)
        if column.is_discrete and column.distribution is None and not categories_of(column):
            raise BadInput(f"Column {shorten(column.name)!r} has no categories.", remedy="List them: `categories:`.")
    return drawing_order(schema)


def _require_storable(column: Column) -> None:
    """The dates of `column` lie in the years 1 to 9999 and fit its type."""
    import pyarrow as pa

    if column.bounds is None:
        return
    unit, kind = NANOSECONDS[column.unit or "second"], arrow_type(column)
    ends = [int(end) * unit for end in column.bounds]
    stored = {"s": 10**9, "ms": 10**6, "us": 10**3, "ns": 1}[kind.unit] if pa.types.is_timestamp(kind) else 10**9
    seconds = [end // 10**9 for end in ends]
    if seconds[0] < _YEARS[0] or seconds[1] > _YEARS[1] or any(abs(end) // stored > _LAST for end in ends):
        raise BadInput(
            f"Column {shorten(column.name)!r}: its dates lie beyond what can be stored.",
            evidence=f"Years 1 to 9999 can be; as {kind}, within 2^63 of its units of 1970.",
            remedy="Move `bounds` closer, or choose a coarser `dtype`.",
        )
