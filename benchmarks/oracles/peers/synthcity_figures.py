"""The figures of synthcity's metrics (the pip lines are in README.md beside run.py).

The tool says of each figure whether it is to be maximised or minimised; figures from 0 to 1 are taken as they are or
as 1 minus them, others v as 1 / (1 + v). The documentation gives no value at which a table is good enough. Rows with
missing cells are dropped first: with them, most figures are left out without a word.
"""

from __future__ import annotations

import sys
import tempfile
import types
from pathlib import Path

from common import Case, Figures, main

AREAS = {
    "stats": "columns", "stats.max_mean_discrepancy": "joint", "stats.wasserstein_dist": "joint",
    "stats.prdc": "coverage",
    "stats.alpha_precision": "coverage", "detection": "joint", "performance": "utility", "privacy": "copies",
    "sanity.common_rows": "copies", "sanity.nearest": "copies", "sanity.close": "copies", "sanity.distant": "copies",
}  # fmt: skip
ASKED = {
    "sanity": ["common_rows_proportion", "nearest_syn_neighbor_distance", "close_values_probability"],
    "stats": [
        "jensenshannon_dist", "chi_squared_test", "inv_kl_divergence", "ks_test", "max_mean_discrepancy",
        "wasserstein_dist", "prdc", "alpha_precision",
    ],
    "detection": ["detection_xgb"],
    "performance": ["linear_model"],
    "privacy": ["delta-presence", "k-anonymization", "identifiability_score"],
}  # fmt: skip


def without_vision() -> None:
    """An empty torchvision, which the tool imports and tables do not need."""
    stub = types.ModuleType("torchvision")
    for name in ("transforms", "datasets", "models"):
        part = types.ModuleType(f"torchvision.{name}")
        sys.modules[f"torchvision.{name}"] = part
        setattr(stub, name, part)
    sys.modules["torchvision"] = stub


def measure(case: Case, figures: Figures) -> None:
    """Every family of figures in a call of its own."""
    from synthcity.metrics import Metrics
    from synthcity.plugins.core.dataloader import GenericDataLoader

    case = case.with_days()
    case.train, case.synthetic = case.train.dropna(), case.synthetic.dropna()
    target = case.target if case.target is not None else list(case.kinds)[-1]
    train, synthetic = (GenericDataLoader(frame, target_column=target) for frame in (case.train, case.synthetic))
    kind = "classification" if target in case.labels else "regression"

    def family(name: str, one: str) -> None:
        with tempfile.TemporaryDirectory() as folder:
            found = Metrics.evaluate(
                train, synthetic, metrics={name: [one]}, task_type=kind, workspace=Path(folder), use_cache=False
            )
        if len(found) == 0:
            figures.lost[f"{name}.{one}"] = "the tool gives no row for it"
        for key, row in found.iterrows():
            if str(key).endswith(".gt"):  # real rows' own score
                continue
            value = float(row["mean"])
            low = row["direction"] == "minimize"
            scaled = value if 0 <= value <= 1 else 1 / (1 + abs(value))
            area = next(AREAS[part] for part in sorted(AREAS, key=len, reverse=True) if str(key).startswith(part))
            good = (
                1 - scaled if low and 0 <= value <= 1 else scaled if low else value if 0 <= value <= 1 else 1 - scaled
            )
            figures.add(str(key), area, good, raw=value)

    for name, ones in ASKED.items():
        for one in ones:
            figures.trying(f"{name}.{one}", lambda name=name, one=one: family(name, one))


def start() -> None:
    """The tool is imported."""
    without_vision()
    from synthcity.metrics import Metrics  # noqa: F401


if __name__ == "__main__":
    main("synthcity", ["synthcity", "pandas"], measure, start=start)
