"""What honesty and leaf size buy: C2ST AUC against the share of rows nearer to train than to holdout (DCR share).

    python benchmarks/honest_trees_frontier.py --data DIR [--ruler DIR] [--rows 8000] [--trees 2] [--tables adult ...]

DIR holds `<table>/train.parquet` and `<table>/holdout.parquet` as the ruler's prepare scripts write them; the ruler is
the folder with `score.py`. One seed per cell of the table unless `--seeds` says more. Both measures are best at their
floors, .5 and 50; a bootstrap of train scores a DCR share of 75 on Adult. Ends in a table on stdout and a JSON file.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import replace
from pathlib import Path

import pandas as pd

import synthwright as sw
from synthwright import files
from synthwright.engines.context import Context
from synthwright.generators.fitting import fit_model
from synthwright.generators.tabular.honest_trees import HonestTrees
from synthwright.seeding import Streams

TARGETS = {
    "adult": "income",
    "default_credit": "default payment next month",
    "online_shoppers": "Revenue",
    "beijing_pm25": "pm2.5",
    "birdstrikes": "Effect Amount of damage",
}
LEAVES = (5, 15, 30)


class Dishonest(HonestTrees):
    """The same trees with structure and contents from all rows: what honesty is measured against."""

    def _sizes(self):
        return replace(super()._sizes(), honest=False)


def measured(ruler, name, train, holdout, synthetic):
    num, cat, _ = ruler.split_columns(train, TARGETS[name])
    real, unseen, made = (ruler.harmonise(one, train, num, cat) for one in (train, holdout, synthetic))
    cats = {c: sorted(set(real[c]) | set(unseen[c]) | set(made[c])) for c in cat}
    close = ruler.privacy(real, unseen, made, ruler.Embed(real, num, cats), cap=6_000)
    return {"c2st_auc": ruler.c2st(unseen, made, cats)["c2st_auc"], "dcr_share": close["dcr_share"]}


def main():
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--data", type=Path, required=True)
    asked.add_argument("--ruler", type=Path, default=Path("../shared/bench"))
    asked.add_argument("--rows", type=int, default=8_000, help="train rows at most")
    asked.add_argument("--trees", type=int, default=2)
    asked.add_argument("--seeds", type=int, default=1)
    asked.add_argument("--tables", nargs="*", default=list(TARGETS))
    asked.add_argument("--out", type=Path, default=Path("benchmarks/results/honest_trees_frontier.json"))
    given = asked.parse_args()
    sys.path.insert(0, str(given.ruler))
    import score as ruler

    rows = []
    for name in given.tables:
        train = pd.read_parquet(given.data / name / "train.parquet").head(given.rows).reset_index(drop=True)
        holdout = pd.read_parquet(given.data / name / "holdout.parquet").head(given.rows).reset_index(drop=True)
        table = sw.read(train, target=TARGETS[name])
        for kind in (HonestTrees, Dishonest):
            for leaf in LEAVES:
                for seed in range(given.seeds):
                    start = time.process_time()
                    model = fit_model(table, kind(trees=given.trees, leaf_rows=leaf), Context(streams=Streams(seed)))
                    synthetic = model.sample(len(train), seed=seed + 100).to_pandas()
                    cpu = time.process_time() - start
                    one = {"table": name, "honest": kind is HonestTrees, "leaf_rows": leaf, "seed": seed}
                    one |= measured(ruler, name, train, holdout, synthetic) | {"cpu_s": round(cpu, 2)}
                    rows.append(one)
                    print(" ".join(str(round(v, 4) if isinstance(v, float) else v) for v in one.values()), flush=True)
    files.write_json(given.out, {"rows": given.rows, "trees": given.trees, "cells": rows})


if __name__ == "__main__":
    main()
