"""What honesty and leaf size buy: C2ST AUC against the share of rows nearer to train than to holdout (DCR share).

    python benchmarks/honest_trees_frontier.py [--rows 3000] [--trees 12] [--leaves 5 10 20] [--tables adult ...]

Tables are found and prepared as for ``honest_trees.py``, and measured by two functions of the same ruler,
``../shared/bench/score.py``. One seed per cell of the table unless `--seeds` says more. Both measures are best at their
floors, .5 and 50; a bootstrap of train scores a DCR share of 75 on Adult. Ends in a table on stdout and a JSON file.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from dataclasses import replace
from itertools import product
from pathlib import Path

import pandas as pd

import synthwright as sw
from honest_trees import BENCH, HERE, TABLES, prepared
from synthwright import files
from synthwright.engines.context import Context
from synthwright.generators.fitting import fit_model
from synthwright.generators.tabular.honest_trees import HonestTrees
from synthwright.seeding import Streams

RESIST = ("default_credit", "beijing_pm25", "birdstrikes", "creditcard_fraud_sample", "oil_spill")


class Dishonest(HonestTrees):
    """The same trees with structure and contents from all rows: what honesty is measured against."""

    def _sizes(self):
        return replace(super()._sizes(), honest=False)


def measured(ruler, name, train, holdout, synthetic):
    num, cat, _ = ruler.split_columns(train, TABLES[name][0])
    real, unseen, made = (ruler.harmonise(one, train, num, cat) for one in (train, holdout, synthetic))
    cats = {c: sorted(set(real[c]) | set(unseen[c]) | set(made[c])) for c in cat}
    close = ruler.privacy(real, unseen, made, ruler.Embed(real, num, cats), cap=6_000)
    return {"c2st_auc": ruler.c2st(unseen, made, cats)["c2st_auc"], "dcr_share": close["dcr_share"]}


def main():
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rows", type=int, default=3_000, help="train rows at most")
    asked.add_argument("--trees", type=int, default=12)
    asked.add_argument("--leaves", type=int, nargs="*", default=[5, 10, 20])
    asked.add_argument("--seeds", type=int, default=1)
    asked.add_argument("--tables", nargs="*", choices=TABLES, default=RESIST)
    asked.add_argument("--out", type=Path, default=HERE / "results/honest_trees_frontier.json")
    given = asked.parse_args()
    if not (BENCH / "score.py").exists():
        print("SKIPPED: measuring needs ../shared/bench/score.py", file=sys.stderr)
        return
    sys.path.insert(0, str(BENCH))
    import score as ruler

    rows = []
    with tempfile.TemporaryDirectory() as work:
        for name in given.tables:
            if prepared(name, sys.executable, Path(work) / name):
                rows += cells(ruler, name, Path(work) / name, given)
    if rows:
        files.write_json(given.out, {"rows": given.rows, "trees": given.trees, "cells": rows})


def cells(ruler, name, folder, given):
    """What every leaf size, with honesty and without, comes to on one table."""
    parts = (pd.read_parquet(folder / f"{part}.parquet") for part in ("train", "holdout"))
    train, holdout = (part.head(given.rows).reset_index(drop=True) for part in parts)
    table, rows = sw.read(train, target=TABLES[name][0]), []
    for kind, leaf, seed in product((HonestTrees, Dishonest), given.leaves, range(given.seeds)):
        start = time.process_time()
        model = fit_model(table, kind(trees=given.trees, leaf_rows=leaf), Context(streams=Streams(seed)))
        synthetic = model.sample(len(train), seed=seed + 100).to_pandas()
        cpu = time.process_time() - start
        one = {"table": name, "honest": kind is HonestTrees, "leaf_rows": leaf, "seed": seed}
        one |= measured(ruler, name, train, holdout, synthetic) | {"cpu_s": round(cpu, 2)}
        rows.append(one)
        print(" ".join(str(round(v, 4) if isinstance(v, float) else v) for v in one.values()), flush=True)
    return rows


if __name__ == "__main__":
    main()
