"""Models: fitted, loaded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from synthwright.api.tables import Path_, Progress, context, read
from synthwright.data.folding import Folding, FoldRare
from synthwright.data.schema import Schema
from synthwright.data.table import Table
from synthwright.engines.context import Event, ignore
from synthwright.errors import UsageError, shorten
from synthwright.generators.fitting import fit_model
from synthwright.generators.model import Model
from synthwright.generators.protocol import Generator
from synthwright.generators.settings import make_generator
from synthwright.pipeline.recipe import DEFAULT_METHOD
from synthwright.registry import name_of

__all__ = ["fit", "generator_of", "load"]


def fit(
    data: Any,
    method: str | Generator[Table] = DEFAULT_METHOD,
    *,
    settings: Mapping[str, Any] | None = None,
    seed: int = 0,
    target: str | None = None,
    schema: Schema | Path_ | None = None,
    fold_rare: FoldRare | None = None,
    constraints: Sequence[str] = (),
    workers: int = 1,
    progress: Progress = ignore,
) -> Model:
    """A model that has learnt from all rows of `data`; `method` is a name or a settings object. Nothing is judged.

    Every row that it draws obeys `constraints` (texts such as ``"a <= b"``) and those of the schema
    (``model.constraints.told()`` says how); one that contradicts others or most rows raises `BadInput`. With
    `fold_rare` (rows, or rows by column) labels in fewer rows than that stand as ``other`` and are in no part of the
    model.
    """
    generator = generator_of(method, settings)
    table = read(data, target=target, schema=schema)
    if fold_rare is not None:
        folding = Folding.of(table, fold_rare)
        table = folding.applied(table)
        for name, sentence in folding.told.items():
            progress(Event("fit", 0, None, f"{shorten(name)}: {sentence}"))
    table = table.with_schema(table.schema.with_constraints(constraints))
    progress(Event("fit", 0, None, f"{name_of('generator', generator)} on {len(table):,} rows"))
    return fit_model(table, generator, context(seed, workers, progress))


def load(folder: Path_) -> Model:
    """The model that `Model.save` or a run wrote into `folder`.

    Raises
    ------
    BadInput
        The folder is no model, or not one that can be read safely.
    """
    return Model.load(Path(folder))


def generator_of(method: str | Generator[Table], settings: Mapping[str, Any] | None) -> Generator[Table]:
    """The method called `method` with `settings`, or `method` itself; raises `UsageError` where settings come twice."""
    if isinstance(method, str):
        return cast("Generator[Table]", make_generator(method, settings))
    if settings:
        raise UsageError("Settings were given twice.", remedy="Put them into the method object.")
    return method
