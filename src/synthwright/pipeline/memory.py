"""What one experiment remembers of earlier calls: fitted generators and figures, by all that they depend on."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from synthwright.canonical import digest_json
from synthwright.data.table import Table
from synthwright.engines.context import Context
from synthwright.evaluation.curves import Figure
from synthwright.generators.fitting import fit_model
from synthwright.generators.model import Model
from synthwright.generators.protocol import Generator
from synthwright.generators.settings import settings_of
from synthwright.pipeline.digesting import code_digest, table_told
from synthwright.pipeline.figures import figures_of, kept_figures
from synthwright.pipeline.keeping import Store
from synthwright.provenance.record import versions

__all__ = ["Memory"]


@dataclass(frozen=True, slots=True)
class Memory:
    """A store, and the digest of all that an experiment depends on so far; without one nothing is remembered."""

    store: Store = Store()
    base: str | None = None

    @classmethod
    def of(cls, store: Store, train: Table, *told: Any) -> Self:
        """The memory of the experiment that `store` is for, on `train`, of what else is `told` as JSON types."""
        if store.folder is None:
            return cls(store)
        return cls(store, digest_json([1, store.kind, code_digest(store.kind), versions(), table_told(train), *told]))

    def at(self, *told: Any) -> Memory:
        """The memory of what depends on `told`, too; an empty one where some of it is not known (``None``)."""
        known = self.base is not None and None not in told
        return replace(self, base=digest_json([self.base, *told]) if known else None)

    def figures(self) -> tuple[dict[str, Figure], Any] | None:
        """What `keep` kept here: figures by name, and what was told with them."""
        return figures_of(self.store.find(self.base))

    def keep(self, figures: Mapping[str, Figure], told: Any) -> None:
        """`figures`, and what is `told` with them as JSON types, are found here from now on."""
        self.store.keep(self.base, kept_figures(figures, told))

    def fitted(self, reference: Table, generator: Generator[Table], context: Context) -> Model:
        """`generator` after it has learnt from `reference`; an earlier call's, where this one depends on no more."""

        def fit() -> tuple[Model, float]:
            start = time.process_time()
            return fit_model(reference, generator, context), time.process_time() - start

        mine = self.at(settings_of(generator)) if self.base is not None else self
        return fit()[0] if mine.base is None else self.store.model(mine.base, type(generator), fit)[0]
