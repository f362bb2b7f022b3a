"""How often intervals held the truth, from what simulated tables said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from simulated_tables import GROUP, IN_GROUPS, Setting

CUT_OFF = ("diversity.clipped_coverage", "diversity.clipped_density")  # at 1, where their estimand is not
# A map of expected errors or scores, steep on one side, or their ratio; or what is cut off.
MEDIANS = ("fidelity.equivalent_sample", "utility.worth", "utility.trts", *CUT_OFF)
FEWEST = 10  # tables of a group, for its mean to be a truth
SHORT, LONG = 0.92, 0.98


def summary(setting: Setting, measure: str, said: Sequence[list], population: Mapping[str, list]) -> dict:
    """Coverage of the estimate and of the excess of one measure; `said` is by table, in order."""
    told = [(at, ends) for at, ends in said if not isinstance(ends, str)]
    out = {"tables": len(said), "skipped": round(1 - len(told) / len(said), 4)}
    if reasons := [ends for _, ends in said if isinstance(ends, str)]:
        out["why"] = max(set(reasons), key=reasons.count)
    for place, what in enumerate(("estimate", "excess")):
        kept = [(at, ends[place], ends[2 + place]) for at, ends in told if ends[place] is not None]
        if len(kept) < FEWEST:
            continue
        values = np.array([ends for _, ends, _ in kept])
        if np.all(values[:, 1] == values[:, 2]):
            out[what] = {"interval": "none: exact"}
            continue
        groups = np.array([at // GROUP for at, _, _ in kept]) * (setting.redrawn not in {"everything", IN_GROUPS})
        known = [truth for _, _, truth in kept]
        truths, kept_values = _truths(setting, measure, what, values, groups, known, population)
        if not len(truths):  # too few tables of any one model to know what is true of it
            continue
        out[what] = {"redrawn": setting.redrawn, **coverage(kept_values, truths)}
        if what == "estimate":
            ends_at = ((values[:, 1] <= 0) & (values[:, 0] >= 0)) | ((values[:, 2] >= 1) & (values[:, 0] <= 1))
            out["at_an_end"] = round(float(ends_at.mean()), 4)
        elif setting.kind == "fresh" and setting.redrawn == "holdout":
            out["holds_zero"] = round(float(((values[:, 1] <= 0) & (values[:, 2] >= 0)).mean()), 4)
    return out


def _truths(setting, measure, what, values, groups, known, population):
    """The truth for each table, and the tables for which there is one."""
    if known[0] is not None:
        return np.array(known, dtype=float), values
    if measure in population:
        return np.full(len(values), population[measure][what == "excess"]), values
    if what == "excess" and setting.kind == "fresh" and setting.redrawn != "holdout":
        return np.zeros(len(values)), values
    middle = np.median if measure in MEDIANS else np.mean
    truths, enough = np.empty(len(values)), np.zeros(len(values), dtype=bool)
    for group in np.unique(groups):
        mine = groups == group
        n = int(mine.sum())
        if n >= FEWEST:
            # The mean contains the table: deviations from it are stretched to those from the truth.
            truths[mine] = values[mine, 0] - (values[mine, 0] - middle(values[mine, 0])) * np.sqrt(n / (n - 1))
            enough |= mine
    if measure in CUT_OFF and what == "estimate":
        truths = np.minimum(truths, 1.0)
    return truths[enough], values[enough]


def coverage(values: np.ndarray, truths: np.ndarray) -> dict:
    """How often the intervals hold their truths, and how their widths compare with the spread around it."""
    spread = float((values[:, 0] - truths).std())
    half = float((values[:, 2] - values[:, 1]).mean() / 2)
    exact = 1e-12  # of sums in another order
    held = (values[:, 1] <= truths + exact) & (truths <= values[:, 2] + exact)
    share = float(held.mean())
    word = "short" if share < SHORT else "wide" if share > LONG else "held"
    return {
        "truth": round(float(truths.mean()), 5),
        "mean": round(float(values[:, 0].mean()), 5),
        "sd": round(spread, 5),
        "half_width_per_sd": round(half / spread, 3) if spread > 0 else None,
        "too_high": round(float((values[:, 1] > truths + exact).mean()), 4),
        "coverage": round(share, 4),
        "word": word,
    }
