"""What `inspect --propose` finds in real tables, how often a find breaks on rows it has not seen, and what it costs.

    OMP_NUM_THREADS=1 python benchmarks/constraint_proposals.py

Each table is cut into two random halves, five times. Rules proposed on one half are looked up in the other: one that a
row breaks there is a false proposal. This is harsher than the stated false-alarm rate, which is about columns that know
nothing of one another; linked columns may obey a rule in thousands of rows and break it in the next. Uniqueness and
fixed combinations are checked on both halves together, which is what such a rule speaks of. Two more figures: planted
relations that are found in simulated tables, and rules proposed among shuffled columns of the real tables.

Reads ../shared/data or $SYNTHWRIGHT_DATA; without it nothing is measured, and that is said. Writes
results/constraint_proposals.json.
"""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from synthwright.data.proposals.proposing import Proposal, propose
from synthwright.data.reading import read_table
from synthwright.data.rule_text import parse
from synthwright.data.table import Table
from synthwright.files import write_json
from synthwright.seeding import Streams

RESULT = Path(__file__).parent / "results" / "constraint_proposals.json"
TABLES = (
    "adult/adult.parquet",
    "online_shoppers/online_shoppers.parquet",
    "default_credit/default_credit.parquet",
    "beijing_pm25/beijing_pm25.parquet",
    "birdstrikes/birdstrikes.parquet",
    "movies/movies.parquet",
    "mammography/mammography.parquet",
    "oil_spill/oil_spill.parquet",
    "creditcard_fraud_sample/creditcard_fraud_sample.parquet",
    "math_achieve/students.parquet",
    "nycflights13/planes.parquet",
    "nycflights13/airports.parquet",
    "nycflights13/flights.parquet",
)
CUTS = 5
LARGE = 100_000  # rows; larger tables are cut once


def where() -> Path | None:
    """The folder of the public tables, if there is one."""
    places = [os.environ.get("SYNTHWRIGHT_DATA"), str(Path(__file__).parents[2] / "shared" / "data")]
    return next((Path(place) for place in places if place and Path(place).is_dir()), None)


def breaks(rule: Proposal, seen: Table, unseen: Table) -> bool:
    """Whether a row of `unseen` breaks `rule`; keys and combinations are those of both tables together."""
    names = list(rule.columns)
    if rule.kind in {"key", "combinations", "one-hot"}:
        both = pa.concat_tables([seen.data.select(names), unseen.data.select(names)]).to_pandas()
        if rule.kind == "key":
            return bool(both.duplicated().any())
        if rule.kind == "one-hot":
            return bool((both.astype(float).sum(axis=1) != 1).any())
        pairs = both.dropna().drop_duplicates()
        return bool(min(pairs[name].duplicated().sum() for name in names))
    from synthwright.data.constraints import evaluate_rule, parse_rule

    return not evaluate_rule(unseen, parse_rule(rule.rule, unseen.schema)).all()


