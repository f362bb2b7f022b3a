"""Wall, CPU seconds and peak memory of fidelity, diversity and exact copies on 1,000,000 x 50 mixed rows.

    OMP_NUM_THREADS=1 python benchmarks/evaluate_million.py [--workers 2] [--growth]

A million train rows, as many synthetic ones and a quarter as many holdout rows are written as Parquet, read, compared
and measured by every default metric of the areas fidelity and diversity, and by `privacy.exact_copies`. With
`--growth` the same with 300,000 and 100,000 rows, and with 300,000 rows of 10, 25 and 100 columns. Each table has a
process of its own. Metrics run in order of their names in one comparison, so what several share is counted at the first
that asks. On a machine that does other work read the CPU seconds: wall time is what that work left. Peaks are those of
the main process; each worker that counts pairs holds the codes of one part, 100 MB of a million rows, and a Python.

Columns come in tens: numbers (normal, skewed with decimals, half zeros), integers (few values, thousands), a date,
labels (2, 5, 20, 400 of unlike frequency), all hanging on four hidden factors, two with missing cells. Synthetic rows
hang on them by four fifths as much.

Writes results/evaluate_million.json, with `--growth` also results/evaluate_million.svg.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from synthwright.files import write_json, write_text
from synthwright.report import svg

HERE = Path(__file__).parent
SIZES = [(1_000_000, 50), (300_000, 50), (100_000, 50), (300_000, 10), (300_000, 25), (300_000, 100)]
BLOCK = 100_000  # rows made at a time
FACTORS = 4
KINDS = ("normal", "money", "age", "yes_no", "label_5", "half_zero", "count", "label_20", "label_400", "date")
PARTS = {"train": 1.0, "synthetic": 1.0, "holdout": 0.25}


def column(kind: str, score: np.ndarray, rng: np.random.Generator) -> pa.Array:
    """Values of one kind that rise with `score` (standard normal)."""
    if kind == "normal":
        return pa.array(score * 12.5 + 40)
    if kind == "money":
        return pa.array(np.round(np.exp(score * 1.2 + 6), 2), mask=rng.random(len(score)) < 0.05)
    if kind == "age":
        return pa.array(np.clip(np.round(score * 15 + 45), 17, 90).astype(np.int64))
    if kind == "half_zero":
        return pa.array(np.where(score > 0, np.round(score * 900, 1), 0.0))
    if kind == "count":
        return pa.array(np.floor(np.exp(score + 5)).astype(np.int64))
    if kind == "date":
        return pa.array((np.clip(score, -4, 4) * 400 + 18_000).astype(np.int32)).cast(pa.date32())
    size = {"yes_no": 2, "label_5": 5, "label_20": 20, "label_400": 400}[kind]
    names = pa.array([f"{kind}-{at:03d}" for at in range(size)])
    # The most frequent label comes first; shares fall like 1 / rank.
    ends = np.cumsum(1 / np.arange(1, size + 1))
    rank = np.argsort(np.argsort(score)) / len(score)
    codes = np.searchsorted(ends / ends[-1], rank, side="right").astype(np.int32)
    lost = rng.random(len(score)) < (0.03 if kind == "label_20" else 0.0)
    return names.take(pa.array(codes, mask=lost))


def blocks(rows: int, columns: int, seed: int, strength: float) -> Iterator[pa.Table]:
    """`rows` rows in blocks; `strength` is how much columns hang on the hidden factors."""
    rng = np.random.default_rng(seed)
    loadings = np.random.default_rng(0).normal(size=(columns, FACTORS))
    loadings *= strength * 0.7 / np.linalg.norm(loadings, axis=1, keepdims=True)
    for start in range(0, rows, BLOCK):
        n = min(BLOCK, rows - start)
        factors = rng.normal(size=(n, FACTORS))
        made = {}
        for at in range(columns):
            own = np.sqrt(1 - loadings[at] @ loadings[at])
            kind = KINDS[at % len(KINDS)]
            made[f"{kind}_{at}"] = column(kind, factors @ loadings[at] + own * rng.normal(size=n), rng)
        yield pa.table(made)


def write_parts(folder: Path, rows: int, columns: int) -> None:
    """train.parquet, synthetic.parquet and holdout.parquet lie in `folder`."""
    for seed, (part, share) in enumerate(PARTS.items()):
        made = blocks(int(rows * share), columns, seed, 0.8 if part == "synthetic" else 1.0)
        first = next(made)
        with pq.ParquetWriter(folder / f"{part}.parquet", first.schema) as file:
            file.write_table(first)
            for block in made:
                file.write_table(block)


class Stages:
    """Wall, CPU seconds (workers included) and peak memory of one stage after another."""

    def __init__(self) -> None:
        self.spent: dict[str, dict[str, float]] = {}
        self._begin()

    def _begin(self) -> None:
        self._wall, self._cpu = time.perf_counter(), cpu_seconds()
        forget_peak()

    def end(self, name: str) -> None:
        """What happened since the last call was `name`."""
        self.spent[name] = {
            "wall_s": round(time.perf_counter() - self._wall, 2),
            "cpu_s": round(cpu_seconds() - self._cpu, 2),
            "peak_mb": round(peak_bytes() / 1e6),
        }
        print(f"{name:34s} {self.spent[name]}", file=sys.stderr, flush=True)
        self._begin()


def cpu_seconds() -> float:
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in spent)


def forget_peak() -> None:
    """The kernel begins anew to note this process' peak memory; where it can't, peaks are those since the start."""
    clear = Path("/proc/self/clear_refs")
    if clear.exists():
        clear.write_text("5")


def peak_bytes() -> int:
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


def measure(folder: Path, workers: int) -> dict[str, object]:
    """One evaluation, from Parquet files to figures, stage by stage."""
    stages = Stages()
    from synthwright import registry
    from synthwright.api import context, read
    from synthwright.engines.context import ignore
    from synthwright.evaluation.alignment import align
    from synthwright.evaluation.suite import default_metrics, evaluate

    around = context(0, workers, ignore)
    stages.end("start")
    tables = around.engine.share(read, [folder / f"{part}.parquet" for part in PARTS])
    stages.end("read")
    comparison = align(*tables)
    tables.clear()
    stages.end("align")
    for metric in default_metrics():
        name = registry.name_of("metric", metric)
        if name.startswith(("fidelity.", "diversity.")) or name == "privacy.exact_copies":
            found = evaluate(comparison, around, [metric])
            stages.end(name)
            for skipped in found.skipped:
                print(f"skipped: {skipped.metric}: {skipped.reason}", file=sys.stderr)
    return {
        "rows": comparison.rows("train"),
        "columns": len(comparison.columns),
        "workers": workers,
        "wall_s": round(sum(one["wall_s"] for one in stages.spent.values()), 1),
        "cpu_s": round(sum(one["cpu_s"] for one in stages.spent.values()), 1),
        "peak_mb": max(one["peak_mb"] for one in stages.spent.values()),
        "load_of_the_machine": round(os.getloadavg()[0], 1),
        "stages": stages.spent,
    }


def in_own_process(rows: int, columns: int, workers: int) -> dict[str, object]:
    """`measure` of tables that are made for it, in a process that has done nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        write_parts(Path(folder), rows, columns)
        command = [sys.executable, __file__, "--measure", folder, "--workers", str(workers)]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    result = json.loads(done.stdout)
    print(f"{rows:,} x {columns}: {result['wall_s']} s, {result['cpu_s']} CPU-s, {result['peak_mb']} MB", flush=True)
    return result


