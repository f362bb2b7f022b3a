"""What metrics are called and how their numbers are read."""

from __future__ import annotations

import re
from functools import cache

from synthwright import registry
from synthwright.evaluation.measurement import Measurement
from synthwright.evaluation.protocol import MetricInfo
from synthwright.provenance.numbers import plain

__all__ = ["AREAS", "area_of", "direction", "info_of", "phrase", "signs", "title_of"]

AREAS = {
    "fidelity": "Do the synthetic rows look like the real ones?",
    "diversity": "Do they cover as much, without repeating themselves?",
    "utility": "Does a model trained on them work on unseen real rows?",
    "bias": "Are sensitive groups as many, as fortunate and as well served as in the real rows?",
    "privacy": "Do they come too close to the rows they were learnt from?",
    "lineage": "How far are they from real rows?",
    "contamination": "Do they hold rows of the benchmarks that others are tested on?",
}
_TITLES = {
    "fidelity.validity": "Validity",
    "fidelity.quality": "Overall quality",
    "fidelity.c2st": "C2ST AUC",
    "fidelity.wasserstein": "Wasserstein distance",
    "fidelity.shifts": "Shift of columns",
    "fidelity.shifts.worst": "Shift of columns, largest",
    "fidelity.rare_values.strata": "Rare combinations",
    "fidelity.rare_values.coverage": "Labels that appear",
    "fidelity.rare_values.new": "New labels",
    "fidelity.links.strongest": "Strongest links, loss",
    "fidelity.missing_patterns.dependence": "Missing by value",
    "fidelity.missing_patterns.worst": "Missing by value, worst",
    "fidelity.conditionals.flagged": "Conditionals that differ",
    "fidelity.regions": "Regions with too many synthetic rows",
    "fidelity.regions.missed": "Regions that synthetic rows miss",
    "fidelity.implausible": "Implausible combinations",
    "fidelity.groups": "Columns inside groups",
    "fidelity.groups.pairs": "Pairs inside groups",
    "diversity.mode_collapse": "Mode collapse",
    "lineage.depth": "Lineage depth",
    "utility.tstr": "TSTR",
    "utility.tatr": "TATR",
    "utility.trtr": "TRTR",
    "utility.relative": "Relative utility",
    "utility.relative.redrawn": "Relative utility, redrawn",
    "utility.trts": "Target follows as in real rows (TRTS)",
    "utility.worth": "Worth in real rows",
    "privacy.dcr_share": "DCR share",
    "privacy.exchangeable": "Train and holdout alike (blind AUC)",
    "privacy.membership": "Membership AUC",
    "privacy.membership.tpr": "Members recognised at 1 % false alarms",
    "privacy.membership.outliers": "Membership AUC, outliers",
    "privacy.membership.outliers.tpr": "Outliers recognised at 1 % false alarms",
    "privacy.nndr": "NNDR, 5 % quantile",
    "privacy.nndr.median": "NNDR, median",
    "privacy.textbook.median_dcr": "Median DCR",
    "privacy.textbook.dcr_ratio": "DCR ratio",
    "privacy.textbook.nndr": "NNDR of the 5th percentile",
    "privacy.textbook.below_own_5": "Share below the own 5th percentile",
    "privacy.textbook.identical": "Identical match share",
}
_WORDS = {
    "c2st": "C2ST", "dcr": "DCR", "auc": "AUC", "f1": "F1", "r2": "R²", "rmse": "RMSE", "mae": "MAE", "mia": "MIA",
    "nndr": "NNDR", "tstr": "TSTR", "tatr": "TATR", "trtr": "TRTR",
}  # fmt: skip


def title_of(metric: str) -> str:
    """The metric's name for people: ``fidelity.pair_trends.worst`` is "Pair trends, worst"."""
    if metric in _TITLES:
        return _TITLES[metric]
    area, _, rest = metric.partition(".")
    return phrase((rest or area).replace(".", ", "))


def area_of(metric: str) -> str:
    """The part of the name before the first dot."""
    return metric.partition(".")[0]


def direction(measurement: Measurement) -> str:
    """Which way is better."""
    if measurement.better == "target":
        return f"best at {plain(measurement.target)}" if measurement.target is not None else "best at its target"
    return f"{measurement.better} is better"


def info_of(metric: str) -> MetricInfo | None:
    """What the registered metric that returns `metric` says of itself; ``None`` if there is none by that name."""
    infos = _infos()
    name = metric
    while name:
        if name in infos:
            return infos[name]
        name = name.rpartition(".")[0]
    return None


@cache
def _infos() -> dict[str, MetricInfo]:
    infos = {name: registry.find("metric", name).info for name in registry.names("metric")}
    return {**{measure: info for info in infos.values() for measure in info.measures}, **infos}


def signs(sentence: str) -> str:
    """`sentence` with true signs for at most and at least, kept with their numbers."""
    return sentence.replace("<= ", "≤\u00a0").replace(">= ", "≥\u00a0")


def phrase(name: str) -> str:
    """A name in code as words: ``minority_f1`` is "Minority F1"."""
    words = re.sub(r"[a-z0-9]+", lambda word: _WORDS.get(word[0], word[0]), name.replace("_", " "))
    return words[:1].upper() + words[1:]
