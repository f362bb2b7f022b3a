"""Honest trees as files: ``columns.json`` and ``columns.safetensors``, checked as they are read back."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from synthwright.data.schema import Schema
from synthwright.data.schema_file import schema_from_json, schema_to_json
from synthwright.errors import BadInput
from synthwright.files import write_bytes, write_json
from synthwright.generators.saved import LARGEST_JSON, read_state
from synthwright.generators.tabular._honest_trees_cells import Cells
from synthwright.generators.tabular._honest_trees_column import Classes, ColumnModel, Counts, Forest, Score
from synthwright.generators.tabular._honest_trees_offset import Offset
from synthwright.learning.trees import Trees

__all__ = ["read_columns", "write_columns"]

_VERSION = 3
_LARGEST = 16 * LARGEST_JSON  # bytes of arrays
_MOST_ROWS = 2**40  # counted in one table


def write_columns(
    folder: Path, schema: Schema, cells: Mapping[str, Cells], columns: Mapping[str, ColumnModel], systematic: bool
) -> None:
    """`folder` holds the fitted columns and how they are drawn; equal models give equal bytes."""
    from safetensors.numpy import save

    arrays: dict[str, np.ndarray] = {}
    told = []
    for number, (name, model) in enumerate(columns.items()):
        told.append(
            {
                "name": name,
                "cells": cells[name].state(),
                "before": list(model.before),
                "copies": list(model.copies),
                "places": list(model.places),
                "offset": None if model.offset is None else model.offset.state(),
                "law": type(model.law).__name__.lower(),
                "folds": len(model.law.score.folds) if isinstance(model.law, Forest) and model.law.score else 0,
            }
        )
        for key, array in _arrays(model).items():
            arrays[f"{number}/{key}"] = np.ascontiguousarray(array)
    told_once = {"version": _VERSION, "schema": schema_to_json(schema), "systematic": systematic}
    write_json(folder / "columns.json", told_once | {"columns": told})
    write_bytes(folder / "columns.safetensors", save(arrays))


def read_columns(folder: Path) -> tuple[Schema, dict[str, Cells], dict[str, ColumnModel], bool]:
    """Read back `write_columns`.

    Raises
    ------
    BadInput
        A file is missing, damaged or too large, or says something that no saved model says.
    """
    state = read_state(folder / "columns.json", {"version", "schema", "systematic", "columns"})
    if state["version"] != _VERSION:
        raise BadInput("The honest trees were saved in a format that this version of synthwright does not read.")
    schema = schema_from_json(state["schema"])
    arrays = _read_arrays(folder / "columns.safetensors")
    cells: dict[str, Cells] = {}
    columns: dict[str, ColumnModel] = {}
    try:
        for number, told in enumerate(state["columns"]):
            name = told["name"]
            known = Cells.from_state(schema[name], told["cells"])
            prefix = f"{number}/"
            own = {key[len(prefix) :]: array for key, array in arrays.items() if key.startswith(prefix)}
            columns[name] = _column(told, known, cells, own)
            cells[name] = known
    except (KeyError, TypeError, ValueError, OverflowError, IndexError) as error:
        if isinstance(error, BadInput):
            raise
        raise BadInput("The saved honest trees can't be read.", evidence=str(error)[:200]) from error
    if sorted(columns) != sorted(schema.names) or len(state["columns"]) != len(schema):
        raise BadInput("The saved honest trees speak of other columns than their schema.")
    if not isinstance(state["systematic"], bool):
        raise BadInput("The saved honest trees do not say how they are drawn.")
    return schema, cells, columns, state["systematic"]


def _arrays(model: ColumnModel) -> dict[str, np.ndarray]:
    made = {f"places/{at}": places for at, places in enumerate(model.places.values())}
    law = model.law
    if isinstance(law, Classes):
        return made | {"cells": law.cells.astype(np.uint32)} | _named("trees", law.trees)
    if isinstance(law, Counts):
        return made | _runs(np.array([0, len(law.entries)]), law.entries)
    made |= _named("trees", law.trees) | _runs(law.bounds, law.entries) | {"bounds": law.bounds.astype(np.int64)}
    if law.score is not None:
        made["edges"] = law.score.edges
        for fold, trees in enumerate(law.score.folds):
            made |= _named(f"fold/{fold}", trees)
    return made


def _named(prefix: str, trees: Trees) -> dict[str, np.ndarray]:
    return {f"{prefix}/{key}": array for key, array in trees.state().items()}


def _runs(bounds: np.ndarray, entries: np.ndarray) -> dict[str, np.ndarray]:
    """Entries as what they are: per leaf, cells and how many rows were counted in each."""
    leaf = np.repeat(np.arange(len(bounds) - 1), np.diff(bounds))
    new = np.flatnonzero(np.diff(entries, prepend=-1).astype(bool) | np.diff(leaf, prepend=-1).astype(bool))
    counts = np.diff(np.append(new, len(entries)))
    return {"cell": entries[new].astype(np.uint32), "count": counts.astype(np.uint32)}


def _read_arrays(path: Path) -> dict[str, np.ndarray]:
    from safetensors import SafetensorError
    from safetensors.numpy import load

    if path.is_symlink() or not path.is_file() or path.stat().st_size > _LARGEST:
        raise BadInput(f"The model has no sound file {path.name}.", remedy="Save the model again.")
    try:
        return dict(load(path.read_bytes()))
    except (SafetensorError, ValueError, KeyError, TypeError) as error:
        raise BadInput(f"{path.name} of the model can't be read.", evidence=str(error)[:200]) from error


def _column(told: Any, cells: Cells, known: Mapping[str, Cells], arrays: Mapping[str, np.ndarray]) -> ColumnModel:
    before, copies = tuple(told["before"]), tuple(told["copies"])
    if not set(before) | set(copies) <= set(known) or len(set(before)) != len(before):
        raise BadInput("A saved column depends on one that is not drawn before it.")
    if copies and (cells.grid is None or any(known[one].grid is None for one in copies)):
        raise BadInput("A saved column copies one of another kind.")
    places = {one: _places(arrays[f"places/{at}"], known[one]) for at, one in enumerate(told["places"])}
    if not set(places) <= set(before):
        raise BadInput("A saved column orders categories of a column that it does not look at.")
    numbers = frozenset(one for one, its in known.items() if its.grid is not None)
    offset = None if told["offset"] is None else Offset.from_state(told["offset"], cells, numbers)
    largest, features = cells.size + len(copies) + (0 if offset is None else len(offset.grid)), len(before)
    law: Counts | Forest | Classes
    if told["law"] == "counts":
        law = Counts(_entries(arrays, largest))
        if len(law.entries) == 0:
            raise BadInput("A saved column has an empty table.")
    elif told["law"] == "classes":
        law = _classes(arrays, largest, features)
    elif told["law"] == "forest":
        law = _forest(arrays, largest, features, int(told["folds"]))
    else:
        raise BadInput("A saved column is drawn in a way that this version of synthwright does not know.")
    return ColumnModel(before, places, copies, law, offset)


def _places(places: np.ndarray, cells: Cells) -> np.ndarray:
    if cells.grid is not None or places.dtype != np.uint16 or places.shape != (cells.size + 2,):
        raise BadInput("Saved places of categories do not fit their column.")
    return places


def _entries(arrays: Mapping[str, np.ndarray], largest: int) -> np.ndarray:
    cell, count = arrays["cell"].astype(np.int64), arrays["count"].astype(np.int64)
    sound = cell.ndim == 1 and cell.shape == count.shape and len(cell) > 0 and cell.max() <= largest
    if not sound or count.min() < 1 or count.sum() > _MOST_ROWS:
        raise BadInput("A saved table of counts does not fit its column.")
    if count.sum() > 64 * _LARGEST // 8:
        raise BadInput("A saved table of counts is too large.")
    return np.repeat(cell, count)


def _trees(arrays: Mapping[str, np.ndarray], prefix: str, features: int) -> Trees:
    names = ("start", "feature", "threshold", "left", "right", "value")
    trees = Trees.from_state({name: arrays[f"{prefix}/{name}"] for name in names}, features)
    if len(trees) == 0:
        raise BadInput("A saved column has no trees.")
    return trees


def _classes(arrays: Mapping[str, np.ndarray], largest: int, features: int) -> Classes:
    cells, trees = arrays["cells"].astype(np.int64), _trees(arrays, "trees", features)
    fits = cells.ndim == 1 and len(cells) >= 2 and cells.max() <= largest
    if not fits or features == 0 or (len(cells) > 2 and len(trees) % len(cells)):
        raise BadInput("Saved class probabilities do not fit their column.")
    return Classes(trees, cells)


def _forest(arrays: Mapping[str, np.ndarray], largest: int, features: int, folds: int) -> Forest:
    score = None
    if folds:
        edges = arrays["edges"]
        if not 1 <= folds <= 16 or edges.ndim != 1 or edges.dtype != np.float64 or np.any(np.diff(edges) < 0):
            raise BadInput("A saved score has no ascending edges.")
        score = Score(tuple(_trees(arrays, f"fold/{fold}", features) for fold in range(folds)), edges)
    trees = _trees(arrays, "trees", features + (score is not None))
    entries, bounds = _entries(arrays, largest), arrays["bounds"].astype(np.int64)
    whole = bounds.shape == (len(trees.left) + 1,) and bounds[0] == 0 and bounds[-1] == len(entries)
    if features == 0 or not whole or np.any(np.diff(bounds) < 0) or np.any(np.diff(bounds)[trees.is_leaf] < 1):
        raise BadInput("Saved leaves do not fit their trees.")
    return Forest(trees, bounds, entries, score)
