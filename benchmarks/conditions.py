"""Conditions under every method of tables: what share is met, what it costs, how many candidates rows are picked from.

    OMP_NUM_THREADS=1 python benchmarks/conditions.py [--tables adult default_credit beijing_pm25] [--rows 1000]

Real tables of 6,000 rows to learn from and others to take partial rows from. Asked for, per method: the most frequent
label of a column, a range that a tenth of the rows fall into, both together, the rarest label that 1 in 200 rows has,
and partial rows: unseen rows of which a random half of the cells is known (values that no model may emit are not).
SMOTE-NC and noise don't condition on single cells: partial rows would be waited for one by one, and are left out.
`achieved` is the share of the rows asked for that came out, counted on what was drawn, never on what the draw says of
itself; `cpu_s_per_1000` holds drawing alone. `patterns` is how many sets of known cells the partial rows have. Writes
results/conditions.json; skips, loudly, tables that are not there.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

import synthwright as sw
from real_tables import find
from synthwright.files import write_json

METHODS = ("honest_trees", "gaussian_copula", "bayes_network", "independent", "smote_nc", "noise", "random_oversample")
WAITING = ("smote_nc", "noise")  # methods without a way to put single known cells in their place
TRAIN = 6_000


def conditions(table: sw.Table) -> dict[str, dict[str, Any]]:
    """Conditions that real rows of `table` meet, by name."""
    frame = table.to_pandas()
    labels = [column.name for column in table.schema if column.kind == "categorical"]
    numbers = [column.name for column in table.schema if column.is_numeric]
    spread = max(numbers, key=lambda name: frame[name].nunique())
    low, high = (float(one) for one in frame[spread].quantile([0.6, 0.7], interpolation="nearest"))
    within = {spread: (low, high)}
    if not labels:
        return {"range": within}
    first = max(labels, key=lambda name: frame[name].nunique())
    counts = frame[first].value_counts()
    common, rare = counts.index[0], counts.index[counts >= len(frame) / 200][-1]
    return {"label": {first: common}, "range": within, "both": within | {first: common}, "rare label": {first: rare}}


def halves(unseen: sw.Table, schema: sw.Schema, rows: int, seed: int) -> sw.Table:
    """`rows` of `unseen` without a random half of their cells, and without what `schema` does not allow."""
    unseen = unseen.with_schema(schema)
    hidden = np.random.default_rng(seed).random((rows, len(unseen.names))) < 0.5
    for at, column in enumerate(schema):
        if column.is_discrete:
            hidden[:, at] |= unseen.levels(column.name)[:rows] >= len(column.categories or (False, True))
        elif column.bounds is not None:
            values = unseen.numbers(column.name)[:rows]
            hidden[:, at] |= (values < column.bounds[0]) | (values > column.bounds[1])
    arrays = [
        pa.array(unseen.data[name].slice(0, rows).to_pylist(), unseen.data.schema.field(name).type, mask=hidden[:, at])
        for at, name in enumerate(unseen.names)
    ]
    return sw.Table(unseen.schema, pa.Table.from_arrays(arrays, names=list(unseen.names)))


def met(drawn: sw.Table, given: Any, rows: np.ndarray) -> int:
    """How many of the drawn rows are as asked."""
    frame = drawn.to_pandas()
    fits = np.ones(len(frame), dtype=bool)
    if isinstance(given, sw.Table):
        known = given.to_pandas().iloc[rows].reset_index(drop=True)
        for name in known.columns:
            fits &= (known[name].isna() | (known[name] == frame[name])).to_numpy(dtype=bool)
        return int(fits.sum())
    for name, value in given.items():
        fits &= frame[name].between(*value) if isinstance(value, tuple) else frame[name] == value
    return int(fits.sum())


def measured(model: Any, given: Any, rows: int) -> dict[str, Any]:
    start = time.process_time()
    try:
        drawn = model.draw(None if isinstance(given, sw.Table) else rows, seed=1, given=given, short="return")
    except sw.SynthwrightError as error:
        return {"refused": error.problem}
    spent = time.process_time() - start
    told = dict(drawn.summary())
    found = {"achieved": met(drawn.table, given, drawn.rows) / rows, "acceptance": told["acceptance"]}
    found |= {"cpu_s_per_1000": 1_000 * spent / rows}
    return found | ({"effective": told["effective"]} if "effective" in told else {})


def compared(name: str, file: Path, rows: int) -> dict[str, Any]:
    table = sw.read(file)
    order = np.random.default_rng(0).permutation(len(table))
    train, unseen = table.take(order[:TRAIN]), table.take(order[TRAIN : TRAIN + rows])
    train = sw.read(train.to_pandas())
    names = [column.name for column in train.schema if column.is_modelled]
    partial = halves(unseen.select(names), train.schema.select(names), rows, 0)
    gone = np.stack([partial.missing(one) for one in names], axis=1)
    found: dict[str, Any] = {"columns": len(names), "patterns": len(np.unique(gone, axis=0)), "methods": {}}
    asked = {**conditions(train), "partial rows": partial}
    for method in METHODS:
        model = sw.fit(train.select(names), f"tabular.{method}", seed=0)
        found["methods"][method] = {
            what: measured(model, given, rows)
            for what, given in asked.items()
            if what != "partial rows" or method not in WAITING
        }
        for what, one in found["methods"][method].items():
            print(name, method, what, one, flush=True)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tables", nargs="+", default=["adult", "default_credit", "beijing_pm25"])
    parser.add_argument("--rows", type=int, default=1_000)
    options = parser.parse_args()
    results = {}
    for name in options.tables:
        file = find(name, f"{name}.parquet")
        if file is None:
            print(f"SKIPPED: no {name} in ../shared/data or $SYNTHWRIGHT_DATA")
            continue
        results[name] = compared(name, file, options.rows)
    if results:
        write_json(
            Path(__file__).parent / "results/conditions.json", {"train": TRAIN, "rows": options.rows, "tables": results}
        )


if __name__ == "__main__":
    main()