def cut(table: Table, seed: int) -> tuple[Table, Table]:
    order = Streams(seed).at("cut").rng().permutation(len(table))
    return table.take(np.sort(order[: len(table) // 2])), table.take(np.sort(order[len(table) // 2 :]))


def shuffled(table: Table, seed: int) -> Table:
    """Every column in an order of its own: nothing links them."""
    columns = [
        table.data[name].take(pa.array(Streams(seed).at("shuffle", name).rng().permutation(len(table))))
        for name in table.names
    ]
    return Table(table.schema, pa.Table.from_arrays(columns, names=list(table.names)))


def of_one_column(rule: Proposal) -> bool:
    return len(rule.columns) == 1


def measured(table: Table) -> dict[str, Any]:
    begun = time.process_time()
    found = propose(table)
    cpu = time.process_time() - begun
    proposed: Counter[str] = Counter()
    false: Counter[str] = Counter()
    broken: set[str] = set()
    for seed in range(CUTS if len(table) <= LARGE else 1):
        for seen, unseen in (cut(table, seed), cut(table, seed)[::-1]):
            for rule in propose(seen):
                proposed[rule.kind] += 1
                if breaks(rule, seen, unseen):
                    false[rule.kind] += 1
                    broken.add(rule.rule)
    return {
        "rows": len(table),
        "columns": len(table.names),
        "cpu_s": round(cpu, 2),
        "proposals": [one.rule for one in found],
        "by_kind": dict(Counter(one.kind for one in found)),
        "on_halves": dict(proposed),
        "broken_on_the_other_half": dict(false),
        "broken": sorted(broken)[:20],
        "among_shuffled_columns": sum(not of_one_column(one) for one in propose(shuffled(table, 0))),
    }


def planted(seed: int) -> tuple[Table, list[str]]:
    """A table of 40 columns with twelve relations in it, and their rules."""
    rng = Streams(seed).at("planted").rng()
    n = 3_000
    columns: dict[str, Any] = {f"n{i}": np.round(rng.gamma(2, 9, n), 2) for i in range(16)}
    columns |= {f"i{i}": rng.integers(1, 60, n) for i in range(6)}
    columns |= {f"c{i}": np.array(list("abcdefgh"))[rng.integers(0, 8, n)] for i in range(4)}
    columns["sum2"] = np.round(columns["n0"] + columns["n1"], 2)
    columns["sum5"] = np.round(sum(columns[f"n{i}"] for i in range(3, 8)), 2)
    columns["rest"] = np.round(columns["n8"] - columns["n9"], 2)
    columns["area"] = columns["i0"] * columns["i1"]
    columns["paid"] = np.round(columns["n10"] * columns["i2"], 2)
    columns["scaled"] = np.round(2.5 * columns["n11"], 3)
    columns["begin"] = rng.integers(0, 500, n)
    columns["end"] = columns["begin"] + rng.integers(0, 400, n)
    columns["gone"] = np.where(columns["c0"] == "a", np.nan, columns["n12"] + 0.5 * rng.integers(0, 3, n))
    columns["none"] = np.where(columns["i3"] == 7, 0, rng.integers(0, 9, n))
    columns["hot_a"], columns["hot_b"] = (
        (columns["c1"] < "d").astype(int),
        ((columns["c1"] >= "d") & (columns["c1"] < "g")).astype(int),
    )
    columns["hot_c"] = (columns["c1"] >= "g").astype(int)
    columns["region"] = np.where(columns["c2"] < "e", "north", "south")
    columns["key"] = rng.permutation(n) + 10_000
    columns = {name: pa.array(values, from_pandas=True) for name, values in columns.items()}
    return read_table(pa.table(columns)), [
        "sum2 == n0 + n1",
        "sum5 == n3 + n4 + n5 + n6 + n7",
        "n8 == n9 + rest",
        "area == i0 * i1",
        "paid == n10 * i2",
        "scaled == 2.5 * n11",
        "begin <= end",
        "when c0 == 'a' then gone is missing",
        "one_hot(hot_a, hot_b, hot_c)",
        "combinations(c2, region)",
        "unique(key)",
    ]


def readable(rule: str) -> bool:
    """Whether the language of rules has the form."""
    from synthwright.errors import BadInput

    try:
        parse(rule)
    except BadInput:
        return False
    return True


def main() -> int:
    told: dict[str, Any] = {"planted": [], "tables": {}}
    for seed in range(5):
        table, wanted = planted(seed)
        begun = time.process_time()
        found = {one.rule for one in propose(table)}
        wanted = [rule for rule in wanted if readable(rule)]
        told["planted"].append(
            {
                "columns": len(table.names),
                "wanted": len(wanted),
                "missed": [rule for rule in wanted if rule not in found],
                "proposals": len(found),
                "cpu_s": round(time.process_time() - begun, 2),
            }
        )
    folder = where()
    if folder is None:
        sys.stderr.write("No public tables in ../shared/data or $SYNTHWRIGHT_DATA: nothing is measured.\n")
        return 1
    for name in TABLES:
        if (folder / name).is_file():
            found = measured(read_table(folder / name))
            told["tables"][Path(name).stem] = found
            shown = {key: value for key, value in found.items() if key not in {"proposals", "broken"}}
            sys.stdout.write(f"{name}: {shown}\n")
    write_json(RESULT, told)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
