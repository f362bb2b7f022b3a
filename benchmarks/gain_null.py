"""How often does the gain experiment say that something helps where nothing can?

200 runs on tables of 200 to 1,000 rows, five kinds dealt out evenly: synthetic rows that are real ones again, real ones
with their targets dealt out, rows of unrelated columns, targets that nothing predicts (fresh rows of the same kind are
added), and SMOTE where the linear model is the true one. Both learners. Beside the share that is told
"helps": the mean harm of what was recommended, on 4,000 further rows of the same kind. Writes results/gain_null.json.

    python benchmarks/gain_null.py [--runs 200] [--seeds 3]
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import synthwright as sw
from synthwright.evaluation.alignment import align
from synthwright.evaluation.bench import Bench
from synthwright.evaluation.blends import LEARNERS, Blend, blend_predictions

RESULTS = Path(__file__).parent / "results" / "gain_null.json"
KINDS = ("rows again", "targets dealt out", "unrelated columns", "nothing to learn", "SMOTE of a linear world")


def world(rows: int, rng: np.random.Generator, *, linear: bool, pure: bool) -> pd.DataFrame:
    """Two numbers that cross or add up, a third, a label; `pure`: the target has nothing to do with them."""
    x, y, z = rng.normal(size=(3, rows)).round(3)
    city = rng.choice(["A", "B", "C"], rows, p=[0.6, 0.3, 0.1])
    skill = (x + y if linear else 1.5 * np.sign(x * y)) + z + (city == "A")
    noise = rng.normal(size=rows) * (1.0 if not pure else 1e6)
    return pd.DataFrame({"x": x, "y": y, "z": z, "city": city, "won": np.where(skill + noise > 1.0, "yes", "no")})


def run(number: int, seeds: int) -> dict[str, Any]:
    """One table in which nothing can help."""
    kind, rng = KINDS[number % len(KINDS)], np.random.default_rng(10_000 + number)
    linear, pure = kind == KINDS[4] or number % 2 == 0, kind == "nothing to learn"
    rows = int(rng.choice([200, 350, 600, 1_000]))
    data, fresh = (world(n, rng, linear=linear, pure=pure) for n in (rows, 4_000))
    train, holdout = sw.split(data, holdout=0.25, seed=number)
    given: dict[str, Any] = {}
    methods: tuple[str, ...] = ()
    if kind == "rows again":
        given = {kind: train.sample(frac=2.0, replace=True, random_state=number)}
    elif kind == "targets dealt out":
        made = world(2 * rows, rng, linear=linear, pure=pure)
        given = {kind: made.assign(won=rng.permutation(made["won"]))}
    elif kind == "unrelated columns":
        methods = ("tabular.independent",)
    elif kind == "nothing to learn":
        given = {kind: world(2 * rows, rng, linear=linear, pure=pure)}
    else:
        methods = ("tabular.smote_nc",)
    found = sw.gain(
        train,
        target="won",
        holdout=holdout,
        methods=methods,
        synthetic=given,
        ratios=(0.5, 1, 2),
        seeds=seeds,
        seed=number,
    )
    told = {"kind": kind, "rows": rows, "helps": found.helps, "harm": 0.0}
    if found.helps:
        told["harm"] = -true_gain(found, train, fresh, given, number)
        told["low"], told["high"] = found.recommended.low, found.recommended.high
    return told


def true_gain(found: Any, train: pd.DataFrame, fresh: pd.DataFrame, given: dict[str, Any], seed: int) -> float:
    """What the recommended blend gains in AUC on further rows of the same kind."""
    best = found.recommended
    ours, test = (sw.read(frame, target="won") for frame in (train, fresh))
    made = (
        sw.read(given[best.method], target="won")
        if best.method in given
        else sw.fit(ours, best.method, seed=seed).sample(max(1, round(best.ratio * len(ours))), seed=seed)
    )
    bench = Bench.of(ours, test)
    wanted = [(Blend(ratio), best.learner) for ratio in (0.0, best.ratio)]
    plain, mixed = blend_predictions(align(ours, made, test), wanted, LEARNERS, 0)
    return bench.scores(mixed)["auc"].value - bench.scores(plain)["auc"].value


def main() -> int:
    """All runs, one after another."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--seeds", type=int, default=3)
    options, started, spent = parser.parse_args(), time.monotonic(), time.process_time()
    runs = options.runs
    told = []
    for number in range(runs):
        told.append(run(number, options.seeds))
        if number % 10 == 9:
            helped = sum(one["helps"] for one in told)
            print(f"{number + 1} runs, {helped} told that it helps, {time.monotonic() - started:.0f} s", flush=True)
    counts, helped = (Counter(one["kind"] for one in some) for some in (told, [one for one in told if one["helps"]]))
    figures = {
        "runs": runs,
        "helps": sum(one["helps"] for one in told),
        "share": sum(one["helps"] for one in told) / runs,
        "kinds": {kind: {"runs": counts[kind], "helps": helped[kind]} for kind in KINDS},
        "mean_harm": float(np.mean([one["harm"] for one in told])),
        "worst_harm": float(max(one["harm"] for one in told)),
        "wholly_below": sum(one.get("high", 0.0) < -0.005 for one in told),
        "told": [one for one in told if one["helps"]],
        "cpu_s": round(time.process_time() - spent, 1),
    }
    known = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    known[f"{options.seeds} seeds"] = figures
    RESULTS.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(figures, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
