"""Do the intervals of gains hold where seeds are few, and how wide are they?

On five public tables every cell of a gain experiment is trained with 8 seeds and tested on 5,000 further rows. Then
experiments of 2 and 3 of these seeds and 500 or 2,000 of the rows are drawn, 100 of each, and the intervals of the
gains of all methods are compared with what they are to hold: the gain with any seeds on any rows. (Deviations from the
whole of 8 seeds and 5,000 rows are stretched to deviations from the truth, by the share that the drawn ones are of it.)
Beside the interval in use: Student's interval of each cell's own seeds, in which rows count twice, and others' luck
trusted with other degrees of freedom. Writes results/gain_intervals.json.

    python benchmarks/gain_intervals.py
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import synthwright as sw
from synthwright.evaluation._statistics import repeats
from synthwright.evaluation._statistics.figure import Figure
from synthwright.evaluation._statistics.roc import auc_influence
from synthwright.evaluation._statistics.tables import over_tables
from synthwright.evaluation.blends import LEARNERS
from synthwright.generators.settings import make_generator
from synthwright.pipeline.gain.arms import CURVE, REAL, arm_of, controls_for
from synthwright.pipeline.gain.cells import Cell
from synthwright.pipeline.gain.keys import Keys
from synthwright.pipeline.gain.plan import Plan
from synthwright.pipeline.gain.store import Store
from synthwright.pipeline.gain.tables import Tables
from synthwright.pipeline.gain.trial import Item, Setting
from synthwright.pipeline.sources import find_file
from synthwright.seeding import Streams

RESULTS = Path(__file__).parent / "results" / "gain_intervals.json"
TABLES = (
    ("adult", "income", 200, "tabular.smote_nc"),
    ("adult", "income", 1_000, "tabular.smote_nc"),
    ("online_shoppers", "Revenue", 400, "tabular.smote_nc"),
    ("default_credit", "default payment next month", 400, "tabular.smote_nc"),
    ("mammography", "class", 1_000, "tabular.smote"),
)
METHODS = ("tabular.honest_trees", "tabular.gaussian_copula")
SEEDS, TEST, DRAWS, TRUSTED = 8, 5_000, 100, (0.0, 2.0, 4.0, 8.0)


def trained(name: str, target: str, rows: int, smote: str) -> tuple[dict[Cell, np.ndarray], np.ndarray]:
    """What every cell says of the test rows, (seeds, rows), and which of these are of the rarer class."""
    data = pd.read_parquet(find_file(f"example:{name}", what="data").path)
    order = np.random.default_rng(500).permutation(len(data))
    parts = (order[:rows], order[rows : rows + TEST])
    train, test = (sw.read(data.iloc[part].reset_index(drop=True), target=target) for part in parts)
    arms = tuple(arm_of(make_generator(method), classes=True) for method in (*METHODS, smote))
    plan = Plan(arms=arms, ratios=(1.0, 5.0), learners={"boosted": LEARNERS["boosted"]}, seeds=SEEDS, seed=0)
    every = (REAL, *controls_for(arms, classes=True), *arms)
    tables, named = Tables(learners=plan.learners, seed=0), {arm.name: arm for arm in (*every, CURVE)}
    keys = Keys.of(tables.told(train), tables.told(test), plan)
    setting = Setting(tables, train, test, plan, named, Streams(0), keys, Store())
    found: dict[Cell, list[np.ndarray]] = {}
    for seed in range(SEEDS):
        for arm in every:
            item = Item(True, seed, arm.name)
            for cell, made in setting.tried((item, setting.wanted(item, rows))).items():
                found.setdefault(cell, []).append(made.predictions[:, 1])
    truth = test.levels(target)
    rare = truth == np.argmin(np.bincount(truth[truth >= 0]))
    return {cell: np.array(said) for cell, said in found.items() if cell.real}, rare


def figures(said: np.ndarray, rare: np.ndarray) -> list[Figure]:
    """The area under the curve of every seed."""
    return [Figure(area, {"test": moves}) for area, moves in (auc_influence(one, rare) for one in said)]


def gains(cells: dict[Cell, np.ndarray], rare: np.ndarray) -> dict[Cell, list[Figure]]:
    """What every cell gains over the real rows alone, with every seed."""
    base = next(cell for cell in cells if cell.arm == REAL.name)
    real = figures(cells[base], rare)
    return {
        cell: [one - two for one, two in zip(figures(said, rare), real, strict=True)]
        for cell, said in cells.items()
        if cell != base
    }


def lucks_with(trust: float, told: dict[Cell, repeats.Repeated]) -> dict[str, repeats.Luck]:
    """The luck of every arm where others are trusted with so many degrees of freedom."""
    arms: dict[str, list[repeats.Repeated]] = {}
    for cell, one in told.items():
        arms.setdefault(cell.arm, []).append(one)
    return repeats.lucks(arms, trust)


def studied(cells: dict[Cell, np.ndarray], rare: np.ndarray, seeds: int, rows: int) -> dict[str, list[float]]:
    """Shares of intervals wholly above and below what they are to hold, and half their width, by kind of interval."""
    whole = {cell: np.array([one.value for one in some]) for cell, some in gains(cells, rare).items()}
    named = [cell for cell in whole if cell.arm.startswith("tabular.") and "random" not in cell.arm]
    rng, found = np.random.default_rng(1), dict[str, list[tuple[float, float, float]]]()
    for _ in range(DRAWS):
        at, which = rng.choice(len(rare), rows, replace=False), rng.choice(SEEDS, seeds, replace=False)
        some = gains({cell: said[which][:, at] for cell, said in cells.items()}, rare[at])
        told = {cell: repeats.Repeated.of(figures) for cell, figures in some.items()}
        within: dict[str, dict[Cell, Any]] = {"own seeds": {cell: over_tables(some[cell])[0] for cell in named}}
        for trust in TRUSTED:
            luck = lucks_with(trust, told)
            within[f"others for {trust:g}"] = {cell: told[cell].within(luck.get(cell.arm))[0] for cell in named}
        for kind, intervals in within.items():
            for cell, one in intervals.items():
                mine = whole[cell][which].mean()
                off = (one.value - mine) / (1 - rows / TEST) ** 0.5
                off += (mine - whole[cell].mean()) / (1 - seeds / SEEDS) ** 0.5
                half = one.high - one.value
                found.setdefault(kind, []).append((off > half, off < -half, half))
    return {kind: [round(float(one), 4) for one in np.mean(rows_, axis=0)] for kind, rows_ in found.items()}


def main() -> int:
    """All tables, one after another."""
    told, started = list[dict[str, Any]](), time.process_time()
    for name, target, rows, smote in TABLES:
        cells, rare = trained(name, target, rows, smote)
        for seeds in (2, 3):
            for test in (500, 2_000):
                kinds = studied(cells, rare, seeds, test)
                told.append({"table": f"{name}_{rows}", "seeds": seeds, "test": test, "kinds": kinds})
                print(told[-1], flush=True)
    mean = {
        f"{seeds} seeds, {test} rows": {
            kind: [round(float(one), 4) for one in np.mean(some, axis=0)]
            for kind in told[0]["kinds"]
            for some in [[one["kinds"][kind] for one in told if (one["seeds"], one["test"]) == (seeds, test)]]
        }
        for seeds in (2, 3)
        for test in (500, 2_000)
    }
    figures_ = {"columns": ["above", "below", "half"], "mean": mean, "tables": told}
    figures_["cpu_s"] = round(time.process_time() - started, 1)
    RESULTS.write_text(json.dumps(figures_, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(mean, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
