"""Does the outlook of `advise` agree with what `gain` finds on unseen rows?

    OMP_NUM_THREADS=1 python benchmarks/advise_and_gain.py

Some hundred or thousand rows of a public table are advised on; then the methods that are named are tried at ratio 1 (an
over-sampler: as many rows as balance the classes), with two seeds, and judged on up to 10,000 other rows of the table:
more than anybody with so few rows has, so that small gains are seen. Where advice says "unlikely", a gain that is
confirmed speaks against it; where it says "worth a test", nothing is promised.

Reads ../shared/data or $SYNTHWRIGHT_DATA; without it nothing is measured, and that is said. Writes
results/advise_and_gain.json.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import pandas as pd

import synthwright as sw
from real_tables import find
from synthwright.files import write_json

RESULT = Path(__file__).parent / "results" / "advise_and_gain.json"
UNSEEN = 10_000
TABLES = (
    ("adult", "income", None, 200),
    ("adult", "income", None, 1_000),
    ("adult", "income", None, 10_000),
    ("default_credit", "default payment next month", None, 1_000),
    ("default_credit", "default payment next month", None, 5_000),
    ("online_shoppers", "Revenue", None, 500),
    ("online_shoppers", "Revenue", None, 3_000),
    ("mammography", "class", None, 2_000),
    ("mammography", "class", None, 6_000),
    ("math_achieve", "MathAch", "students.parquet", 500),
    ("math_achieve", "MathAch", "students.parquet", 2_000),
)


def compared(name: str, target: str, path: Path, rows: int) -> dict[str, Any]:
    """Outlook and gain of `rows` rows of one table."""
    begun = time.process_time()
    mixed = pd.read_parquet(path).sample(frac=1, random_state=0).reset_index(drop=True)
    train, unseen = mixed.head(rows), mixed.iloc[rows : rows + UNSEEN].reset_index(drop=True)
    advice = sw.advise(train, target=target)
    found = sw.gain(train, target=target, methods=advice.conclusion.methods, ratios=[1], holdout=unseen, seeds=2)
    told = found.to_json_value()
    return {
        "table": name,
        "rows": rows,
        "unseen": len(unseen),
        "outlook": advice.conclusion.outlook,
        "because": list(advice.conclusion.because),
        "methods": list(advice.conclusion.methods),
        "helps": found.helps,
        "recommended": told["recommended"],
        "gain": found.sentence,
        "cpu_s": round(time.process_time() - begun, 1),
    }


def main() -> int:
    told = []
    for name, target, file, rows in TABLES:
        path = find(name, file)
        if path is None:
            sys.stderr.write(f"No {name} in ../shared/data or $SYNTHWRIGHT_DATA: nothing is measured.\n")
            return 1
        one = compared(name, target, path, rows)
        told.append(one)
        sys.stdout.write(f"{name} {rows}: {one['outlook']}; {one['gain']} [{one['cpu_s']} CPU-s]\n")
        sys.stdout.flush()
    write_json(RESULT, {"tables": told})
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
