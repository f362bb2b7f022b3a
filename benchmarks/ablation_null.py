"""How often do an ablation and a collapse watch name something where nothing is the matter?

Ablations of further real rows, in two sources: no piece of them harms, no class or region of real rows is hurt. Watches
of a generator that draws from the truth, whatever it is fitted to: rounds lose nothing. Either list is wrong in at most
1 of 20 runs by design. Writes results/ablation_null.json.

    python benchmarks/ablation_null.py [--runs 40]
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

import synthwright as sw
from synthwright.evaluation._statistics.intervals import clopper_pearson
from truthful import Truthful

RESULTS = Path(__file__).parent / "results" / "ablation_null.json"


def world(rows: int, seed: int) -> pd.DataFrame:
    """Two numbers, a label that says nothing, and three classes that follow the numbers."""
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=(2, rows)).round(3)
    skill = x + 0.8 * y + rng.normal(size=rows)
    won = np.select([skill > 1.2, skill > -0.6], ["gold", "silver"], "none")
    return pd.DataFrame({"x": x, "y": y, "city": rng.choice(["A", "B", "C"], rows), "won": won})


@dataclass(frozen=True, kw_only=True)
class Truth(Truthful):
    """Draws from the world, whatever it is fitted to."""

    draw = staticmethod(world)


def ablated(number: int) -> dict[str, bool]:
    sources = {name: world(600, 4 * number + at + 2) for at, name in enumerate(("one", "two"))}
    found = sw.ablate(
        world(300, 4 * number),
        target="won",
        methods=(),
        synthetic=sources,
        ratio=2,
        holdout=world(1_500, 4 * number + 1),
        columns=["x", "city"],
        estimator={"logistic": LogisticRegression()},
        seeds=3,
    )
    return {"a piece harms": bool(found.harms), "a place is hurt": bool(found.hurts)}


def watched(number: int) -> dict[str, bool]:
    found = sw.collapse_watch(
        world(400, 10_000 + 2 * number),
        target="won",
        method=Truth(),
        holdout=world(400, 10_001 + 2 * number),
        rounds=4,
        seeds=3,
    )
    return {f"{mode} collapses": found.collapses(mode) for mode in found.modes}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=40)
    runs, started, told = parser.parse_args().runs, time.time(), dict[str, int]()
    for number in range(runs):
        for said in (ablated(number), watched(number)):
            for what, wrong in said.items():
                told[what] = told.get(what, 0) + wrong
        print(number + 1, told, flush=True)
    rates: dict[str, Any] = {}
    for what, count in told.items():
        rate = clopper_pearson(count, runs)
        rates[what] = {"times": count, "share": rate.value, "low": rate.low, "high": rate.high}
    RESULTS.write_text(json.dumps({"runs": runs, "named wrongly": rates}, indent=1) + "\n", encoding="utf-8")
    print(f"{time.time() - started:.0f} s")


if __name__ == "__main__":
    main()
