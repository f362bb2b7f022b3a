"""Is what `advise` expects of synthesis what the gain experiment finds?

On every table, cut down to rows that train in seconds, `sw.advise` looks at train and `sw.gain` tries honest trees, the
Gaussian copula and SMOTE with boosted trees and two seeds on further rows of the same table. An outlook "unlikely" is
contradicted where gain finds that something helps; "worth a test" is only ever an invitation. Beside both stands the
largest gain of any blend, on the holdout. Writes results/advise_outlook.json.

    OMP_NUM_THREADS=1 python benchmarks/advise_outlook.py [--only adult_150,...]
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import synthwright as sw
from real_tables import find
from synthwright.files import write_json

RESULT = Path(__file__).parent / "results" / "advise_outlook.json"
# Name: table, target, rows to learn from, and the columns that would tell (made of the target, or single rows).
TABLES: dict[str, tuple[str, str, int, tuple[str, ...]]] = {
    "adult_150": ("adult", "income", 150, ()),
    "adult_1000": ("adult", "income", 1_000, ()),
    "default_credit_200": ("default_credit", "default payment next month", 200, ()),
    "online_shoppers_300": ("online_shoppers", "Revenue", 300, ()),
    "mammography_800": ("mammography", "class", 800, ()),
    "oil_spill_500": ("oil_spill", "class", 500, ()),
    "creditcard_fraud_sample_600": ("creditcard_fraud_sample", "Class", 600, ("part", "Time")),
    "math_achieve_400": ("math_achieve", "MathAch", 400, ("School",)),
    "breast_cancer_150": ("breast_cancer", "target", 150, ()),
    "wine_80": ("wine", "target", 80, ()),
    "diabetes_200": ("diabetes", "target", 200, ()),
}
FILES = {"math_achieve": "students.parquet"}
MOST = 2_000  # rows of the holdout


def rows_of(table: str) -> pd.DataFrame | None:
    """The whole table; ``None`` where it is not at hand."""
    if table in {"breast_cancer", "wine", "diabetes"}:
        from sklearn import datasets

        frame: pd.DataFrame = getattr(datasets, f"load_{table}")(as_frame=True).frame
        return frame.assign(target=frame["target"].map("class {}".format)) if table != "diabetes" else frame
    path = find(table, FILES.get(table))
    if path is None:
        return None
    data = pd.read_parquet(path)
    return data[data["part"].isin(["all_frauds", "random_genuine"])] if "part" in data else data


def asked(data: pd.DataFrame, target: str, rows: int) -> dict[str, Any]:
    """What is expected, and what is found."""
    order = np.random.default_rng(0).permutation(len(data))[: rows + MOST]
    train, holdout = (data.iloc[part].reset_index(drop=True) for part in np.split(order, [rows]))
    advice = sw.advise(train, target=target)
    numbers = train[target].nunique() > 20
    plain = not any(not pd.api.types.is_numeric_dtype(train[name]) or train[name].isna().any() for name in train)
    smote = () if numbers else ("tabular.smote" if plain and target != "target" else "tabular.smote_nc",)
    found = sw.gain(
        train,
        target=target,
        holdout=holdout,
        methods=("tabular.honest_trees", "tabular.gaussian_copula", *smote),
        ratios=(1, 5),
        learners=("boosted",),
        seeds=2,
    )
    blends = [row for row in found.rows if row.cell.real and row.cell.arm.startswith("tabular.")]
    best = max((row for row in blends if "random" not in row.cell.arm), key=lambda row: row.gain.value)
    said = advice.conclusion
    return {
        "rows": rows,
        "outlook": said.outlook,
        "because": list(said.because),
        "helps": found.helps,
        "recommended": found.recommended.method,
        "score": found.score,
        "real": round(found.real["boosted"].score.value, 4),
        "gain": None if found.candidate is None else [round(getattr(found.candidate.gain, end), 4) for end in ENDS],
        "best": [best.cell.arm, best.cell.ratio, *(round(getattr(best.gain, end), 4) for end in ENDS)],
        "contradicted": said.outlook == "unlikely" and found.helps,
    }


ENDS = ("value", "low", "high")


def main() -> int:
    """All tables that are asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", default=",".join(TABLES))
    told, started = dict[str, Any](), time.process_time()
    for name in parser.parse_args().only.split(","):
        table, target, rows, left_out = TABLES[name]
        data = rows_of(table)
        if data is None:
            print(f"{name}: not measured, the table is not at hand", file=sys.stderr)
            continue
        told[name] = asked(data.drop(columns=[one for one in left_out if one in data]), target, rows)
        print(name, told[name], flush=True)
        write(told, time.process_time() - started)
    return 0


def write(told: dict[str, Any], cpu_s: float) -> None:
    """What is known so far, and what it comes to per outlook."""
    outlooks = {
        outlook: {"tables": len(some), "helps": sum(one["helps"] for one in some)}
        for outlook in dict.fromkeys(one["outlook"] for one in told.values())
        for some in [[one for one in told.values() if one["outlook"] == outlook]]
    }
    contradicted = [name for name, one in told.items() if one["contradicted"]]
    figures = {"outlooks": outlooks, "contradicted": contradicted, "cpu_s": round(cpu_s, 1), "tables": told}
    write_json(RESULT, figures)


if __name__ == "__main__":
    sys.exit(main())
