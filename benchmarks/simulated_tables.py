"""Simulated comparisons whose truth is known: a population, a faulty generator of it, and what metrics say of both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from synthwright import registry
from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table
from synthwright.engines.context import Context
from synthwright.evaluation._counts.placing import pair_codes
from synthwright.evaluation._learners.giveaways import found_regions
from synthwright.evaluation._learners.propensity import scored_rows
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.fidelity.regions import Regions
from synthwright.evaluation.measurement import Estimate, Measurement, Skipped
from synthwright.learning.threads import one_thread
from synthwright.seeding import Streams

IN_GROUPS = "everything in groups of equal size"  # two in five rows of every part on side b
GROUP = 20  # tables that share what their setting leaves as it is
FAULTS = {"shift": 0.15, "weak": 0.2}
COPIES = 0.05
REGION_ROWS = 200  # with fewer of each kind, `fidelity.regions` is skipped
OVERLAP = 0.02  # of the synthetic rows also stand in the benchmark file
LABELS = tuple(f"label {at}" for at in range(61))
SCHEMA = Schema(
    (
        Column(name="skewed", kind="float"),
        Column(name="whole", kind="integer", missing=True),
        Column(name="few", kind="categorical", categories=LABELS[:8]),
        Column(name="many", kind="categorical", categories=LABELS),
        Column(name="zeros", kind="float", missing=True),
        Column(name="side", kind="categorical", categories=("a", "b"), role="sensitive"),
        Column(name="answer", kind="categorical", categories=("no", "yes"), role="target"),
    )
)
# Kept from table to table where only test rows are new; scores of shuffled labels, too, for they are nothing but parts.
MODELS = ("fitted", "shuffled", "encoder", "features", "task halves")


@dataclass(frozen=True)
class Setting:
    """What is drawn: `kind` is fresh or faulty, `redrawn` what differs within a group of 20 tables."""

    kind: str
    sizes: tuple[int, int, int]
    redrawn: str  # "everything", `IN_GROUPS`, "synthetic and holdout", "holdout", "synthetic"
    coarse: bool = False  # without the two columns that make rows unique


def population(rows: int, rng: np.random.Generator, *, shift: float = 0.0, weak: float = 0.0) -> Table:
    """Skewed, integer with missing cells, few labels, heavy-tailed labels, a point mass at 0, a group, a target.

    All hang on one factor, but in a share `weak` of the rows each column has one of its own.
    """
    factors = np.where(rng.random((1, rows)) < weak, rng.normal(size=(5, rows)), rng.normal(size=(1, rows)))
    chance, noise = rng.random((4, rows)), rng.normal(size=(2, rows))
    few = rng.choice(8, rows, p=[0.4, 0.2, 0.15, 0.1, 0.08, 0.04, 0.02, 0.01]).astype(np.int32)
    whole = np.round(3 * factors[1] + 3 * noise[1] + 3 * shift)
    missing = chance[0] < (0.1 + shift / 5) * np.exp(0.5 * factors[1])
    zeros = np.where(rng.random(rows) < 0.6, 0, rng.gamma(2, size=rows)) + (few == 1)
    wanted = 1.5 * factors[4] + (few == 0) + 0.8 * (zeros > 1) - 1.6
    return Table.of(
        SCHEMA,
        {
            "skewed": np.exp(0.8 * factors[0] + 0.6 * noise[0] + shift),
            "whole": np.where(missing, np.nan, whole),
            "few": few,
            "many": np.minimum(rng.zipf(1.6, rows), 60).astype(np.int32),
            "zeros": np.where(chance[1] < np.where(missing, 0.4, 0.05), np.nan, zeros),
            "side": (chance[2] < 1 / (1 + np.exp(0.4 - factors[3]))).astype(np.int32),
            "answer": (chance[3] < 1 / (1 + np.exp(-wanted))).astype(np.int32),
        },
    )


def from_population(setting: Setting, rows: int, rng: np.random.Generator, **faults: float) -> Table:
    """`rows` of the population, with as many of either group as the setting says."""
    if setting.redrawn != IN_GROUPS:
        return population(rows, rng, **faults)
    made, second = population(4 * rows, rng, **faults), 2 * rows // 5
    side = made.levels("side")
    return made.take(np.sort([*np.flatnonzero(side == 0)[: rows - second], *np.flatnonzero(side == 1)[:second]]))


def drawn(setting: Setting, at: int, kept: dict[object, object] | None = None) -> Comparison:
    """The comparison number `at`: what is not redrawn is that of its group, and so is what was `kept` of it."""
    whose = {part: at // GROUP if part not in setting.redrawn else at for part in ("train", "synthetic", "holdout")}
    if setting.redrawn in {"everything", IN_GROUPS}:
        whose = dict.fromkeys(whose, at)
    rngs = {
        part: np.random.default_rng([len(setting.kind), len(setting.redrawn), *setting.sizes, where, number])
        for where, (part, number) in enumerate(whose.items())
    }
    train, holdout = (
        from_population(setting, setting.sizes[part], rngs[name]) for part, name in ((0, "train"), (2, "holdout"))
    )
    rows, rng = setting.sizes[1], rngs["synthetic"]
    if setting.kind == "fresh":
        made = from_population(setting, rows, rng)
    elif setting.redrawn == IN_GROUPS:
        every = from_population(setting, rows, rng, **FAULTS)
        copied = rng.random(rows) < COPIES
        sides, where = every.levels("side"), train.levels("side")
        taken = [rng.choice(np.flatnonzero(where == side)) for side in sides[copied]]
        made = Table.concat([every.take(np.flatnonzero(~copied)), train.take(np.array(taken, dtype=np.int64))])
    else:
        copies = train.take(rng.choice(len(train), rng.binomial(rows, COPIES)))
        made = Table.concat([population(rows - len(copies), rng, **FAULTS), copies])
    shared = made.head(int(OVERLAP * rows) if setting.kind == "faulty" else 0)
    named = Table.concat([shared, population(setting.sizes[0] - len(shared), rng)])
    parts = [train, made, holdout]
    if setting.coarse:
        names = [name for name in SCHEMA.names if name not in {"skewed", "zeros"}]
        parts, named = [table.select(names) for table in parts], named.select(names)
    # Which rows of train a metric looks at belongs to what is given.
    seed = at if setting.redrawn in {"everything", IN_GROUPS} else at // GROUP
    return Comparison(*parts, seed=seed, against={"benchmark": named}, _kept={} if kept is None else kept)


def simulated(setting: Setting, metrics: Sequence[str], tables: Sequence[int]) -> dict[str, dict[str, list]]:
    """By metric and measure, what is said of each table: its number and [estimate, excess, truths], or why skipped.

    Estimates are [value, low, high]; truths are known for measures that speak of this very table.
    """
    found: dict[str, dict[str, list]] = {name: {} for name in metrics}
    kept: dict[object, object] = {}
    for at in tables:
        models = setting.redrawn == "holdout" and at % GROUP > 0
        kept = {key: value for key, value in kept.items() if models and _head(key) in MODELS}
        comparison = drawn(setting, at, kept)
        for name in metrics:
            with one_thread():
                results = registry.find("metric", name)().measure(comparison, Context(streams=Streams(at)))
            truths = known_truths(setting, comparison, name)
            for one in results:
                told = one.reason if isinstance(one, Skipped) else _ends(one, truths.get(one.metric, [None, None]))
                found[name].setdefault(one.metric, []).append([at, told])
    return found


def known_truths(setting: Setting, comparison: Comparison, name: str) -> Mapping[str, list]:
    """The truths of estimates and excesses that speak of this table alone."""
    if name == "contamination.overlap":
        there = comparison.against["benchmark"]
        smaller = min(comparison.rows("synthetic"), len(there))
        share = int(OVERLAP * setting.sizes[1]) / smaller if setting.kind == "faulty" else 0.0
        return {f"{name}{ending}": [None, share] for ending in ("", ".rounded", ".partial")}
    return region_truths(setting, comparison) if name == "fidelity.regions" else {}


def region_truths(setting: Setting, comparison: Comparison, rows: int = 20_000) -> dict[str, list]:
    """The true gaps of the regions that were found: shares of large tables. Train and holdout truly differ nowhere."""
    metric = Regions()
    found = scored_rows(comparison, metric.rows)
    if setting.kind == "fresh" or isinstance(found, str) or len(found["synthetic"]) < REGION_ROWS:
        return {name: [0.0, 0.0] for name in metric.info.measures}
    rng = np.random.default_rng(comparison.seed)
    large = Comparison(comparison.train, population(rows, rng, **FAULTS), population(rows, rng), comparison.seed)
    large.keep("encoder", lambda: comparison.encoder)
    made = found_regions(comparison, "holdout", "synthetic", found, leaves=metric.leaves, learner=metric.learner)
    truths = {}
    for name, sign in zip(metric.info.measures, (1.0, -1.0), strict=True):
        region = max(made, key=lambda one, sign=sign: one.sure(sign))
        share = {}
        for part in ("train", "synthetic", "holdout"):
            every = np.arange(large.rows(part))
            inside = [allowed[pair_codes(large, part, column, every)] for column, allowed in region.allowed.items()]
            share[part] = float(np.logical_and.reduce(inside).mean()) if inside else 1.0
        mixed = COPIES * share["train"] + (1 - COPIES) * share["synthetic"]
        truths[name] = [sign * (mixed - share["holdout"])] * 2
    return truths


def _ends(one: Measurement, truths: list) -> list:
    def three(estimate: Estimate | None) -> list[float] | None:
        return None if estimate is None else [estimate.value, estimate.low, estimate.high]

    return [three(one.estimate), three(one.excess), *truths]


def _head(key: object) -> object:
    return key[0] if isinstance(key, tuple) else key
