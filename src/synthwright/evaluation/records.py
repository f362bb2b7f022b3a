"""Figures as a table of plain records: a list of dictionaries, and the same for pandas, polars and Arrow."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, overload

import pyarrow as pa

from synthwright.extras import need

__all__ = ["PART", "RECORD", "Recorded", "Records"]

# The columns and their types are the same whatever was measured: frames of many evaluations can be put together.
RECORD: Mapping[str, pa.DataType] = {
    "metric": pa.string(),
    "value": pa.float64(),
    "low": pa.float64(),
    "high": pa.float64(),
    "confidence": pa.float64(),
    "better": pa.string(),
    "target": pa.float64(),
    "holdout": pa.float64(),
    "baseline": pa.float64(),
    "excess": pa.float64(),
    "excess_low": pa.float64(),
    "excess_high": pa.float64(),
    "detectable": pa.float64(),
    "n_real": pa.int64(),
    "n_synthetic": pa.int64(),
    "sampled": pa.bool_(),
    "reason": pa.string(),
}
PART: Mapping[str, pa.DataType] = {
    "metric": pa.string(),
    "part": pa.string(),
    "value": pa.float64(),
    "low": pa.float64(),
    "high": pa.float64(),
}


@dataclass(frozen=True)
class Records(Sequence[Mapping[str, Any]]):
    """`rows`, each with the columns that `types` names, as a list and as a frame of the library of one's choice."""

    rows: tuple[Mapping[str, Any], ...]
    types: Mapping[str, pa.DataType]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        return iter(self.rows)

    @overload
    def __getitem__(self, at: int) -> Mapping[str, Any]: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Mapping[str, Any]]: ...
    def __getitem__(self, at: int | slice) -> Mapping[str, Any] | Sequence[Mapping[str, Any]]:
        return self.rows[at]

    def to_arrow(self) -> pa.Table:
        """An Arrow table; what is unknown is null."""
        return pa.Table.from_pylist([dict(row) for row in self.rows], schema=pa.schema(list(self.types.items())))

    def to_pandas(self) -> Any:
        """A pandas frame with a plain index.

        Raises
        ------
        MissingExtra
            pandas is not installed.
        """
        need("pandas", for_="to_pandas()")
        return self.to_arrow().to_pandas()

    def to_polars(self) -> Any:
        """A polars frame.

        Raises
        ------
        MissingExtra
            polars is not installed.
        """
        return need("polars", for_="to_polars()").from_arrow(self.to_arrow())


class Recorded(ABC):
    """What is told in full as plain records, of columns that depend on what was asked, and so as a frame, too."""

    @abstractmethod
    def to_records(self) -> list[dict[str, Any]]:
        """One flat dictionary per figure."""

    def to_pandas(self) -> Any:
        """`to_records` as a pandas frame.

        Raises
        ------
        MissingExtra
            pandas is not installed.
        """
        return need("pandas", for_="to_pandas()").DataFrame(self.to_records())
