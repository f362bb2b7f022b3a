"""The pytest fixture `synthetic_table`: rows from a schema, the same on every run. Importing it loads nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from synthwright.data.table import Table

__all__ = ["synthetic_table"]


@pytest.fixture(scope="session")
def synthetic_table() -> Callable[..., Table]:
    """``synthetic_table(schema, n=100, seed=0)`` is a `Table` of `n` rows of `schema`.

    `schema` is a YAML file, a `Schema` or a mapping with ``columns``. The same arguments give the same rows; the first
    k rows don't depend on `n`.
    """

    def draw(schema: Any, n: int = 100, seed: int = 0) -> Table:
        from synthwright.generators.schema_model import sample

        return sample(schema, n, seed=seed)

    return draw
