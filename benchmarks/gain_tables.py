"""Does synthetic data help on public tables? Which method, how much, at which ratio, and was the advice right?

Every table is split into train, a holdout that the experiment is judged on, and an extra part that neither of them
holds. `sw.gain` asks on train and holdout; then the same models are tested on the extra part, which says whether the
recommendation was right there. Boosted trees, three seeds. Writes results/gain_tables.json and
docs/gain-on-public-tables.md after every table.

    python benchmarks/gain_tables.py [--only adult_100,...] [--page]
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import synthwright as sw
from synthwright.pipeline.sources import find_file

HERE = Path(__file__).parent
RESULTS = HERE / "results" / "gain_tables.json"
PAGE = HERE.parent / "docs" / "gain-on-public-tables.md"
SEEDS = 3
CONTROLS = ("real rows again", "class weights", "tabular.random_oversample")


@dataclass(frozen=True)
class Job:
    """A table and how many of its rows stand where; `draws` is how often that is dealt out anew."""

    table: str
    target: str
    train: int
    holdout: int
    extra: int
    smote: str = "tabular.smote_nc"
    ratios: tuple[float, ...] = (0.5, 1, 2, 5)
    draws: int = 1


JOBS = {
    "adult_100": Job("adult", "income", 100, 2_000, 20_000, ratios=(0.5, 1, 2, 5, 10), draws=4),
    "adult_200": Job("adult", "income", 200, 2_000, 20_000, ratios=(0.5, 1, 2, 5, 10), draws=4),
    "adult_1000": Job("adult", "income", 1_000, 2_000, 20_000, draws=2),
    "adult_5000": Job("adult", "income", 5_000, 3_000, 20_000),
    "oil_spill": Job("oil_spill", "class", 460, 230, 247, smote="tabular.smote", draws=3),
    "mammography": Job("mammography", "class", 5_600, 2_800, 2_783, smote="tabular.smote"),
    "creditcard_fraud_sample": Job("creditcard_fraud_sample", "Class", 1_200, 620, 624, smote="tabular.smote", draws=2),
    "default_credit": Job("default_credit", "default payment next month", 6_000, 4_000, 15_000, ratios=(0.5, 1, 2)),
    "online_shoppers": Job("online_shoppers", "Revenue", 6_000, 3_000, 3_300, ratios=(0.5, 1, 2)),
}


def rows_of(job: Job) -> pd.DataFrame:
    """The table as a frame, without what gives the classes away."""
    data = pd.read_parquet(find_file(f"example:{job.table}", what="data").path)
    if job.table == "creditcard_fraud_sample":
        # Genuine rows of its first part lie in one hour: Time would tell the classes apart. See its README.
        data = data[data["part"].isin(["all_frauds", "random_genuine"])].drop(columns=["part", "Time"])
    return data.reset_index(drop=True)


def asked(job: Job, draw: int) -> dict[str, Any]:
    """One experiment, and the same models on the extra part."""
    data = rows_of(job)
    order = np.random.default_rng(draw).permutation(len(data))
    ends = np.cumsum([job.train, job.holdout, job.extra])
    train, holdout, extra = (data.iloc[part].reset_index(drop=True) for part in np.split(order, ends)[:3])
    options: dict[str, Any] = {
        "target": job.target,
        "methods": ["tabular.honest_trees", "tabular.gaussian_copula", job.smote],
        "ratios": job.ratios,
        "learners": ("boosted",),
        "seeds": SEEDS,
        "seed": draw,
    }
    with tempfile.TemporaryDirectory() as cache:
        found, later = (sw.gain(train, holdout=part, cache=cache, **options) for part in (holdout, extra))
    said = found.candidate.cell
    real = {row.cell: row for row in later.rows}
    best = max((row for row in later.rows if is_method(row)), key=lambda row: row.gain.value)
    return {
        "draw": draw,
        "sentence": found.sentence,
        "notes": found.notes,
        "helps": found.helps,
        "real": found.real["boosted"].score.value,
        "real_on_extra": later.real["boosted"].score.value,
        "candidate": told(found.candidate),
        "candidate_on_extra": told(real[said]) if said in real else None,
        "best_on_extra": told(best),
        "arms": [told(one.row) | {"worth": None if one.worth is None else one.worth.rows.value} for one in found.arms],
        "arms_on_extra": [told(real[one.row.cell]) for one in found.arms if one.row.cell in real],
        "alone": [told(row) for row in found.rows if not row.cell.real],
        "blends": [told(row) for row in found.rows if row.cell.real],
        "cpu_s": {name: round(cost.total, 2) for name, cost in found.costs.items()},
    }


def is_method(row: Any) -> bool:
    """True for cells that a recommendation could have named."""
    return row.cell.real and row.cell.arm not in {*CONTROLS, "shuffled targets", "real rows alone"}


def told(row: Any) -> dict[str, Any]:
    """A cell in a few numbers."""
    others = {name: round(gain.value, 5) for name, (_, gain) in row.others.items()}
    return {
        "arm": row.cell.arm,
        "ratio": round(row.cell.ratio, 3),
        "real": row.cell.real,
        "score": round(row.score.value, 5),
        **{end: round(getattr(row.gain, end), 5) for end in ("value", "low", "high")},
        "gains": {name: others[name] for name in ("average_precision", "balanced_accuracy", "minority_f1")},
    }


def page(results: dict[str, Any]) -> str:
    """The results as a page of the documentation."""
    runs = [(name, one) for name, some in results.items() for one in some]
    heads = ("table", "draw", "real AUC", "advice", "gain on the holdout", "the same on the extra part", "right")
    harm = [-min(0.0, one["candidate_on_extra"]["value"]) if one["helps"] else 0.0 for _, one in runs]
    helped, right = sum(one["helps"] for _, one in runs), sum(is_right(one) for _, one in runs)
    summary = (
        f"\nThe advice was right in {right} of {len(runs)} runs; {helped} were told that something helps. Mean harm of "
        f"what was recommended, on the extra part: {100 * np.mean(harm):.2f} points; worst {100 * max(harm):.2f}.\n"
    )
    told = [_HEAD, _table(heads, [verdict(name, one) for name, one in runs]), summary, _BESIDE]
    told += [f"{title}:\n\n{beside(results, key)}\n" for key, title in _SCORES.items()]
    return "".join([*told, _ALONE, alone(results)])


def beside(results: dict[str, Any], key: str) -> str:
    """What every arm gains by one score, table by table."""
    names = [row["arm"] for runs in results.values() for one in runs for row in one["arms_on_extra"]]
    arms = list(dict.fromkeys("SMOTE" if name.startswith("tabular.smote") else name for name in names))
    arms = [arm for arm in arms if arm != "real rows alone"]
    lines = []
    for table, runs in results.items():
        line = [table]
        for arm in arms:
            some = [row for one in runs for row in one["arms_on_extra"] if same(row["arm"], arm)]
            values = [row["value"] if key == "auc" else row["gains"][key] for row in some]
            line.append(f"{np.mean(values):+.4f}" if values else "")
        lines.append(line)
    return _table(("table", *(arm.removeprefix("tabular.") for arm in arms)), lines)


def alone(results: dict[str, Any]) -> str:
    """Few real rows with ten synthetic ones for each, and these alone."""
    lines, pairs = [], []
    for table in ("adult_100", "adult_200"):
        for arm in ("tabular.honest_trees", "tabular.gaussian_copula"):
            runs = results.get(table, [])
            some = [(one["real"], pick(one["blends"], arm), pick(one["alone"], arm)) for one in runs]
            if some:
                means = (f"{np.mean(values):.4f}" for values in zip(*some, strict=True))
                lines.append([table, arm.removeprefix("tabular."), *means])
                pairs += [mixed - made for _, mixed, made in some]
    heads = ("table", "method", "real rows", "real rows + 10 synthetic for each", "10 synthetic for each, no real rows")
    won = sum(pair > 0 for pair in pairs)
    found = (
        f"\nOf {len(pairs)} pairs (a draw and a method), real rows with synthetic ones beat synthetic ones alone in "
        f"{won}, by {100 * float(np.mean(pairs)):.1f} points on average.\n"
    )
    return _table(heads, lines) + (found if pairs else "")


def pick(rows: list[dict[str, Any]], arm: str) -> float:
    """The score of `arm` at ten rows per real row."""
    return next(row["score"] for row in rows if row["arm"] == arm and row["ratio"] == 10)


def same(name: str, arm: str) -> bool:
    """True if `name` is `arm`; both SMOTEs are one."""
    return name == arm or (arm == "SMOTE" and name.startswith("tabular.smote"))


def is_right(one: dict[str, Any]) -> bool:
    """Told that it helps: it gains on the extra part. Told otherwise: nothing is shown to gain there."""
    extra = one["candidate_on_extra"]
    return extra["value"] > 0 if one["helps"] else extra["low"] <= 0


def verdict(name: str, one: dict[str, Any]) -> list[str]:
    """A line of the first table."""
    cell, extra = one["candidate"], one["candidate_on_extra"]
    what = f"{cell['ratio']:g} x {cell['arm'].removeprefix('tabular.')}"
    gains = [f"{row['value']:+.4f} ({row['low']:+.4f} to {row['high']:+.4f})" for row in (cell, extra)]
    return [
        name,
        str(one["draw"]),
        f"{one['real']:.4f}",
        what if one["helps"] else f"none ({what})",
        *gains,
        "yes" if is_right(one) else "no",
    ]


def _table(heads: Any, rows: Any) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


_HEAD = """# The gain experiment on public tables

