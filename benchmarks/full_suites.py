"""The whole default suite and its verdict on four real tables, for rows whose worth is known.

    OMP_NUM_THREADS=1 python benchmarks/full_suites.py [--tables adult,...] [--workers 1]

A quarter of each table is the holdout. Three methods are judged against the rest: `tabular.honest_trees`,
`tabular.independent` (every dependence lost) and a copy of train; for `fresh` the rest is halved, one half is train
and the other, unseen real rows, plays the synthetic table. Writes results/full_suites.json: verdict, seconds, and for
every gate what it held to its bound, with its interval. Skips, loudly, tables that are not there.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import Any

import real_tables
import synthwright as sw
from synthwright.files import write_json
from synthwright.gates.presets import load_gates

HERE = Path(__file__).parent
TARGETS = {
    "adult": "income",
    "default_credit": "default payment next month",
    "beijing_pm25": "pm2.5",
    "mammography": "class",
}
ROWS = ("honest_trees", "independent", "copy", "fresh")


def parts(table: sw.Table, kind: str) -> tuple[sw.Table, sw.Table, sw.Table]:
    """Train, synthetic and holdout rows."""
    train, holdout = sw.split(table, holdout=0.25, seed=0)
    if kind == "fresh":
        return (*sw.split(train, holdout=0.5, seed=1), holdout)
    if kind == "copy":
        return train, train, holdout
    return train, sw.fit(train, f"tabular.{kind}", seed=0).sample(len(train), seed=1), holdout


def judged(table: sw.Table, kind: str) -> dict[str, Any]:
    """The verdict, every gate with its interval, and what the evaluation cost."""
    train, made, holdout = parts(table, kind)
    start = time.process_time()
    report = sw.evaluate(train=train, synthetic=made, holdout=holdout, seed=0)
    spent = time.process_time() - start
    of = {gate.gate: gate.of for gate in load_gates("default").gates}
    gates = {}
    for gate in report.verdict.gates:
        held = None
        if gate.metric in report:
            one = report[gate.metric]
            held = one.excess if of[gate.gate] == "excess" else one.estimate
        ends = None if held is None else [float(f"{end:.4g}") for end in (held.value, held.low, held.high)]
        gates[gate.gate] = {"verdict": gate.verdict, "blocking": gate.blocking, "value_low_high": ends}
    return {
        "rows": {"train": len(train), "synthetic": len(made), "holdout": len(holdout)},
        "verdict": report.verdict.overall,
        "measured": len(report.measurements),
        "skipped": sorted(skip.metric for skip in report.skipped),
        "evaluate_cpu_s": round(spent, 1),
        "gates": gates,
    }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--tables", default=",".join(TARGETS))
    results = []
    for name in options.parse_args().tables.split(","):
        path = real_tables.find(name)
        if path is None:
            print(f"SKIPPED {name}: not in $SYNTHWRIGHT_DATA or ../shared/data", file=sys.stderr)
            continue
        table = sw.read(path, target=TARGETS[name])
        for kind in ROWS:
            found = judged(table, kind)
            results.append({"table": name, "rows_from": kind, **found})
            told = [f"{gate} {one['verdict']}" for gate, one in found["gates"].items() if one["verdict"] != "PASS"]
            print(
                f"{name:15s} {kind:13s} {found['verdict']:10s} {found['evaluate_cpu_s']:6.1f} CPU-s  {told}", flush=True
            )
    if results:
        write_json(HERE / "results/full_suites.json", {"preset": "default", "results": results})


if __name__ == "__main__":
    main()
