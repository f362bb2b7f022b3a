"""Honest trees on a million rows of 50 mixed columns: CPU seconds, peak memory, and one digest from any workers.

    OMP_NUM_THREADS=1 python benchmarks/honest_trees_million.py [--rows 1000000] [--columns 50] [--workers 2]

The table is the one of ``evaluate_million.py``: numbers, integers, dates, labels of 2 to 400 kinds, some with gaps. It
is written as Parquet and read; fitting and drawing as many rows, written block by block, are measured apart in a
process of its own with one thread. With `--workers` it is all done again with so many, for the digests of the drawn
rows to be compared. Writes results/honest_trees_million.json.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import pyarrow.parquet as pq

import synthwright as sw
from evaluate_million import Stages, blocks
from synthwright.engines.context import Context
from synthwright.engines.engine import Processes, Serial
from synthwright.files import write_json
from synthwright.generators.fitting import fit_model
from synthwright.generators.tabular.honest_trees import HonestTrees
from synthwright.seeding import Streams

HERE = Path(__file__).parent


def measure(source: str, rows: int, workers: int) -> None:
    """One fit and `rows` drawn in this process; what it took goes to stdout."""
    engine = Serial() if workers < 2 else Processes(workers)
    context = Context(streams=Streams(0), engine=engine)
    stages = Stages()
    table = sw.read(source)
    stages.end("read")
    model = fit_model(table, HonestTrees(), context)
    stages.end("fit")
    del table
    digest, drawn = hashlib.sha256(), 0
    for block in model.stream(rows, seed=0, context=context):
        digest.update(block.digest().encode())
        drawn += len(block)
    stages.end("draw")
    print(json.dumps({"workers": workers, "drawn": drawn, "digest": digest.hexdigest()[:16]} | stages.spent))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--columns", type=int, default=50)
    options.add_argument("--workers", type=int, default=0, help="do it again with so many, too")
    options.add_argument("--out", type=Path, default=HERE / "results/honest_trees_million.json")
    options.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.one:
        measure(given.one[0], int(given.one[1]), int(given.one[2]))
        return
    with tempfile.TemporaryDirectory() as work:
        made = blocks(given.rows, given.columns, 0, 1.0)
        first = next(made)
        with pq.ParquetWriter(Path(work) / "train.parquet", first.schema) as file:
            file.write_table(first)
            for block in made:
                file.write_table(block)
        runs = []
        for workers in [1, *([given.workers] if given.workers else [])]:
            told = [sys.executable, __file__, "--one", f"{work}/train.parquet", str(given.rows), str(workers)]
            runs.append(json.loads(subprocess.run(told, stdout=subprocess.PIPE, check=True, text=True).stdout))
            print(runs[-1], flush=True)
    write_json(given.out, {"rows": given.rows, "columns": given.columns, "runs": runs})


if __name__ == "__main__":
    main()
