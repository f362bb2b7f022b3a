"""How often the default gates say PASS, FAIL and UNDECIDED on tables whose verdict is known.

    OMP_NUM_THREADS=1 python benchmarks/gate_calibration.py [--seeds 200] [--few 40] [--workers 2] [--work FOLDER]

From a large real table each seed draws fresh rows without replacement: `rows` of them are split into train and
holdout, as many as train play the synthetic table:

    fresh      fresh real rows                      has to pass
    copies     fresh rows, 1 % of them train rows   has to fail, or be undecided where 1 % is too few to see
    shuffled   columns of train, each shuffled      has to fail
    collapsed  fresh rows with the commonest value of the first coarse column, and one in fifty of the others
    shifted    fresh rows, one number moved by two standard deviations

`--seeds` counts the seeds of the first three plants at 300, 1,000 and 5,000 rows, `--few` those of the other plants and
of 30,000 rows. Writes results/gate_calibration.json: verdicts per table, size and plant, which gates did not pass, and
the 5th, 50th and 95th percentile of both ends of what each gate holds to its bound, from which bounds can be chosen
without measuring again: `--work` keeps the measurements of every planted table in a folder, where a stopped run goes on
and other bounds are judged in seconds. Only metrics that a gate asks for are measured. Skips without the data.
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
from collections import Counter
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import numpy as np

import real_tables
from synthwright.canonical import plain
from synthwright.data.reading import read_table
from synthwright.data.splitting import split
from synthwright.data.table import Table
from synthwright.engines.context import Context
from synthwright.engines.engine import engine_for
from synthwright.evaluation.alignment import align
from synthwright.evaluation.suite import default_metrics, evaluate
from synthwright.files import make_folder, write_json
from synthwright.gates.judging import judge
from synthwright.gates.presets import load_gates
from synthwright.provenance.facts import RunFacts
from synthwright.seeding import Streams

HERE = Path(__file__).parent
sys.path.append(str(HERE / "oracles"))
from planting import changed, collapsed_rows, ending_in_copies  # noqa: E402  # its folder is where it is found

SIZES = (300, 1_000, 5_000, 30_000)
PLANTS = ("fresh", "copies", "shuffled", "collapsed", "shifted")
TARGETS = {"adult": "income", "default_credit": "default payment next month", "nycflights13": "arr_delay"}
FILES = {"nycflights13": "flights.parquet"}


@dataclass(frozen=True)
class Case:
    """One planted table: which table, how many real rows, what is planted, which seed."""

    table: str
    rows: int
    plant: str
    seed: int


@cache
def population(path: Path, name: str) -> Table:
    table = read_table(path, target=TARGETS[name])
    return table.select([column.name for column in table.schema if column.is_modelled])


def planted(case: Case, everyone: Table) -> tuple[Table, Table, Table]:
    """Train, synthetic and holdout of one case."""
    rng = Streams(case.seed).at("calibration", case.table, case.rows, case.plant).rng()
    order = rng.permutation(len(everyone))
    train, holdout = split(everyone.take(np.sort(order[: case.rows])), holdout=0.25, seed=case.seed)
    fresh = order[case.rows :]
    made = everyone.take(fresh[: len(train)])
    if case.plant == "copies":
        made = ending_in_copies(made, train, rng.choice(len(train), max(1, len(train) // 100), replace=False))
    elif case.plant == "shuffled":
        made = changed(train, **{n: v[rng.permutation(len(train))] for n, v in train.model_values().items()})
    elif case.plant == "collapsed":
        made = collapsed(everyone, fresh, len(train))
    elif case.plant == "shifted":
        made = shifted(made)
    return train, made, holdout


def collapsed(everyone: Table, fresh: np.ndarray, rows: int) -> Table:
    """All rows with the commonest value of the first column of 3 to 30 values, one in fifty of the others."""
    for column in everyone.schema:
        distinct, found = np.unique(everyone.model_values()[column.name], return_inverse=True)
        if column.role != "target" and 3 <= len(distinct) <= 30:
            break
    return everyone.take(fresh[collapsed_rows(found[fresh], rows)])


def shifted(table: Table) -> Table:
    numbers = (c for c in table.schema if c.is_numeric and c.role != "target")
    column = next(c for c in numbers if np.nanstd(table.numbers(c.name)) > 0)
    values = dict(table.model_values())
    values[column.name] = values[column.name] + 2 * np.nanstd(values[column.name])
    free = [
        c if c.name != column.name else type(c)(name=c.name, kind=c.kind, dtype=c.dtype, unit=c.unit)
        for c in table.schema.select(list(values))
    ]
    return Table.of(type(table.schema)(tuple(free)), values)


@dataclass(frozen=True)
class Outcome:
    """The overall verdict, the blocking gates that did not pass, and the interval each gate held to its bound."""

    overall: str
    told: list[str]
    intervals: dict[str, tuple[float, float]]


def measured(path: Path, work: Path | None, case: Case) -> RunFacts:
    """The figures that gates ask for, measured once; those that the folder lacks are added."""
    kept = None if work is None else work / f"{case.table}_{case.rows}_{case.plant}_{case.seed}.json"
    value = json.loads(kept.read_text(encoding="utf-8")) if kept is not None and kept.exists() else {}
    known = {one["metric"] for part in ("measurements", "skipped") for one in value.get(part, [])}
    asked = {gate.metric for gate in load_gates("default").gates} - known - set(value.get("not_measured", []))
    if metrics := [metric for metric in default_metrics() if asked & set(metric.info.measures)]:
        train, made, holdout = planted(case, population(path, case.table))
        train = train.select([name for name in train.names if name in made.names])
        comparison = align(train, made, holdout.select(train.names), seed=case.seed)
        new = plain(evaluate(comparison, Context(streams=Streams(case.seed)), metrics).to_json_value())
        for one in new["measurements"]:
            one["parts"] = {}
        lists = ("measurements", "skipped", "not_measured")
        value = new | {key: [*value.get(key, []), *new[key]] for key in lists}
        if kept is not None:
            write_json(kept, value)
    return RunFacts.of(measurements=value)


def outcome(path: Path, work: Path | None, case: Case) -> Outcome:
    """What the default gates say about one planted table."""
    facts, gates = measured(path, work, case), load_gates("default")
    verdict = judge(facts, gates, declared=["holdout", "target"])
    told = [f"{gate.gate}: {gate.verdict}" for gate in verdict.gates if gate.blocking and gate.verdict != "PASS"]
    found = {one.metric: one for one in facts.measurements}
    intervals = {}
    for gate in gates.gates:
        if gate.metric in found:
            held = found[gate.metric].excess if gate.of == "excess" else found[gate.metric].estimate
            intervals[gate.gate] = (held.low, held.high) if held is not None else (np.nan, np.nan)
    return Outcome(verdict.overall, told, intervals)


def summary(found: list[Outcome]) -> dict[str, object]:
    """Counts of verdicts and of gates that did not pass, and percentiles of the ends of each gate's interval."""
    ends = {
        gate: [
            [float(f"{value:.4g}") for value in np.percentile([one.intervals[gate][end] for one in found], (5, 50, 95))]
            for end in (0, 1)
        ]
        for gate in found[0].intervals
        if all(gate in one.intervals for one in found)
    }
    return {
        **Counter(one.overall for one in found),
        "gates": Counter(gate for one in found for gate in one.told),
        "low_and_high": ends,
    }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seeds", type=int, default=200)
    options.add_argument("--few", type=int, default=40)
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--tables", default=",".join(TARGETS))
    options.add_argument("--plants", default=",".join(PLANTS))
    options.add_argument("--sizes", default=",".join(map(str, SIZES)))
    options.add_argument("--work", type=Path)
    options.add_argument("--out", type=Path, default=HERE / "results/gate_calibration.json")
    given = options.parse_args()
    if given.work is not None:
        make_folder(given.work)
    results = []
    cells = itertools.product(given.plants.split(","), map(int, given.sizes.split(",")), given.tables.split(","))
    for plant, rows, table in cells:
        path = real_tables.find(table, FILES.get(table))
        if path is None:
            print(f"SKIPPED {table}: not in $SYNTHWRIGHT_DATA or ../shared/data", file=sys.stderr)
            continue
        if rows * 1.75 > len(population(path, table)):
            continue
        seeds = given.few if rows > 5_000 or plant not in PLANTS[:3] else given.seeds
        cases = [Case(table, rows, plant, seed) for seed in range(seeds)]
        found = list(engine_for(given.workers).map(partial(outcome, path, given.work), cases))
        results.append({"table": table, "rows": rows, "plant": plant, "seeds": seeds, **summary(found)})
        write_json(given.out, {"preset": "default", "results": results})
        print(table, rows, plant, results[-1], flush=True)


if __name__ == "__main__":
    main()
