"""The classic comparison: does over-sampling help a random forest to find a class of one row in twenty?

    python examples/rare_class.py [--rows 10000] [--repeats 3] [--trees 50]

make_classification, 20 columns, 95/5. Each repeat is another table and another split (70 % to learn from, 30 % never
over-sampled to test on); every method gets the same ones, so differences from `none` are of pairs. Intervals are 95 %
Student intervals over the repeats. Nobody chose the data, the forest or the threshold to make a method look good.
"""

from __future__ import annotations

import argparse
import warnings
from typing import Any

import numpy as np
from scipy.stats import t as student
from sklearn.datasets import make_classification
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import precision_recall_fscore_support
from sklearn.model_selection import train_test_split

import synthwright as sw

METHODS = ("none", "tabular.smote", "tabular.borderline_smote", "tabular.adasyn", "tabular.honest_trees")
SCORES = ("precision", "recall", "F1")


def one_repeat(rows: int, seed: int, trees: int) -> dict[str, np.ndarray]:
    """Precision, recall and F1 of the rare class by method, on one table and one split."""
    X, y = make_classification(
        rows, 20, n_informative=10, n_redundant=5, weights=[0.95], class_sep=0.8, random_state=seed
    )
    X, X_test, y, y_test = train_test_split(X, y, test_size=0.3, stratify=y, random_state=seed)
    found = {}
    for method in METHODS:
        X_more, y_more = (X, y) if method == "none" else sw.Oversampler(method, random_state=seed).fit_resample(X, y)
        forest = RandomForestClassifier(trees, random_state=seed).fit(X_more, y_more)
        said = precision_recall_fscore_support(y_test, forest.predict(X_test), labels=[1], zero_division=0)
        found[method] = np.array([float(score[0]) for score in said[:3]])
    return found


def table(rows: int = 10_000, repeats: int = 3, trees: int = 50) -> str:
    """The comparison as a table: mean and interval of each score, and of the difference in F1 from doing nothing."""
    runs = [one_repeat(rows, seed, trees) for seed in range(repeats)]
    lines = [
        f"{rows:,} rows x 20, 95/5; {repeats} tables and splits; random forest of {trees} trees; 95 % intervals",
        f"{'method':26}" + "".join(f"{score:>22}" for score in SCORES) + f"{'F1 less that of none':>26}",
    ]
    for method in METHODS:
        scores = np.stack([run[method] for run in runs])
        gained = scores[:, 2] - np.stack([run["none"] for run in runs])[:, 2]
        cells = [f"{shown(scores[:, at]):>22}" for at in range(3)]
        lines.append(f"{method:26}" + "".join(cells) + f"{'-' if method == 'none' else shown(gained, '+'):>26}")
    return "\n".join(lines)


def shown(values: np.ndarray, sign: str = "") -> str:
    """Mean and 95 % Student interval: ``.812 (.790, .834)``."""
    mean = float(values.mean())
    half = float(student.ppf(0.975, len(values) - 1) * values.std(ddof=1) / len(values) ** 0.5)
    return f"{mean:{sign}.3f} ({mean - half:{sign}.3f}, {mean + half:{sign}.3f})"


def main(arguments: Any = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--trees", type=int, default=50)
    told = parser.parse_args(arguments)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*distances concentrate")  # 20 columns: said once is enough
        print(table(told.rows, told.repeats, told.trees))


if __name__ == "__main__":
    main()
