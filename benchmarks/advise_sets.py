"""What `advise` says of tables whose answer is known beforehand, and how often it warns of what is not there.

    OMP_NUM_THREADS=1 python benchmarks/advise_sets.py [CLEAN_TABLES]

`SETS` says of each public table what has to be said (codes and outlook), and what must not be, from its documentation
alone: mammography and oil_spill are unbalanced, rows of beijing_pm25 and nycflights13 follow one another, pupils of
math_achieve go to schools, adult has plenty of rows, a column of creditcard_fraud_sample was made of the class. A code
of the target is planted into adult, and 60 rows of it get targets dealt out at random. Clean simulated tables (100
unless said) and twice as many without any signal count false alarms.

Reads ../shared/data or $SYNTHWRIGHT_DATA; without it nothing is measured, and that is said. Writes
results/advise_sets.json.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import synthwright as sw
from clean_tables import clean_table, false_alarms, null_table
from real_tables import find
from synthwright.files import write_json

RESULT = Path(__file__).parent / "results" / "advise_sets.json"
QUIET = ("leak", "groups", "order", "kind", "repeats")


@dataclass(frozen=True, kw_only=True)
class Known:
    """A table and its answer: codes of warnings that are due (with their column), areas that are to be quiet."""

    table: str
    target: str
    due: tuple[tuple[str, str], ...] = ()
    quiet: tuple[str, ...] = ()
    outlook: tuple[str, ...] = ()
    file: str | None = None
    changed: Callable[[pd.DataFrame], pd.DataFrame] | None = None


def planted(frame: pd.DataFrame) -> pd.DataFrame:
    """A code that is the target in 99 of 100 rows."""
    rng = np.random.default_rng(0)
    rich = (frame["income"] == ">50K") ^ (rng.random(len(frame)) < 0.01)
    return frame.assign(review=np.where(rich, rng.integers(60, 99, len(frame)), rng.integers(1, 60, len(frame))))


def dealt(frame: pd.DataFrame) -> pd.DataFrame:
    """60 rows, targets in another order."""
    few = frame.sample(60, random_state=1)[["age", "hours-per-week", "education-num", "sex", "income"]]
    return few.assign(income=few["income"].sample(frac=1, random_state=2).to_numpy())


SETS = {
    "unbalanced": Known(
        table="mammography", target="class", due=(("classes.imbalance", "class"),), quiet=("leak", "groups", "kind")
    ),
    "few and unbalanced": Known(
        table="oil_spill",
        target="class",
        due=(("classes.imbalance", "class"), ("classes.few", "class")),
        quiet=QUIET,
    ),
    "in time": Known(
        table="beijing_pm25",
        target="pm2.5",
        due=(("order.time", "datetime"), ("order.drift", "datetime")),
        quiet=("leak", "groups", "kind"),
        outlook=("unlikely",),
    ),
    "events in time": Known(
        table="nycflights13",
        file="flights.parquet",
        target="arr_delay",
        due=(("order.time", "time_hour"), ("kind.behaviour", "tailnum")),
        outlook=("unlikely",),
    ),
    "in groups": Known(
        table="math_achieve",
        file="students.parquet",
        target="MathAch",
        due=(("groups.rows", "School"),),
        quiet=("leak", "order", "kind", "repeats"),
    ),
    "plenty of rows": Known(table="adult", target="income", quiet=QUIET, outlook=("unlikely",)),
    "a planted leak": Known(
        table="adult", target="income", changed=planted, due=(("leak.column", "review"),), outlook=("not yet",)
    ),
    "a column made of the class": Known(
        table="creditcard_fraud_sample",
        target="Class",
        due=(("leak.column", "part"), ("order.time", "Time")),
        outlook=("not yet",),
    ),
    "60 rows, nothing to learn": Known(
        table="adult",
        target="income",
        changed=dealt,
        due=(("size.rows", ""), ("learning.no_signal", "income")),
        quiet=("leak", "groups", "order", "kind"),
        outlook=("unlikely",),
    ),
    "nothing remarkable": Known(table="default_credit", target="default payment next month", quiet=QUIET),
    "nothing remarkable, either": Known(table="online_shoppers", target="Revenue", quiet=QUIET),
}


def asked(known: Known, path: Path) -> dict[str, Any]:
    """What is said of one table, and what of it is not as known."""
    data: Any = pd.read_parquet(path)
    data = data if known.changed is None else known.changed(data)
    begun = time.process_time()
    advice = sw.advise(data, target=known.target)
    took = time.process_time() - begun
    alarms = [one for one in advice.findings if one.severity != "note"]
    said = {(one.code, name) for one in alarms for name in one.columns or ("",)}
    wrong = [f"not said: {code} {column}".strip() for code, column in known.due if (code, column) not in said]
    wrong += [f"said: {one.code}" for one in alarms if one.code.partition(".")[0] in known.quiet]
    if known.outlook and advice.conclusion.outlook not in known.outlook:
        wrong.append(f"outlook: {advice.conclusion.outlook}")
    return {
        "rows": advice.rows,
        "target": known.target,
        "expected": {
            "due": [" ".join(one).strip() for one in known.due],
            "quiet": list(known.quiet),
            "outlook": list(known.outlook),
        },
        "wrong": wrong,
        "cpu_s": round(took, 1),
        "said": advice.sentence,
        "methods": list(advice.conclusion.methods),
        "findings": [{"code": one.code, "severity": one.severity, "sentence": one.sentence} for one in advice.findings],
    }


def clean(tables: int) -> dict[str, Any]:
    """How many clean tables are warned of, and of what."""
    codes: Counter[str] = Counter()
    outlooks: Counter[str] = Counter()
    alarmed = 0
    for seed in range(tables):
        advice = sw.advise(clean_table(seed), target="y")
        found = false_alarms(advice.findings)
        alarmed += bool(found)
        codes.update(found)
        outlooks[advice.conclusion.outlook] += 1
    return {"tables": tables, "alarmed": alarmed, "codes": dict(codes), "outlooks": dict(sorted(outlooks.items()))}


def nulls(tables: int) -> dict[str, int]:
    """How many tables without any signal are said to show one."""
    advised = (sw.advise(null_table(seed), target="y").findings for seed in range(tables))
    return {"tables": tables, "signal": sum(any(one.code == "learning.signal" for one in found) for found in advised)}


def main() -> int:
    told: dict[str, Any] = {"sets": {}}
    for name, known in SETS.items():
        path = find(known.table, known.file)
        if path is None:
            sys.stderr.write(f"No {known.table} in ../shared/data or $SYNTHWRIGHT_DATA: nothing is measured.\n")
            return 1
        told["sets"][name] = {"table": known.table, **asked(known, path)}
        one = told["sets"][name]
        sys.stdout.write(
            f"{name} ({known.table}): {one['wrong'] or 'as known'}; {one['said']} [{one['cpu_s']} CPU-s]\n"
        )
        sys.stdout.flush()
    tables = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    told["clean"], told["without signal"] = clean(tables), nulls(2 * tables)
    sys.stdout.write(f"clean tables: {told['clean']}; without signal: {told['without signal']}\n")
    write_json(RESULT, told)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
