"""Simulated tables without leak, group, order or copy: a warning of `advise` about their structure is a false alarm."""

from __future__ import annotations

import numpy as np
import pandas as pd

from synthwright.pipeline.advice.finding import Finding

__all__ = ["clean_table", "false_alarms", "null_table"]

KINDS = ("normal", "skewed", "count", "few labels", "many labels", "yes or no")
STRUCTURE = ("leak", "groups", "order", "kind", "repeats", "gaps", "target")


def clean_table(seed: int) -> pd.DataFrame:
    """300 to 2,500 independent rows of 3 to 11 unlike columns, some with gaps at random; `y` follows from some."""
    rng = np.random.default_rng([77, seed])
    rows = int(rng.choice([300, 600, 1_200, 2_500]))
    columns: dict[str, pd.Series] = {}
    signal = np.zeros(rows)
    for at in range(int(rng.integers(3, 12))):
        values, effect = _column(KINDS[rng.integers(len(KINDS))], rows, rng)
        signal += (1.0 if at < 2 else float(rng.choice([0, 0, 0.5, 1]))) * effect
        kept = rng.random(rows) > (0.1 if rng.random() < 0.3 else 0.0)
        columns[f"c{at}"] = (values if values.dtype.kind == "f" else values.astype(object)).where(kept, None)
    noisy = signal / (signal.std() or 1) + rng.normal(size=rows) * rng.choice([0.7, 1, 2])
    match rng.integers(3):
        case 0:
            return pd.DataFrame(columns).assign(
                y=np.where(noisy > np.quantile(noisy, rng.choice([0.5, 0.85])), "b", "a")
            )
        case 1:
            return pd.DataFrame(columns).assign(
                y=np.array(list("abc"))[np.searchsorted(np.quantile(noisy, [0.4, 0.7]), noisy)]
            )
    return pd.DataFrame(columns).assign(y=noisy)


def null_table(seed: int) -> pd.DataFrame:
    """60 to 400 rows whose target `y`, classes or numbers, knows nothing of the six other columns."""
    rng = np.random.default_rng([5, seed])
    rows = int(rng.choice([60, 150, 400]))
    frame = pd.DataFrame(rng.normal(size=(rows, 5)), columns=list("abcde")).assign(g=rng.choice(list("uvw"), rows))
    return frame.assign(y=rng.choice(["no", "yes"], rows, p=[0.7, 0.3]) if seed % 2 else rng.normal(size=rows))


def false_alarms(findings: tuple[Finding, ...]) -> list[str]:
    """The codes of warnings about structure: there is nothing to warn of."""
    return [one.code for one in findings if one.severity != "note" and one.code.partition(".")[0] in STRUCTURE]


def _column(kind: str, rows: int, rng: np.random.Generator) -> tuple[pd.Series, np.ndarray]:
    """Values, and what they do to the target."""
    if kind == "normal":
        values = rng.normal(size=rows)
        return pd.Series(values), values
    if kind == "skewed":
        values = np.exp(1.2 * rng.normal(size=rows)).round(2) + 0.01
        return pd.Series(values), np.log(values)
    if kind == "count":
        counts = rng.poisson(rng.choice([2, 30]), rows)
        return pd.Series(counts.astype(float)), (counts - counts.mean()) / counts.std()
    if kind == "yes or no":
        yes = rng.random(rows) < 0.3
        return pd.Series(yes), yes.astype(float)
    labels = 3 if kind == "few labels" else 40
    chosen = rng.choice(labels, rows, p=rng.dirichlet(np.full(labels, 2.0)))
    return pd.Series([f"L{at}" for at in chosen]), rng.normal(size=labels)[chosen]
