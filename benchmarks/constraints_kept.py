"""Each kind of constraint under each table generator: 100,000 rows, how many break it, and what keeping it took.

    python benchmarks/constraints_kept.py [--rows 100000] [--methods tabular.independent ...] [--kinds sum ...]

The table is made here (4,000 rows; a tenth of some columns missing, one row in fifty breaks a rule, as dirty rows do).
Broken rows are counted twice: by the library's `evaluate_rule`, and by plain NumPy and pandas in this file, which
shares no code with it. What a method refuses (labels and gaps where it takes complete numbers, more different rows
than its model has) is told with the reason. Writes results/constraints_kept.json.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import synthwright as sw
from synthwright import registry
from synthwright.data.constraints import evaluate_rule, rules_of
from synthwright.data.reading import read_table
from synthwright.data.table import Table
from synthwright.engines.context import Context
from synthwright.files import write_json
from synthwright.generators.describing import describe
from synthwright.generators.fitting import fit_model
from synthwright.generators.schema_model import schema_model
from synthwright.generators.settings import make_generator
from synthwright.seeding import Streams

RESULTS = Path(__file__).parent / "results" / "constraints_kept.json"
METHODS = registry.names("generator", kind="table")


@dataclass(frozen=True)
class Kind:
    """A rule, the columns it is tried on, and by NumPy the rows that break it (of a pandas frame)."""

    rule: str
    columns: tuple[str, ...]
    broken: Callable[[pd.DataFrame], Any]
    listed: str = ""  # the rule for methods that see no rows, where it is another one


def _apart(left: Any, right: Any) -> Any:
    """Where two numbers are there and differ by more than rounding."""
    left, right = np.asarray(left, float), np.asarray(right, float)
    return np.abs(left - right) > 1e-9 * np.maximum(1, np.abs(left))


KINDS = {
    "sum": Kind("total == net + tax", ("net", "tax", "total"), lambda d: _apart(d.total, d.net + d.tax)),
    "sum with gaps": Kind("paid == net - off", ("net", "off", "paid"), lambda d: _apart(d.paid, d.net - d.off)),
    "product": Kind("cost == qty * price", ("qty", "price", "cost"), lambda d: d.cost != d.qty * d.price),
    "ratio": Kind("rate == net / qty", ("qty", "net", "rate"), lambda d: _apart(d.rate, d.net / d.qty)),
    "whole ratio": Kind("price == cost / qty", ("qty", "price", "cost"), lambda d: d.cost != d.qty * d.price),
    "order": Kind("low <= mid", ("low", "mid"), lambda d: d.low > d.mid),
    "strict order": Kind("low < top", ("low", "top"), lambda d: d.low >= d.top),
    "chain with gaps": Kind(
        "low <= some <= top", ("low", "some", "top"), lambda d: (d.low > d.some) | (d.some > d.top)
    ),
    "dates in order": Kind("begins <= ends", ("begins", "ends"), lambda d: d.begins > d.ends),
    "combinations": Kind(
        "combinations(country, city)",
        ("country", "city"),
        lambda d: (d.country == "NO") != d.city.isin(["Oslo", "Bergen"]),
        "combinations(country, city) in (('NO', 'Oslo'), ('NO', 'Bergen'), ('SE', 'Lund'))",
    ),
    "one-hot group": Kind(
        "one_hot(red, green, blue)", ("red", "green", "blue"), lambda d: d[["red", "green", "blue"]].sum(axis=1) != 1
    ),
    "one-hot of numbers": Kind("one_hot(first, second)", ("first", "second"), lambda d: d["first"] + d["second"] != 1),
    "when then": Kind(
        "when city == 'Oslo' then low < 40", ("city", "low"), lambda d: (d.city == "Oslo") & (d.low >= 40)
    ),
    "negation": Kind("not (low > 30 and qty > 6)", ("low", "qty"), lambda d: (d.low > 30) & (d.qty > 6)),
    "range": Kind("5 <= low <= 45", ("low",), lambda d: (d.low < 5) | (d.low > 45)),
    "pattern": Kind("code matches '[A-Z]{2}[0-9]+'", ("code",), lambda d: ~d.code.str.fullmatch("[A-Z]{2}[0-9]+")),
    "unique": Kind("unique(net, begins)", ("net", "begins"), lambda d: d.duplicated(["net", "begins"])),
}


def reference(n: int = 4_000, seed: int = 0) -> pd.DataFrame:
    """Sums, orders, dates and groups that hold; rules for single rows that one row in fifty breaks."""
    rng = np.random.default_rng(seed)
    net = rng.gamma(2, 50, n).round(2)
    tax = (net * rng.choice([0.05, 0.2], n)).round(2)
    low = rng.integers(0, 50, n)
    mid = low + rng.integers(0, 30, n)
    top = mid + rng.integers(1, 9, n)
    city = rng.choice(["Oslo", "Bergen", "Lund"], n)
    colour = rng.integers(0, 3, n)
    begins = pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 300, n), "D")
    dirty = rng.random(n) < 0.02
    off = np.where(rng.random(n) < 0.1, np.nan, (net * rng.choice([0, 0.1], n)).round(2))
    frame = pd.DataFrame(
        {
            "net": net,
            "tax": tax,
            "total": (net + tax).round(2),
            "off": off,
            "paid": np.where(rng.random(n) < 0.1, np.nan, (net - off).round(2)),
            "qty": rng.integers(1, 9, n),
            "price": rng.integers(1, 90, n),
            "low": low,
            "mid": mid,
            "top": top,
            "some": np.where(rng.random(n) < 0.1, np.nan, (low + mid) // 2),
            "begins": begins,
            "ends": begins + pd.to_timedelta(rng.integers(0, 20, n), "D"),
            "city": city,
            "country": np.where(city == "Lund", "SE", "NO"),
            "red": colour == 0,
            "green": colour == 1,
            "blue": colour == 2,
            "first": (colour == 0).astype(int),
            "second": (colour != 0).astype(int),
            "code": np.where(dirty, "none", rng.choice(["AB1", "AB2", "CD77"], n)),
            "label": rng.choice(["yes", "no"], n),
        }
    )
    frame["cost"] = frame.qty * frame.price
    frame["rate"] = frame.net / frame.qty
    frame.loc[rng.random(n) < 0.1, "ends"] = pd.NaT
    keeps = ~((frame.city == "Oslo") & (frame.low >= 40)) & ~((frame.low > 30) & (frame.qty > 6)) | dirty
    return frame[keeps & (frame.low.between(5, 45) | dirty)].reset_index(drop=True)


def constrained(frame: pd.DataFrame, kind: Kind, method: str) -> Table:
    """The columns of `kind` and the label, under its rule."""
    table = read_table(frame[[*kind.columns, "label"]], target="label")
    sees = registry.find("generator", method).info.needs_records
    return table.with_schema(replace(table.schema, constraints=(kind.rule if sees else kind.listed or kind.rule,)))


def one(method: str, kind: Kind, table: Table, rows: int) -> dict[str, Any]:
    """Rows that break the rule, the acceptance rate and the seconds; or why the method does not do it."""
    clock = time.process_time()
    try:
        model = fitted(method, table)
        made = model.draw(rows, seed=1)
    except sw.SynthwrightError as error:
        return {"refused": error.problem, "evidence": error.evidence}
    drawn = made.table
    (rule,) = rules_of(table.schema)
    return {
        "rows": len(drawn),
        "broken": int((~evaluate_rule(drawn, rule, table)).sum()),
        "broken_by_numpy": int(np.asarray(kind.broken(drawn.to_pandas())).sum()),
        "kept_by": next(iter(model.constraints.told())),
        "acceptance": made.tally.rate,
        "cpu_seconds": round(time.process_time() - clock, 2),
    }


def fitted(method: str, table: Table) -> Any:
    """The model of `method` with its quickest honest settings; of the described schema where it sees no rows."""
    generator = make_generator(method, registry.find("generator", method).info.quick)
    around = Context(streams=Streams(0))
    if generator.info.needs_records:
        return fit_model(table, generator, around)
    return schema_model(describe(table), around, generator)


def main() -> None:
    """Every kind under every method; the table of acceptance rates goes to stdout, all of it to the results."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--methods", nargs="+", default=METHODS)
    parser.add_argument("--kinds", nargs="+", default=list(KINDS))
    asked = parser.parse_args()
    frame = reference()
    results: dict[str, Any] = {}
    for name in asked.kinds:
        results[name] = {"rule": KINDS[name].rule, "methods": {}}
        for method in asked.methods:
            found = one(method, KINDS[name], constrained(frame, KINDS[name], method), asked.rows)
            results[name]["methods"][method] = found
            told = found.get("refused") or f"{found['broken']} broken, {found['acceptance'] or 1:.1%} accepted"
            print(f"{name:20} {method:26} {told}", flush=True)
    if asked.methods == METHODS and asked.kinds == list(KINDS):
        write_json(RESULTS, {"rows": asked.rows, "reference_rows": len(frame), "kinds": results})


if __name__ == "__main__":
    main()