def plot(results: list[dict[str, object]]) -> str:
    """CPU seconds and peak memory against rows and against columns, on logarithmic axes."""
    panels = [
        ("rows, with 50 columns", "rows", [one for one in results if one["columns"] == 50]),
        ("columns, with 300,000 rows", "columns", [one for one in results if one["rows"] == 300_000]),
    ]
    drawn = [panel(40 + 380 * at, *told) for at, told in enumerate(panels)]
    style = "text{font:12px sans-serif;fill:#333}.axis{stroke:#999;fill:none}.cpu_s,.peak_mb{stroke-width:2;fill:none}"
    style += ".cpu_s{stroke:#0b6e99}.peak_mb{stroke:#b4552d}"
    title = "How evaluation grows: CPU seconds (blue) and peak memory in MB (brown)"
    told = "; ".join(
        f"{one['rows']:,} x {one['columns']}: {one['cpu_s']} CPU-s, {one['peak_mb']} MB" for one in results
    )
    return str(svg.figure(780, 320, title, told, svg.tag("style", style), svg.text(40, 20, title), *drawn))


def panel(left: float, name: str, along: str, results: list[dict[str, object]]) -> svg.Markup:
    """One pair of axes, 320 wide: a decade is 220 units along and 65 up."""
    results = sorted(results, key=lambda one: one[along])
    least = np.log10(results[0][along])
    parts = [svg.tag("path", d=f"M{left} 50V280H{left + 320}", class_="axis")]
    parts += [svg.text(left + 8, 305, name)]
    for what in ("cpu_s", "peak_mb"):
        places = [(left + 20 + 220 * (np.log10(one[along]) - least), 300 - 65 * np.log10(one[what])) for one in results]
        parts.append(
            svg.tag("polyline", points=" ".join(f"{x:.1f},{y:.1f}" for x, y in places), class_=what, fill="none")
        )
        for (x, y), one in zip(places, results, strict=True):
            parts += [svg.tag("circle", cx=x, cy=y, r=3, class_=what), svg.text(x - 8, y - 8, f"{one[what]:g}")]
            parts += [svg.text(x - 12, 292, f"{one[along]:,}")] if what == "cpu_s" else []
    return svg.join(parts)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--growth", action="store_true")
    options.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.measure is not None:
        print(json.dumps(measure(given.measure, given.workers)))
        return
    sizes = SIZES if given.growth else SIZES[:1]
    results = [in_own_process(rows, columns, given.workers) for rows, columns in sizes]
    write_json(HERE / "results/evaluate_million.json", {"results": results})
    if given.growth:
        write_text(HERE / "results/evaluate_million.svg", plot(results))


if __name__ == "__main__":
    main()
