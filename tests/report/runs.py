"""Run folders written by hand: views from real tables, measurements with plausible figures."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from synthwright.canonical import to_json
from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table
from synthwright.engines.context import Context
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.views import make_views
from synthwright.seeding import Streams

JOBS = ("clerk", "farmer", "nurse", "teacher", "driver", "cook", "engineer", "sales")
NAMES = ("age", "income", "hours", "job", "married", "since", "gain", "children", "city", "owner")


def people(n: int, seed: int, columns: int = 10, damage: float = 0.0) -> Table:
    """`n` people with dependent columns; `damage` pushes values and breaks dependences."""
    rng = np.random.default_rng(seed)
    skill = rng.normal(size=n)
    seen = np.where(rng.random(n) < damage, rng.normal(size=n), skill)
    values = {
        "age": np.clip(41 + 13 * rng.normal(size=n) + 9 * damage, 17, 90),
        "income": np.round(np.exp(10 + 0.5 * seen + 0.3 * rng.normal(size=n)) * (1 + 0.3 * damage), -1),
        "hours": np.where(rng.random(n) < 0.45, 40, np.clip(38 + 11 * rng.normal(size=n), 1, 99)),
        "job": np.clip(np.round(2.4 + 1.6 * seen + rng.normal(size=n)), 0, 7).astype(np.int32),
        "married": (rng.random(n) < 0.55).astype(np.int32),
        "since": 15_000 + 1_500 * rng.random(n) ** (1 + damage) * 3,
        "gain": np.where(rng.random(n) < 0.9 - 0.05 * damage, 0, np.exp(8 + rng.normal(size=n))),
        "children": np.minimum(rng.poisson(1.2 + damage, size=n), 9).astype(float),
        "city": np.minimum(rng.geometric(0.12, size=n) - 1, 29).astype(np.int32),
        "owner": (skill + rng.normal(size=n) > 0.8).astype(np.int32),
    }
    values["hours"] = np.where(rng.random(n) < 0.04 + 0.03 * damage, np.nan, values["hours"])
    kept, data = [], {}
    for at in range(columns):
        name = NAMES[at % len(NAMES)]
        own = name if at < len(NAMES) else f"{name}_{at // len(NAMES) + 1}"
        kept.append(_column(name, own, target=name == "owner" and own == name))
        data[own] = values[name] if at < len(NAMES) else rng.permutation(values[name])
    return Table.of(Schema(tuple(kept)), data)


def _column(name: str, own: str, *, target: bool) -> Column:
    match name:
        case "job":
            return Column(name=own, kind="categorical", categories=JOBS)
        case "city":
            return Column(name=own, kind="categorical", categories=tuple(f"city {at:02d}" for at in range(30)))
        case "married":
            return Column(name=own, kind="boolean")
        case "owner":
            return Column(
                name=own, kind="categorical", categories=("no", "yes"), role="target" if target else "feature"
            )
        case "since":
            return Column(name=own, kind="datetime", unit="day", dtype="date32[day]")
        case "income" | "gain":
            return Column(name=own, kind="float", decimals=0)
        case _:
            return Column(name=own, kind="integer", missing=name == "hours")


def estimate(value: float, width: float) -> dict[str, float]:
    return {"value": value, "low": value - width, "high": value + width}


def entry(metric: str, value: float, width: float = 0.004, *, better: str = "lower", **more: object) -> dict:
    given = {key: more.pop(key) for key in ("holdout", "baseline", "excess") if key in more}
    others = {key: None if what is None else estimate(what, width) for key, what in given.items()}
    blank = {"target": None, "holdout": None, "baseline": None, "excess": None, "detectable": None, "parts": {}}
    return {
        "metric": metric, **estimate(value, width), "confidence": 0.95, "better": better,
        "n_real": 6000, "n_synthetic": 6000, "sampled": False, **blank, **others, **more,
    }  # fmt: skip


def measurements(names: list[str], *, bad: bool) -> dict:
    worse = 0.09 if bad else 0.003
    parts = {name: estimate(0.008 + worse * (1 + at % 5) / 3, 0.003) for at, name in enumerate(names)}
    found = [
        entry("fidelity.validity", 0.0, 0.0, detectable=0.0005),
        entry("fidelity.column_shapes", 0.011 + worse, holdout=0.010, baseline=0.0, excess=0.001 + worse, parts=parts),
        entry("fidelity.column_shapes.worst", 0.02 + worse * 2, holdout=0.017, excess=0.003 + worse * 2),
        entry("fidelity.wasserstein", 0.013 + worse, holdout=0.012, excess=0.001 + worse, parts=parts),
        entry("fidelity.missing_rates", 0.002, holdout=0.002, excess=0.0),
        entry("fidelity.pair_trends", 0.03 + worse, holdout=0.028, baseline=0.21, excess=0.002 + worse),
        entry("fidelity.pair_trends.worst", 0.06 + 2 * worse, holdout=0.05, excess=0.01 + 2 * worse),
        entry(
            "fidelity.correlations", 0.99 - worse, better="higher", holdout=0.995, baseline=0.1, excess=-0.005 - worse
        ),
        entry("fidelity.quality", 0.984 - worse, better="higher", holdout=0.986, baseline=0.81, excess=-0.002 - worse),
        entry("fidelity.c2st", 0.51 + 3 * worse, 0.01, better="target", target=0.5, holdout=0.503, baseline=0.98),
        entry("diversity.coverage", 0.96 - worse, better="higher", holdout=0.97, baseline=0.4, excess=-0.01),
        entry("diversity.mode_collapse", 0.99, better="higher", holdout=0.99),
        entry(
            "utility.tstr", 0.921 - worse, 0.006, better="higher", holdout=0.926, baseline=0.5, excess=-0.005 - worse
        ),
        entry("utility.relative", 0.987 - worse, 0.01, better="higher", baseline=0.0),
        entry("privacy.exact_copies", 0.0008, 0.0004, holdout=0.0009, excess=-0.0001, detectable=0.002),
        entry("privacy.near_copies", 0.0011 + worse / 10, 0.0004, holdout=0.001, excess=0.0001, detectable=0.003),
        entry("privacy.dcr_share", 0.507 + worse, 0.009, better="target", target=0.5, detectable=0.02, sampled=True),
    ]
    for learner, lift in (("boosted", 0.0), ("linear", -0.03)):
        for score, base, floor in (
            ("auc", 0.92, 0.5),
            ("accuracy", 0.86, 0.76),
            ("weighted_f1", 0.85, 0.66),
            ("minority_f1", 0.68, 0.0),
        ):
            real = base + lift
            tstr, tatr = real - 0.005 - worse, real + 0.001
            name = f"{learner}.{score}"
            found.append(
                entry(
                    f"utility.tstr.{name}",
                    tstr,
                    0.007,
                    better="higher",
                    holdout=real,
                    baseline=floor,
                    excess=tstr - real,
                )
            )
            found.append(
                entry(f"utility.tatr.{name}", tatr, 0.007, better="higher", holdout=real, baseline=floor, excess=0.001)
            )
    skipped = [{"metric": "diversity.density", "reason": "fewer than 1,000 distinct rows"}]
    return {"measurements": found, "skipped": skipped, "not_measured": []}


GATES = (
    ("validity", "fidelity.validity", "the estimate: upper end <= 0", True),
    ("column_shapes", "fidelity.column_shapes", "the excess over the ceiling: upper end <= 0.03", True),
    ("pair_trends", "fidelity.pair_trends", "the excess over the ceiling: upper end <= 0.05", True),
    ("utility", "utility.relative", "the estimate: lower end >= 0.9", True),
    ("copies", "privacy.exact_copies", "the excess over the ceiling: upper end <= 0.001", True),
    ("c2st", "fidelity.c2st", "the estimate: upper end <= 0.65", False),
)
BROKEN = {
    "PASS": {},
    "FAIL": {"column_shapes": "FAIL", "pair_trends": "FAIL", "c2st": "FAIL", "utility": "UNDECIDED"},
    "UNDECIDED": {"utility": "UNDECIDED"},
}


def verdict(overall: str) -> dict:
    said = {
        "PASS": "keeps the bound.",
        "FAIL": "breaks the bound. Give the method more rows, or another method: `synthwright list generators`.",
        "UNDECIDED": "may keep the bound or not. About 12,000 rows of each kind would decide it.",
    }
    gates = []
    for gate, metric, bound, blocking in GATES:
        outcome = BROKEN[overall].get(gate, "PASS")
        sentence = (
            f"{gate.replace('_', ' ').capitalize()} is 0.101 (95 % interval 0.097 to 0.105), which {said[outcome]}"
        )
        gates.append(
            {
                "gate": gate,
                "metric": metric,
                "bound": bound,
                "verdict": outcome,
                "blocking": blocking,
                "sentence": sentence,
            }
        )
    return {
        "overall": overall,
        "gates": gates,
        "preset": "default",
        "not_measured": ["contamination"],
        "withheld": overall == "FAIL",
    }


def write_run(
    folder: Path, *, columns: int = 10, overall: str = "PASS", rows: int = 6000, holdout: bool = True
) -> Path:
    """A whole run folder."""
    damage = 0.6 if overall == "FAIL" else 0.0
    train, synthetic = people(rows, 1, columns), people(rows, 2, columns, damage)
    held = people(rows // 3, 3, columns) if holdout else None
    views = make_views(Comparison(train, synthetic, held), Context(streams=Streams(0)))
    kinds = {column.name: column.kind for column in train.schema}
    owners = int(train.levels("owner").sum()) if "owner" in train.names else 0
    analysis = {
        "rows": rows + rows // 3, "columns": columns, "target": "owner" if owners else None,
        "classes": {"no": rows - owners, "yes": owners} if owners else {}, "imbalance": 2.1,
        "missing": {"hours": 0.04} if "hours" in kinds else {}, "duplicates": 12, "kinds": kinds,
    }  # fmt: skip
    digest = "9f2c" * 16
    record = {
        "synthwright": "0.1.0", "created": "2026-11-20T09:30:00+00:00", "seconds": {"fit": 4.2, "sample": 1.1},
        "seed": 0, "method": "tabular.honest_trees", "settings": {"leaf": 30, "trees": 200},
        "inputs": [{"name": "train", "digest": digest, "rows": rows},
                   {"name": "holdout", "digest": digest, "rows": rows // 3}],
        "versions": {"python": "3.11.9", "numpy": "2.1.0"}, "command": "synthwright run people.csv --target owner",
        "digests": {"synthetic.parquet": digest}, "acceptance": {"a <= b": 0.97},
    }  # fmt: skip
    if not holdout:
        record["inputs"] = record["inputs"][:1]
    files = {
        "analysis.json": analysis, "record.json": record, "verdict.json": verdict(overall),
        "measurements.json": measurements(list(kinds), bad=overall == "FAIL"), "private/views.json": views,
    }  # fmt: skip
    (folder / "private").mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_text(to_json(content), encoding="utf-8")
    (folder / "recipe.yaml").write_text(
        "purpose: test the onboarding forms\nbecause: real people may not leave the clinic\n"
    )
    return folder
