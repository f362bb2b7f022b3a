"""What a report draws: counts over shared cells, never rows.

Real counts below 5 are blank and the others rounded to multiples of 5, so that no blank cell can be worked out from
the rest; cells end at round numbers or at values that at least 5 rows share.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from synthwright.data.grid import MINIMUM_ROWS
from synthwright.data.schema import Column
from synthwright.engines.context import Context
from synthwright.evaluation._views.views_cells import Cells
from synthwright.evaluation._views.views_pairs import pair_view
from synthwright.evaluation._views.views_projection import projection_view
from synthwright.evaluation.comparison import Comparison, Part

__all__ = ["MAX_COLUMNS", "blanked", "make_views"]

MAX_COLUMNS = 100  # histograms kept: a page with more is a data set of its own, not something to read

_WHY_NOT = {
    "id": "an identifier: made anew by its pattern, there is no distribution to compare",
    "text": "free text: left out of the comparison",
}


def make_views(comparison: Comparison, context: Context) -> dict[str, Any]:
    """Plot data of train, synthetic and holdout as JSON types: histograms, pair differences, three-panel projection.

    Histograms count all rows; pairs and projection count a stated sample. Identifiers and free text are listed in
    ``not_shown``. Where there is nothing to draw, the part is empty or ``None``.
    """
    shown = [column for column in comparison.schema if column.is_modelled]
    histograms = [_histogram(comparison, column) for column in shown] if len(comparison.train) else []
    folded = sorted(range(len(histograms)), key=lambda at: -histograms[at]["distance"])[MAX_COLUMNS:]
    return {
        "format": 1,
        "minimum": MINIMUM_ROWS,
        "sizes": {name: None if table is None else len(table) for name, table in _parts(comparison).items()},
        "columns": [entry for at, entry in enumerate(histograms) if at not in set(folded)],
        "not_shown": [
            *(
                {"name": column.name, "why": _WHY_NOT[column.kind]}
                for column in comparison.schema
                if column not in shown
            ),
            *({"name": histograms[at]["name"], "why": "closer than those shown"} for at in sorted(folded)),
        ],
        "pairs": pair_view(comparison, context),
        "projection": projection_view(comparison, context),
    }


def blanked(counts: np.ndarray) -> list[int | None]:
    """Counts of real rows fit to be seen: below 5 ``None``, otherwise the nearest multiple of 5."""
    rounded = (counts + MINIMUM_ROWS // 2) // MINIMUM_ROWS * MINIMUM_ROWS
    return [
        int(shown) if count >= MINIMUM_ROWS else None
        for count, shown in zip(counts.tolist(), rounded.tolist(), strict=True)
    ]


def _histogram(comparison: Comparison, column: Column) -> dict[str, Any]:
    others = [table for table in (comparison.synthetic, comparison.holdout) if table is not None]
    cells = Cells.of(comparison.train, column, *others)
    counts = {
        name: np.bincount(cells.encode(table, column.name) + 1, minlength=len(cells) + 1)
        for name, table in _parts(comparison).items()
        if table is not None
    }
    held = counts.get("holdout")
    train, synthetic = counts["train"], counts["synthetic"]
    return {
        "name": column.name,
        "kind": column.kind,
        "role": column.role,
        "axis": cells.axis,
        "labels": list(cells.labels),
        "ticks": [list(tick) for tick in cells.ticks],
        "scale": cells.scale,
        "distance": distance(train, synthetic),
        "ceiling": None if held is None else _ceiling(train, synthetic, held),
        "train": blanked(train[1:]),
        "synthetic": synthetic[1:].tolist(),
        "holdout": None if held is None else blanked(held[1:]),
        "missing": {
            "train": blanked(train[:1])[0] if train[0] else 0,
            "synthetic": int(synthetic[0]),
            "holdout": None if held is None else blanked(held[:1])[0] if held[0] else 0,
        },
    }


def distance(a: np.ndarray, b: np.ndarray) -> float:
    """Total variation distance of two count vectors over the same cells, 0 to 1; 1 if just one of them is empty."""
    n, m = a.sum(), b.sum()
    if n == 0 or m == 0:
        return float(n != m)
    return round(float(np.abs(a / n - b / m).sum() / 2), 5)


def _ceiling(train: np.ndarray, synthetic: np.ndarray, held: np.ndarray) -> float:
    """The holdout's distance, brought to as many rows as there are synthetic ones.

    Between samples of one population it is sampling error alone, which goes with sqrt(1/n + 1/m).
    """
    n, m, h = (max(int(counts.sum()), 1) for counts in (train, synthetic, held))
    return round(min(1.0, distance(train, held) * math.sqrt((1 / n + 1 / m) / (1 / n + 1 / h))), 5)


def _parts(comparison: Comparison) -> dict[Part, Any]:
    return {"train": comparison.train, "synthetic": comparison.synthetic, "holdout": comparison.holdout}
