"""A multi-class pipeline: analyse, generate, validate, and see whether it was of use.

    python examples/three_classes.py [--rows 5000] [--repeats 3]

make_classification, 20 columns, three classes 70/20/10. Two ways to balance the training rows: drawing rows again with
noise (scale .05) and SMOTE. The new rows are validated against the rows they were made from and a holdout that nothing
saw; then gradient boosting learns from real rows alone and from both, and is tested on the same holdout.
"""

from __future__ import annotations

import argparse
import warnings
from collections import Counter
from typing import Any

import numpy as np
import pandas as pd
from rare_class import shown
from sklearn.datasets import make_classification
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import f1_score
from sklearn.model_selection import train_test_split

import synthwright as sw

METHODS: dict[str, dict[str, Any]] = {"tabular.noise": {"scale": 0.05}, "tabular.smote": {}}
METRICS = ["fidelity.column_shapes", "fidelity.pair_trends", "fidelity.c2st", "privacy.dcr_share"]


def data(rows: int, seed: int) -> tuple[pd.DataFrame, pd.Series, pd.DataFrame, pd.Series]:
    """Rows to learn from and a quarter to test on, with named columns."""
    X, y = make_classification(
        rows, 20, n_informative=10, n_redundant=5, n_classes=3, weights=[0.7, 0.2, 0.1], random_state=seed
    )
    frame = pd.DataFrame(X, columns=[f"x{at:02}" for at in range(20)])
    classes = pd.Series(np.array(["common", "scarce", "rare"])[y], name="class")
    X_train, X_test, y_train, y_test = train_test_split(
        frame, classes, test_size=0.25, stratify=classes, random_state=0
    )
    return X_train, y_train, X_test, y_test


def analysed(X: pd.DataFrame, y: pd.Series) -> list[str]:
    """Sizes, classes, imbalance, missing cells."""
    counts = Counter(y)
    told = ", ".join(f"{label} {count:,} ({count / len(y):.0%})" for label, count in counts.most_common())
    worst = max(counts.values()) / min(counts.values())
    return [
        f"analyse: {len(X):,} rows x {X.shape[1]} columns, {int(X.isna().sum().sum())} cells missing",
        f"         {told}; the largest class is {worst:.1f} times the smallest",
    ]


def validated(method: str, X: pd.DataFrame, y: pd.Series, X_test: pd.DataFrame, y_test: pd.Series) -> list[str]:
    """The new rows of the class "rare" against real ones: what unseen real rows would score stands beside."""
    made, labels = sw.Oversampler(method, settings=METHODS[method]).fit_resample(X, y)
    new, of = made.iloc[len(X) :], np.asarray(labels)[len(X) :]
    report = sw.evaluate(
        train=X[y == "rare"], synthetic=new[of == "rare"], holdout=X_test[y_test == "rare"], metrics=METRICS
    )
    lines = [f"generate: {method}, {len(new):,} new rows: {dict(sorted(Counter(of.tolist()).items()))}"]
    for name in METRICS:
        one = report[name]
        holdout = "" if one.holdout is None else f"; unseen real rows {one.holdout.value:.3f}"
        said = one.estimate
        lines.append(f"validate: {name:24} {said.value:.3f} ({said.low:.3f}, {said.high:.3f}){holdout}")
    return lines


def utility(rows: int, repeats: int) -> list[str]:
    """Macro F1 and the F1 of the class "rare" on real rows, real only and with each method's rows."""
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in ("real only", *METHODS)}
    for seed in range(repeats):
        X, y, X_test, y_test = data(rows, seed)
        for name, scores in found.items():
            chosen = None if name == "real only" else sw.Oversampler(name, settings=METHODS[name], random_state=seed)
            X_more, y_more = (X, y) if chosen is None else chosen.fit_resample(X, y)
            guessed = HistGradientBoostingClassifier(random_state=seed).fit(X_more, y_more).predict(X_test)
            each = f1_score(y_test, guessed, labels=["common", "scarce", "rare"], average=None)
            scores.append((float(each.mean()), float(each[2])))
    real = np.array(found["real only"])
    lines = [f"utility: gradient boosting, {repeats} tables, 95 % intervals; gains are of pairs"]
    for name, scores in found.items():
        both = np.array(scores)
        gain = "" if name == "real only" else f"  gain {shown(both[:, 0] - real[:, 0], '+')}"
        lines.append(f"         {name:14} macro F1 {shown(both[:, 0])}  F1 of rare {shown(both[:, 1])}{gain}")
    return lines


def told(rows: int = 5_000, repeats: int = 3) -> str:
    """All four steps, a line each."""
    X, y, X_test, y_test = data(rows, 0)
    lines = analysed(X, y)
    for method in METHODS:
        lines += validated(method, X, y, X_test, y_test)
    return "\n".join([*lines, *utility(rows, repeats)])


def main(arguments: Any = None) -> None:
    """Print the four steps."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=5_000)
    parser.add_argument("--repeats", type=int, default=3)
    asked = parser.parse_args(arguments)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*distances concentrate")  # 20 columns: said once is enough
        print(told(asked.rows, asked.repeats))


if __name__ == "__main__":
    main()
