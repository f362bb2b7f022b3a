"""One line per synthetic row: whose copy it may be, how near it comes to real rows, and a word for the risk."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import pyarrow as pa

from synthwright.evaluation._copies.copied import exact_hits, partial_hits, rounded
from synthwright.evaluation._learners.propensity import Propensity
from synthwright.evaluation._neighbours.closeness import Closeness
from synthwright.evaluation._neighbours.nearness import near_rows
from synthwright.evaluation.comparison import Comparison

__all__ = ["KINDS_OF_COPY", "row_risks"]

KINDS_OF_COPY: Mapping[str, str] = {
    "exact_copy": "privacy.exact_copies",
    "rounded_copy": "privacy.rounded_copies",
    "partial_copy": "privacy.partial_copies",
    "near_copy": "privacy.near_copies",
}


def row_risks(
    comparison: Comparison,
    *,
    ids: pa.Array | pa.ChunkedArray | None = None,
    close: Closeness | None = None,
    propensity: Propensity | None = None,
    beyond_chance: Collection[str] = (),
) -> pa.Table:
    """A table with one row per synthetic row, in order. What was not measured, or not for this row, is null.

    ``position``, ``record_id`` (where `ids` are given); ``exact_copy``, ``rounded_copy``, ``partial_copy``: it equals
    a record that one real row has alone, in train (partial: with a holdout only); ``copied_train``: that row's position
    in train; ``searched``: its neighbours were looked for (a sample of large tables); ``distance_train``,
    ``distance_holdout`` and their ``distance_ratio``, ``nearest_train`` (a position), ``near_copy``; ``propensity``:
    the chance that it is synthetic by a classifier that has not seen it; ``risk``.

    ``risk`` is high for a copy of a kind of which the table has more than chance gives (the metrics named in
    `beyond_chance`), medium for one of a kind of which it has not, otherwise low.
    """
    n = len(comparison.synthetic)
    exact, whole = exact_hits(comparison), rounded(comparison)
    partial = None if comparison.holdout is None else partial_hits(comparison).train
    hits = {"exact_copy": exact.train, "rounded_copy": whole.hits.train, "partial_copy": partial}
    columns: dict[str, pa.Array | pa.ChunkedArray] = {"position": pa.array(np.arange(n))}
    if ids is not None:
        columns["record_id"] = ids
    copied = np.full(n, -1, dtype=np.int64)
    for name, hit in hits.items():
        columns[name] = pa.nulls(n, pa.bool_()) if hit is None else pa.array(hit >= 0)
        if hit is not None:
            copied = np.where(copied < 0, hit, copied)
    columns["copied_train"] = pa.array(copied, mask=copied < 0)
    columns |= _neighbours(comparison, close) | {"propensity": _propensity(n, propensity)}
    columns["risk"] = _word(columns, beyond_chance)
    return pa.table(columns)


def _neighbours(comparison: Comparison, close: Closeness | None) -> dict[str, pa.Array]:
    """Distances of the rows that were searched, on the one ruler fitted on train."""
    n = len(comparison.synthetic)
    searched = np.zeros(n, dtype=bool)
    train, holdout, nearest = np.full(n, np.nan), np.full(n, np.nan), np.full(n, -1, dtype=np.int64)
    near = np.zeros(n, dtype=bool)
    if close is not None:
        rows = close.synthetic
        searched[rows] = True
        distances = np.stack([search.found.distance[:, 0] for search in close.of_train])
        positions = np.stack([search.rows[search.found.index[:, 0]] for search in close.of_train])
        best = distances.argmin(axis=0)
        train[rows], nearest[rows] = (np.take_along_axis(of, best[None], axis=0)[0] for of in (distances, positions))
        holdout[rows] = close.of_synthetic[1].distance[:, 0]
        near[rows] = near_rows(comparison, close)
    ratio = np.divide(train, holdout, out=np.full(n, np.nan), where=holdout > 0)
    return {
        "searched": pa.array(searched),
        "distance_train": pa.array(train, mask=~searched),
        "distance_holdout": pa.array(holdout, mask=~searched),
        "distance_ratio": pa.array(ratio, mask=~np.isfinite(ratio)),
        "nearest_train": pa.array(nearest, mask=~searched),
        "near_copy": pa.array(near, mask=~searched),
    }


def _propensity(n: int, propensity: Propensity | None) -> pa.Array:
    scores = np.full(n, np.nan)
    if propensity is not None:
        scores[propensity.rows["synthetic"]] = propensity.scores["synthetic"]
    return pa.array(scores, mask=np.isnan(scores))


def _word(columns: Mapping[str, pa.Array | pa.ChunkedArray], beyond_chance: Collection[str]) -> pa.Array:
    word = np.full(len(columns["position"]), "low", dtype=object)
    # From the least to the greatest risk: what is said last stands.
    for risk, beyond in (("medium", False), ("high", True)):
        for name, metric in KINDS_OF_COPY.items():
            if (metric in beyond_chance) == beyond:
                word[np.asarray(columns[name].fill_null(False))] = risk
    return pa.array(word, pa.string())
