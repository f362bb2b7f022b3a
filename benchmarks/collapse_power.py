"""How many chains does a collapse watch need to see a loss that is there?

On three public tables of 300 rows two methods learn from their own rows for five rounds, in 10 chains. Watches of
fewer of these chains are drawn, 40 of each number; the share of them that names a figure which all 10 together name is
their power, and the width of the intervals of the trends goes beside it. Writes results/collapse_power.json.

    OMP_NUM_THREADS=1 python benchmarks/collapse_power.py
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import synthwright as sw
from real_tables import find
from synthwright.files import write_json
from synthwright.generators.settings import make_generator
from synthwright.pipeline.collapse.result import CollapseWatch, concluded
from synthwright.pipeline.collapse.rounds import Chain, Walked, walk
from synthwright.pipeline.memory import Memory
from synthwright.seeding import Streams

RESULT = Path(__file__).parent / "results" / "collapse_power.json"
TABLES = ("adult", "online_shoppers", "default_credit")
METHODS = ("tabular.honest_trees", "tabular.gaussian_copula")
ROWS, ROUNDS, CHAINS, DRAWS, NUMBERS = 300, 5, 10, 40, (1, 2, 3, 4, 5, 6, 8)


def watched(chains: dict[Chain, Walked], method: str) -> CollapseWatch:
    """What these chains show."""
    return concluded(chains, method=method, rounds=ROUNDS, seeds=len(chains), rows=ROWS, score="")


def studied(table: str, method: str, rng: np.random.Generator) -> dict[str, Any]:
    """What all chains show, and how often fewer of them do."""
    data = pd.read_parquet(find(table) or sys.exit(f"{table} is not at hand"))
    order = np.random.default_rng(1).permutation(len(data))
    train, holdout = (sw.read(data.iloc[order[at : at + ROWS]].reset_index(drop=True)) for at in (0, ROWS))
    args = (train, holdout, make_generator(method), ROUNDS, 0, Streams(0), Memory())
    every = {chain: walk(*args, chain) for chain in (Chain("replace", at) for at in range(CHAINS))}
    lost = [fall.figure for fall in watched(every, method).falls if fall.lost]
    power = {}
    for number in NUMBERS:
        hits, widths = [], []
        for _ in range(DRAWS):
            some = rng.choice(CHAINS, number, replace=False)
            falls = watched({Chain("replace", at): every[Chain("replace", at)] for at in some}, method).falls
            hits.append([fall.lost for fall in falls if fall.figure in lost])
            widths.append(np.mean([fall.change.high - fall.change.low for fall in falls]))
        power[str(number)] = {
            "power": round(float(np.mean(hits)), 3) if lost else None,
            "width": round(float(np.mean(widths)), 4),
        }
    return {"table": table, "method": method, "lost": lost, "chains": power}


def main() -> int:
    """All tables and methods."""
    rng, started, told = np.random.default_rng(0), time.process_time(), []
    for table in TABLES:
        for method in METHODS:
            told.append(studied(table, method, rng))
            print(told[-1], flush=True)
    known = [one for one in told if one["lost"]]
    mean = {
        str(number): {
            "power": round(float(np.mean([one["chains"][str(number)]["power"] for one in known])), 3),
            "width": round(float(np.mean([one["chains"][str(number)]["width"] for one in told])), 4),
        }
        for number in NUMBERS
    }
    write_json(RESULT, {"mean": mean, "cpu_s": round(time.process_time() - started, 1), "watches": told})
    print(mean)
    return 0


if __name__ == "__main__":
    sys.exit(main())
