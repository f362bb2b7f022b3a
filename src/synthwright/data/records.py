"""What tables, corpora and image sets share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol, Self

import numpy as np
import pyarrow as pa

__all__ = ["Records"]


class Records(Protocol):
    """A set of records of one kind, with provenance beside each, readable in blocks and countable in bytes."""

    @property
    def schema(self) -> Any:
        """What the records look like (a `Schema` for tables)."""
        ...

    @property
    def origin(self) -> pa.Table | None:
        """Row-aligned provenance: record_id, method, block, parents, request, depth; ``None`` for real records."""
        ...

    def __len__(self) -> int: ...

    def blocks(self, size: int = ...) -> Iterator[Self]:
        """The records in blocks, in order; can be called again."""
        ...

    def take(self, rows: np.ndarray) -> Self:
        """The records at these positions."""
        ...

    def digest(self) -> str:
        """SHA-256 of the content, not of a file."""
        ...
