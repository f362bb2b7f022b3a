"""The Gaussian copula and the Chow-Liu network on real tables and a million rows: seconds, memory, the ruler's figures.

    python benchmarks/copula.py --ruler PYTHON [--tables adult online_shoppers] [--seeds 1] [--rows 1000000]

The ruler and the tables are those of ``honest_trees.py``, which says where they come from; the million rows of 12
columns (numbers, labels, a tenth of one column missing) are made here. Every fit has a process of its own and one
thread; CPU seconds hold fitting and drawing as many rows, neither imports nor reading. SDV's Gaussian copula, measured
once with the same ruler, has a C2ST AUC of 1.000 and a gap of .118 on Adult. Writes results/copula.json; skips, loudly,
what it has no data or no Python for.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

import synthwright as sw
from honest_trees import BENCH, FIGURES, HERE, MORE, TABLES, prepared, run
from synthwright.files import write_json

METHODS = ("tabular.gaussian_copula", "tabular.bayes_network")


def made_up(n: int) -> pa.Table:
    """Twelve columns that share one cause: skewed amounts, whole numbers, labels, a truth value, one with gaps."""
    rng = np.random.default_rng(0)
    z = rng.standard_normal((n, 12))
    z[:, 1:] += 0.7 * z[:, :1]
    columns = {f"amount {at}": np.round(100 * np.exp(z[:, at] / 2), 2) for at in range(4)}
    columns |= {f"count {at}": (10 * z[:, 4 + at]).astype(int) for at in range(2)}
    labels = np.array(list("abcdefgh"))
    columns |= {f"label {at}": labels[np.clip((1.5 * z[:, 6 + at] + 4).astype(int), 0, 7)] for at in range(4)}
    return pa.table(columns | {"yes": z[:, 10] > 0, "gaps": pa.array(z[:, 11], mask=z[:, 10] > 1.6)})


def one(method: str, source: str, target: str, seed: int, drawn: str) -> None:
    """One fit and as many rows drawn, in this process; the costs go to stdout. `source` is a file or a row count."""
    frame = made_up(int(source)) if source.isdigit() else pd.read_parquet(source)
    table, size = sw.read(frame, target=target), len(frame)
    clock = [time.process_time()]
    model = sw.fit(table, method, seed=seed)
    clock.append(time.process_time())
    if source.isdigit():
        for _ in model.stream(size, seed=seed):
            pass
        clock.append(time.process_time())
    else:
        rows = model.sample(size, seed=seed)
        clock.append(time.process_time())
        rows.to_pandas()[list(frame.columns)].to_parquet(drawn)
    fit, sample = (round(later - sooner, 2) for sooner, later in pairwise(clock))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    Path(f"{drawn}.json").write_text(json.dumps({"fit_cpu_s": fit, "sample_cpu_s": sample, "peak_mb": peak}))


def measured(folder: Path, name: str, method: str, seed: int, ruler: str) -> dict[str, object]:
    """One method on one real table: what it cost and what the ruler says."""
    target, train, drawn = TABLES[name][0], folder / "train.parquet", folder / f"{method}-{seed}.parquet"
    scores = drawn.with_suffix(".score.json")
    run(sys.executable, __file__, "--one", method, train, target, seed, drawn)
    run(ruler, BENCH / "score.py", "--train", train, "--holdout", folder / "holdout.parquet", "--target", target,
        "--synthetic", drawn, "--no-logistic", "--cache", folder, "--out", scores)  # fmt: skip
    told = json.loads(scores.read_text())
    row = {"table": name, "method": method, "seed": seed} | json.loads(Path(f"{drawn}.json").read_text())
    return row | {key: round(told[key], 4) for key in (*FIGURES, *MORE)}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--ruler", help="a Python with what score.py needs")
    options.add_argument("--tables", nargs="*", choices=TABLES, default=["adult", "online_shoppers"])
    options.add_argument("--seeds", type=int, default=1)
    options.add_argument("--rows", type=int, default=1_000_000, help="rows of the made-up table; 0 leaves it out")
    options.add_argument("--out", type=Path, default=HERE / "results/copula.json")
    options.add_argument("--one", nargs=5, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.one:
        method, source, target, seed, drawn = given.one
        one(method, source, target, int(seed), drawn)
        return
    rows: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory() as work:
        if given.rows:
            for method in METHODS:
                drawn = Path(work) / method
                run(sys.executable, __file__, "--one", method, given.rows, "yes", 0, drawn)
                costs = json.loads(Path(f"{drawn}.json").read_text())
                rows.append({"table": f"{given.rows} x 12", "method": method, "seed": 0} | costs)
                print(rows[-1], flush=True)
        if not given.ruler or not (BENCH / "score.py").exists():
            print("SKIPPED: scoring needs --ruler PYTHON and ../shared/bench/score.py", file=sys.stderr)
            given.tables = []
        for name in given.tables:
            if not prepared(name, given.ruler, Path(work) / name):
                continue
            for method in METHODS:
                for seed in range(given.seeds):
                    rows.append(measured(Path(work) / name, name, method, seed, given.ruler))
                    print(rows[-1], flush=True)
    if rows:
        write_json(given.out, {"runs": rows})


if __name__ == "__main__":
    main()
