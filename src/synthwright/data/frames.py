"""The door for data frames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from synthwright.data.table import Table

__all__ = ["Origin", "to_native", "to_pandas", "to_polars"]


@dataclass(frozen=True, slots=True)
class Origin:
    """What kind of frame a table came from, and the dtypes that Arrow can't remember."""

    kind: Literal["pandas", "polars", "arrow", "numpy", "file"]
    dtypes: tuple[tuple[str, str], ...] = ()


def to_pandas(table: Table) -> Any:
    """A pandas frame."""
    return table.data.to_pandas()


def to_polars(table: Table) -> Any:
    """A polars frame."""
    import polars

    return polars.from_arrow(table.data)


def to_native(table: Table) -> Any:
    """The kind of frame that came in."""
    return table
