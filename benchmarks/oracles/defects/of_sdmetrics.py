"""Findings on SDMetrics, in its own environment: python of_sdmetrics.py [D1|D3|D4|D7]."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from told import main

NUMBER_AND_LABEL = {"columns": {"x": {"sdtype": "numerical"}, "g": {"sdtype": "categorical"}}}


def _mixed(seed: int, rows: int = 5_000) -> pd.DataFrame:
    """A label and a number that depends on it."""
    rng = np.random.default_rng(seed)
    g = rng.integers(0, 3, rows)
    return pd.DataFrame({"x": rng.lognormal(g, 0.5), "g": [f"g{at}" for at in g]})


def d1() -> dict[str, Any]:
    """The quality report cuts the number of a pair with a label into bins of each table's own range.

    A sample of the same population should score about 1, a table moved by 100 deviations about 0, and one odd row in
    5,000 should hardly matter.
    """
    from sdmetrics.column_pairs import ContingencySimilarity
    from sdmetrics.reports.single_table import QualityReport

    real, fresh = _mixed(0), _mixed(1)
    moved = fresh.assign(x=fresh.x + 100 * real.x.std())
    odd = fresh.copy()
    odd.loc[0, "x"] = 1e6 * real.x.std()

    def trend(made: pd.DataFrame) -> float:
        report = QualityReport()
        report.generate(real, made, NUMBER_AND_LABEL, verbose=False)
        return round(float(report.get_properties().set_index("Property")["Score"]["Column Pair Trends"]), 4)

    def pair(made: pd.DataFrame) -> float:
        return round(float(ContingencySimilarity.compute(real, made, continuous_column_names=["x"])), 4)

    cases = {"fresh sample": fresh, "moved by 100 deviations": moved, "one odd row": odd}
    return {
        "by pencil": {"fresh sample": "about 1", "moved by 100 deviations": "about 0", "one odd row": "as fresh"},
        "the tool": {
            name: {"Column Pair Trends": trend(made), "ContingencySimilarity": pair(made)}
            for name, made in cases.items()
        },
    }


def d3() -> dict[str, Any]:
    """LogisticDetection sees no dependence, being linear: a table with all columns shuffled is told to be real.

    Two numbers, one of which is the square of the other, and the same two shuffled.
    """
    from sdmetrics.single_table import LogisticDetection

    def table(seed: int) -> pd.DataFrame:
        x = np.random.default_rng(seed).normal(size=5_000)
        return pd.DataFrame({"x": x, "y": x**2})

    real, made = table(0), table(1)
    made["y"] = np.random.default_rng(2).permutation(made["y"].to_numpy())
    metadata = {"columns": {"x": {"sdtype": "numerical"}, "y": {"sdtype": "numerical"}}}
    score = round(float(LogisticDetection.compute(real, made, metadata)), 4)
    return {"by pencil": "0 (every row is told apart by y = x squared)", "the tool": score}


def _protection(train: pd.DataFrame, made: pd.DataFrame, holdout: pd.DataFrame) -> float:
    from sdmetrics.single_table.privacy import DCROverfittingProtection

    columns = {name: {"sdtype": "numerical"} for name in train.columns}
    metadata = {"tables": {"table": {"columns": columns}}}
    return round(float(DCROverfittingProtection.compute(train, made, holdout, metadata, "table")), 4)


def d4() -> dict[str, Any]:
    """DCROverfittingProtection measures train and validation rows with rulers of their own ranges.

    One odd row in the validation table should change nothing, and neither should one in train.
    """

    def table(seed: int) -> pd.DataFrame:
        return pd.DataFrame(np.random.default_rng(seed).normal(size=(1_000, 4)), columns=list("abcd"))

    train, fresh, holdout = table(0), table(1), table(2)
    copied = pd.concat([train.head(500), fresh.head(500)], ignore_index=True)
    odd_holdout, odd_train = holdout.copy(), train.copy()
    odd_holdout.loc[0, :], odd_train.loc[0, :] = 1e4, 1e4
    return {
        "by pencil": "fresh rows: about 1 throughout; half copies: about .5 throughout",
        "the tool": {
            "half copies": _protection(train, copied, holdout),
            "half copies, odd validation row": _protection(train, copied, odd_holdout),
            "fresh rows": _protection(train, fresh, holdout),
            "fresh rows, odd train row": _protection(odd_train, fresh, holdout),
        },
    }


def d7() -> dict[str, Any]:
    """DisclosureProtection takes a uniform guess for the baseline, whatever the sensitive column's own shares.

    A sensitive label held by 95 % of people and independent of everything discloses nothing: always guessing it is
    right in 95 % of cases without any synthetic table.
    """
    from sdmetrics.single_table.privacy import DisclosureProtection

    def table(seed: int) -> pd.DataFrame:
        rng = np.random.default_rng(seed)
        known = {name: rng.integers(0, 4, 3_000).astype(str) for name in "ab"}
        return pd.DataFrame({**known, "secret": np.where(rng.random(3_000) < 0.05, "ill", "well")})

    score = DisclosureProtection.compute(
        table(0), table(1), known_column_names=["a", "b"], sensitive_column_names=["secret"]
    )
    return {"by pencil": "1 (as safe as guessing)", "the tool": round(float(score), 4)}


if __name__ == "__main__":
    main("sdmetrics", {"D1": d1, "D3": d3, "D4": d4, "D7": d7})
