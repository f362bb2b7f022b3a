"""Honest trees beside CART and TabularARGN on real tables: seconds, memory, and all figures of the ruler.

    python benchmarks/honest_trees.py --ruler PYTHON [--cart PYTHON] [--argn PYTHON] [--seeds 3] [--argn-seeds 1]

The ruler is ``../shared/bench/score.py``, run by the Python given, which needs sdmetrics, lightgbm and prdc; CART
(py-synthpop) and TabularARGN (mostlyai-engine) run from ``../shared/bench/peers`` by theirs. Tables come from
$SYNTHWRIGHT_DATA or ``../shared/data`` and are prepared by ``../shared/bench/prepare_*.py``: Adult keeps its original
parts, beijing_pm25 loses the 2,067 rows without a target, dates become days. As many rows are drawn as train has; every
fit has a process of its own and one thread. CPU seconds hold fitting and drawing, neither imports nor reading. Writes
results/honest_trees.json; what it already says of a peer or of tables not asked for is kept. Skips, loudly, what it has
no data or no Python for, and what a peer fails on.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import resource
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd

import real_tables
import synthwright as sw
from synthwright.files import write_json

HERE = Path(__file__).resolve().parent
BENCH = HERE.parent.parent / "shared/bench"
TABLES = {  # target, kind of task, how else to prepare
    "adult": ("income", None, ()),
    "default_credit": ("default payment next month", "classification", ("--drop", "ID")),
    "online_shoppers": ("Revenue", "classification", ()),
    "beijing_pm25": ("pm2.5", "regression", ("--drop", "No")),
    "birdstrikes": ("Effect Amount of damage", "classification", ("--datetime", "ordinal")),
    "mammography": ("class", "classification", ()),
    "creditcard_fraud_sample": ("Class", "classification", ()),
    "oil_spill": ("class", "classification", ()),
}
PEERS = {"cart": ("pysynthpop_cart", []), "argn": ("mostlyai_engine_cpu", ["--opt", "minutes=20"])}
FIGURES = ("shape_error", "trend_error", "trend_error_common_bins", "gap", "c2st_auc", "dcr_share", "exact_copy_pct")
MORE = ("coverage", "density")
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


class Failed(Exception):
    """The last words of a command that failed."""


def run(*command: object) -> None:
    """Raises `Failed`."""
    told = [str(one) for one in command]
    done = subprocess.run(told, env=os.environ | ONE_THREAD, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Failed(f"{Path(told[1]).name} failed: {done.stderr[-2_000:]}")


def prepared(name: str, ruler: str, folder: Path) -> bool:
    """True once ``train.parquet`` and ``holdout.parquet`` of the table lie in `folder`."""
    target, task, extra = TABLES[name]
    source = real_tables.find(name)
    if source is None:
        print(f"SKIPPED {name}: no {name}.parquet in $SYNTHWRIGHT_DATA or ../shared/data", file=sys.stderr)
        return False
    folder.mkdir()
    if task is None:
        run(ruler, BENCH / "prepare_adult.py", "--src", source.parent, "--out", folder)
        return True
    frame = pd.read_parquet(source)
    frame[frame[target].notna()].to_parquet(folder / "source.parquet")
    run(ruler, BENCH / "prepare_table.py", "--data", folder / "source.parquet", "--target", target, "--task", task,
        *extra, "--out", folder)  # fmt: skip
    return True


def fit_and_draw(train: Path, target: str, seed: int, made: Path, meta: Path) -> None:
    """One fit of honest trees with default settings, in this process."""
    frame = pd.read_parquet(train)
    table = sw.read(frame, target=target)
    clock = [time.process_time()]
    model = sw.fit(table, "tabular.honest_trees", seed=seed)
    clock.append(time.process_time())
    rows = model.sample(len(frame), seed=seed)
    clock.append(time.process_time())
    rows.to_pandas()[list(frame.columns)].to_parquet(made)
    told = {"fit_cpu_s": round(clock[1] - clock[0], 2), "sample_cpu_s": round(clock[2] - clock[1], 2)}
    meta.write_text(json.dumps(told | {"peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}))


def spent(meta: Path) -> dict[str, float]:
    """CPU seconds and peak memory, ours or as ``peers/common.py`` writes them."""
    told = json.loads(meta.read_text())
    if "fit_cpu_s" in told:
        return told
    cpu = {f"{part}_cpu_s": round(told[part]["user_cpu_s"] + told[part]["sys_cpu_s"], 2) for part in ("fit", "sample")}
    return cpu | {"peak_mb": told["peak_rss_mb"]}


def measured(folder: Path, name: str, method: str, seed: int, given: argparse.Namespace) -> dict[str, object] | None:
    """One method on one table from one seed: what it cost and what the ruler says; ``None`` if a peer fails."""
    target, train = TABLES[name][0], folder / "train.parquet"
    stem = folder / f"{method}-{seed}"
    made, meta, scores = (stem.with_suffix(ending) for ending in (".parquet", ".meta.json", ".score.json"))
    if method == "honest_trees":
        run(sys.executable, __file__, "--one", train, target, seed, made, meta)
    else:
        script, extra = PEERS[method]
        try:
            run(getattr(given, method), BENCH / "peers" / f"{script}.py", "--train", train, "--target", target,
                "--seed", seed, "--out", made, "--json", meta, *extra)  # fmt: skip
        except Failed as error:
            print(f"SKIPPED {method} on {name}: {error}", file=sys.stderr)
            return None
    run(given.ruler, BENCH / "score.py", "--train", train, "--holdout", folder / "holdout.parquet", "--target", target,
        "--synthetic", made, "--no-logistic", "--cache", folder, "--out", scores)  # fmt: skip
    told = json.loads(scores.read_text())
    row = {"table": name, "method": method, "seed": seed} | spent(meta)
    row |= {key: told[key] for key in (*FIGURES, *MORE)}
    row |= {key: told[key]["r2" if told["task"] == "regression" else "auc"] for key in ("trtr", "tstr")}
    print(" ".join(str(round(one, 4) if isinstance(one, float) else one) for one in row.values()), flush=True)
    return known(row)


def known(row: dict[str, object]) -> dict[str, object]:
    """`row` with ``None`` for what could not be measured: an AUC over a class that a part does not have."""
    return {key: None if isinstance(one, float) and math.isnan(one) else one for key, one in row.items()}


def means(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    """One row per table and method."""
    kept = {key: (key, "mean") for key in rows[0] if key not in ("table", "method", "seed")}
    mean = (
        pd.DataFrame(rows)
        .astype(dict.fromkeys(kept, float))
        .groupby(["table", "method"], sort=False)
        .agg(seeds=("seed", "count"), **kept)
    )
    return [known(row) for row in mean.round(6).reset_index().to_dict("records")]


def main() -> None:
    given = asked()
    if given.one:
        train, target, seed, made, meta = given.one
        fit_and_draw(Path(train), target, int(seed), Path(made), Path(meta))
        return
    if not given.ruler or not (BENCH / "score.py").exists():
        print("SKIPPED: scoring needs --ruler PYTHON and ../shared/bench/score.py", file=sys.stderr)
        return
    kept = json.loads(given.out.read_text())["runs"] if given.out.exists() else []
    again = {("honest_trees", name) for name in given.tables}
    kept = {
        (row["table"], row["method"], row["seed"]): row for row in kept if (row["method"], row["table"]) not in again
    }
    jobs = [(name, "honest_trees", seed) for name in given.tables for seed in range(given.seeds)]
    for peer in PEERS:
        seeds = range(getattr(given, f"{peer}_seeds"))
        wanted = [(name, peer, seed) for name in given.tables for seed in seeds]
        jobs += [job for job in wanted if job not in kept and getattr(given, peer)]
        if not getattr(given, peer) and any(job not in kept for job in wanted):
            print(f"SKIPPED {peer}: no --{peer} PYTHON", file=sys.stderr)
    with tempfile.TemporaryDirectory() as work, ThreadPoolExecutor(given.at_once) as pool:
        tables = [name for name in given.tables if prepared(name, given.ruler, Path(work) / name)]
        jobs = [job for job in jobs if job[0] in tables]
        made = list(pool.map(lambda job: measured(Path(work) / job[0], *job, given), jobs))
    rows = [*kept.values(), *(row for row in made if row is not None)]
    if rows:
        order = [list(TABLES), ["honest_trees", *PEERS]]
        rows.sort(key=lambda row: (order[0].index(row["table"]), order[1].index(row["method"]), row["seed"]))
        write_json(given.out, {"means": means(rows), "runs": rows})


def asked() -> argparse.Namespace:
    """What the command line asks for."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--ruler", help="a Python with what score.py needs")
    options.add_argument("--cart", help="a Python with py-synthpop")
    options.add_argument("--argn", help="a Python with mostlyai-engine")
    options.add_argument("--seeds", type=int, default=3)
    options.add_argument("--cart-seeds", type=int, default=3)
    options.add_argument("--argn-seeds", type=int, default=1)
    options.add_argument("--tables", nargs="*", choices=TABLES, default=list(TABLES))
    options.add_argument("--at-once", type=int, default=1, help="processes side by side, one thread each")
    options.add_argument("--out", type=Path, default=HERE / "results/honest_trees.json")
    options.add_argument("--one", nargs=5, help=argparse.SUPPRESS)
    return options.parse_args()


if __name__ == "__main__":
    main()
