"""CPU seconds of every default metric on Adult (32,561 train, 32,561 synthetic, 16,281 holdout rows; 15 columns).

    OMP_NUM_THREADS=1 python benchmarks/evaluate_adult.py [--draws 3]

Synthetic rows are drawn column by column (`tabular.independent`): no metric is faster on worse data. Metrics run in
their order of names in one comparison, so what several share (encodings, fitted models, neighbours) is counted at the
first that asks. Writes results/evaluate_adult.json; skips without the data.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import real_tables
from synthwright import registry
from synthwright.data.reading import read_table
from synthwright.engines.context import Context
from synthwright.evaluation.alignment import align
from synthwright.evaluation.suite import default_metrics, evaluate
from synthwright.files import write_json
from synthwright.generators.tabular.independent import Independent
from synthwright.learning.boosting import boosting_library
from synthwright.seeding import Streams

HERE = Path(__file__).parent
AREAS = ("fidelity", "diversity", "utility", "privacy")  # bias and contamination need columns and files named


def one_pass(train, synthetic, holdout) -> dict[str, float]:
    """CPU seconds per metric, after `align`."""
    context = Context(streams=Streams(0))
    start = time.process_time()
    comparison = align(train, synthetic, holdout)
    spent = {"align": time.process_time() - start}
    for metric in default_metrics():
        start = time.process_time()
        found = evaluate(comparison, context, [metric])
        spent[registry.name_of("metric", metric)] = time.process_time() - start
        for skipped in found.skipped:
            print(f"skipped: {skipped.metric}: {skipped.reason}", file=sys.stderr)
    return spent


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--draws", type=int, default=3)
    draws = options.parse_args().draws
    path = real_tables.find("adult", "adult_train.parquet")
    if path is None:
        print("SKIPPED: no adult_train.parquet in $SYNTHWRIGHT_DATA/adult or ../shared/data/adult", file=sys.stderr)
        return
    train = read_table(path, target="income")
    holdout = read_table(path.with_name("adult_test.parquet"), schema=train.schema)
    sampler = Independent().fit(train, Context(streams=Streams(0)))
    synthetic = sampler.block(0, len(train), Context(streams=Streams(1)))
    passes = [one_pass(train, synthetic, holdout) for _ in range(draws)]
    least = {name: min(one[name] for one in passes) for name in passes[0]}  # the others waited for busy cores
    for name, seconds in least.items():
        print(f"{name:32s} {seconds:7.2f}")
    total = sum(least.values())
    print(f"{'total':32s} {total:7.2f} CPU-s with {boosting_library()}")
    write_json(
        HERE / "results" / "evaluate_adult.json",
        {
            "rows": {"train": len(train), "synthetic": len(synthetic), "holdout": len(holdout)},
            "columns": len(train.schema),
            "boosting": boosting_library(),
            "cpu_seconds": {name: round(seconds, 2) for name, seconds in least.items()},
            "total_cpu_seconds": round(total, 2),
            "by_area": {area: round(sum(s for name, s in least.items() if name.startswith(area)), 2) for area in AREAS},
        },
    )


if __name__ == "__main__":
    main()