<!-- written by benchmarks/gain_tables.py; do not edit -->

`sw.gain` asked about nine tables: honest trees, the Gaussian copula and SMOTE (SMOTE-NC where there are labels) beside
real rows again, class weights and random over-sampling. Boosted trees of 100 rounds, three seeds. Every table is split
into train (the number after adult is its size), a holdout, and an extra part that neither the generators, nor the
choice, nor the verdict has seen: the same models are tested there. *Advice*: ratio x method, or *none*, with what
looked best on validation rows in brackets. *Right*: what was said to help gains on the extra part, or what was not is
not shown to gain there either. Fraud rows come without `Time` and without the genuine rows of one hour, which would
give the classes away.

"""
_BESIDE = """
## Every way beside the others
Mean gain over draws, on the extra part, at the ratio that validation rows prefer.

"""
_SCORES = {"auc": "AUC", "average_precision": "Average precision", "balanced_accuracy": "Balanced accuracy"}
_ALONE = """
## Few real rows: with synthetic ones, or synthetic ones alone at ten times the size
AUC on the holdout, mean over draws. Generators have learnt from the same 100 or 200 rows.

"""


def main() -> int:
    """All tables that are asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", default=",".join(JOBS))
    parser.add_argument("--page", action="store_true", help="only write the page anew")
    options = parser.parse_args()
    results: dict[str, Any] = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    for name in [] if options.page else options.only.split(","):
        started = time.process_time()
        results[name] = [asked(JOBS[name], draw) for draw in range(JOBS[name].draws)]
        results = {key: results[key] for key in JOBS if key in results}
        RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
        PAGE.write_text(page(results), encoding="utf-8")
        print(
            name,
            f"{time.process_time() - started:.0f} CPU-s",
            *(one["sentence"] for one in results[name]),
            sep="\n  ",
            flush=True,
        )
    PAGE.write_text(page(results), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
