"""Findings on synthcity's metrics, in its own environment: python of_synthcity.py [S1|S4]."""

from __future__ import annotations

import sys
import tempfile
import types
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from told import main


def without_vision() -> None:
    """An empty torchvision, which the tool imports and tables do not need."""
    for name in ("torchvision", "torchvision.transforms", "torchvision.datasets", "torchvision.models"):
        sys.modules[name] = types.ModuleType(name)


def s1() -> dict[str, Any]:
    """Authenticity looks up the distances between real rows by the numbers of synthetic rows.

    It is the share of real rows that are nearer to another real row than to any synthetic one; half of the synthetic
    rows are copies here.
    """
    from sklearn.neighbors import NearestNeighbors
    from synthcity.metrics.eval_statistical import AlphaPrecision

    rng = np.random.default_rng(0)
    # Crowded rows first, scattered ones last: so it matters whose distance is looked up.
    scale = np.repeat([0.05, 1.0], 500)[:, None]
    real = rng.normal(size=(1_000, 3)) * scale
    made = np.concatenate([rng.normal(size=(500, 3)) * scale[::2], real[::2]])
    made = made[rng.permutation(1_000)]
    *_, told = AlphaPrecision().metrics(real, made, emb_center=real.mean(axis=0))
    to_real = NearestNeighbors(n_neighbors=2).fit(real).kneighbors(real)[0][:, 1]
    to_made = NearestNeighbors(n_neighbors=1).fit(made).kneighbors(real)[0][:, 0]
    return {"by pencil": round(float((to_real < to_made).mean()), 4), "the tool": round(float(told), 4)}


def s4() -> dict[str, Any]:
    """With a missing value in the synthetic table, metrics are left out of the result without a word."""
    from synthcity.metrics import Metrics

    def rows(seed: int, *, gaps: bool) -> pd.DataFrame:
        rng = np.random.default_rng(seed)
        frame = pd.DataFrame(rng.normal(size=(500, 3)), columns=list("abc"))
        frame["target"] = (frame.a > 0).astype(int)
        if gaps:
            frame.loc[0, "b"] = np.nan
        return frame

    def told(made: pd.DataFrame) -> list[str]:
        asked = {"stats": ["jensenshannon_dist", "ks_test", "wasserstein_dist", "max_mean_discrepancy", "prdc"]}
        with tempfile.TemporaryDirectory() as folder:
            found = Metrics.evaluate(rows(0, gaps=False), made, metrics=asked, workspace=Path(folder), use_cache=False)
        return sorted({str(name).split(".")[1] for name, row in found.iterrows() if row["mean"] == row["mean"]})

    return {
        "by pencil": "five metrics, or a reason for each that is missing",
        "the tool": {"no gap": told(rows(1, gaps=False)), "one gap in 1,500 cells": told(rows(1, gaps=True))},
    }


if __name__ == "__main__":
    without_vision()
    main("synthcity", {"S1": s1, "S4": s4})
