"""Running metrics: every one is measured, skipped with a reason, or listed as not measured; none disappears."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from synthwright import registry
from synthwright.canonical import plain
from synthwright.data.lineage import lineage_of
from synthwright.engines.context import Context, Event
from synthwright.errors import UnknownName
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.measurement import Measurement, Skipped
from synthwright.evaluation.protocol import Metric, Need
from synthwright.evaluation.records import PART, RECORD, Records
from synthwright.learning.threads import one_thread

__all__ = ["Evaluation", "declared_by", "default_metrics", "evaluate", "needs_met"]


@dataclass(frozen=True, eq=False)
class Evaluation:
    """Everything a comparison said. `not_measured` names what could not be asked: its inputs were not declared.

    `notes` are the comparison's: what was done to the tables before, and what makes them odd to compare.
    """

    measurements: tuple[Measurement, ...]
    skipped: tuple[Skipped, ...] = ()
    not_measured: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __getitem__(self, metric: str) -> Measurement:
        """The measurement called `metric`.

        Raises
        ------
        UnknownName
            It was skipped (the error says why), not measured, or does not exist.
        """
        if metric in self._by_name:
            return self._by_name[metric]
        reasons = {skip.metric: skip.reason for skip in self.skipped}
        if metric in reasons:
            raise UnknownName(f"{metric} was skipped.", evidence=reasons[metric])
        if metric in self.not_measured:
            raise UnknownName(f"{metric} was not measured.", remedy="Give a holdout, and name the target column.")
        raise UnknownName.among("measurement", metric, self._by_name)

    def __contains__(self, metric: object) -> bool:
        return metric in self._by_name

    @cached_property
    def _by_name(self) -> dict[str, Measurement]:
        return {measurement.metric: measurement for measurement in self.measurements}

    def to_json_value(self) -> dict[str, Any]:
        """What `measurements.json` holds, in its order of keys."""
        return {
            "measurements": [_record(measurement) for measurement in self.measurements],
            "skipped": [{"metric": skip.metric, "reason": skip.reason} for skip in self.skipped],
            "not_measured": list(self.not_measured),
            "notes": list(self.notes),
        }

    def to_records(self) -> list[dict[str, Any]]:
        """One flat dictionary per metric, skipped and not measured ones included (`reason` says why)."""
        rows = [
            {
                "metric": one.metric,
                "value": one.estimate.value,
                "low": one.estimate.low,
                "high": one.estimate.high,
                "confidence": one.confidence,
                "better": one.better,
                "target": one.target,
                "holdout": None if one.holdout is None else one.holdout.value,
                "baseline": None if one.baseline is None else one.baseline.value,
                "excess": None if one.excess is None else one.excess.value,
                "excess_low": None if one.excess is None else one.excess.low,
                "excess_high": None if one.excess is None else one.excess.high,
                "detectable": one.detectable,
                "n_real": one.n_real,
                "n_synthetic": one.n_synthetic,
                "sampled": one.sampled,
                "reason": None,
            }
            for one in self.measurements
        ]
        told = [(skip.metric, skip.reason) for skip in self.skipped]
        told += [(name, "not measured: its inputs were not declared") for name in self.not_measured]
        empty = dict.fromkeys(RECORD)
        return [*rows, *({**empty, "metric": name, "reason": reason} for name, reason in told)]

    def parts(self) -> Records:
        """One record per metric and part (column, pair, group): metric, part, value, low, high; worst parts first.

        ``parts().to_pandas()``, ``.to_polars()`` and ``.to_arrow()`` give it as a long table.
        """
        return Records(
            tuple(
                {"metric": one.metric, "part": part, "value": value.value, "low": value.low, "high": value.high}
                for one in self.measurements
                for part, value in one.parts.items()
            ),
            PART,
        )

    def to_pandas(self) -> Any:
        """`to_records` as a pandas frame, indexed by metric."""
        return Records(tuple(self.to_records()), RECORD).to_pandas().set_index("metric")


def evaluate(comparison: Comparison, context: Context, metrics: Sequence[Metric] | None = None) -> Evaluation:
    """Measure `comparison` with `metrics` (default: every registered default metric of tables), one after another.

    A metric whose needs (holdout, target, groups) the comparison does not meet is not run: its measures are listed in
    `not_measured`. A metric that leaves out one of the measures it declares gets a `Skipped` for it.
    """
    chosen = default_metrics() if metrics is None else list(metrics)
    comparison = replace(comparison, engine=context.engine, progress=context.progress)  # what it keeps is shared
    measurements: list[Measurement] = []
    skipped: list[Skipped] = []
    missing: list[str] = []
    for done, metric in enumerate(chosen):
        name = registry.name_of("metric", metric)
        if not needs_met(metric, comparison):
            missing += metric.info.measures
            continue
        context.progress(Event("evaluate", done, len(chosen), name))
        with one_thread():  # sums over threads differ in their last bits, and results must not
            results = metric.measure(comparison, context.at("evaluate", name))
        measurements += [result for result in results if isinstance(result, Measurement)]
        skipped += [result for result in results if isinstance(result, Skipped)]
        told = {result.metric for result in results}
        skipped += [Skipped(one, f"{name} returned nothing for it") for one in metric.info.measures if one not in told]
    context.progress(Event("evaluate", len(chosen), len(chosen)))
    return Evaluation(tuple(measurements), tuple(skipped), tuple(missing), comparison.notes)


def default_metrics() -> list[Metric]:
    """Every registered metric of tables with ``info.default``, with its default settings, in order of name."""
    return [registry.find("metric", name)() for name in registry.names("metric", kind="table", default=True)]


def needs_met(metric: Metric, comparison: Comparison) -> bool:
    """True if the comparison has everything `metric` needs."""
    return metric.info.needs <= set(declared_by(comparison))


def declared_by(comparison: Comparison) -> list[Need]:
    """What the comparison has of what metrics and gates may need."""
    have: dict[Need, bool] = {
        "holdout": comparison.holdout is not None,
        "target": comparison.schema.target is not None,
        "groups": bool(comparison.schema.having("sensitive")),
        "identifiers": bool(comparison.unmodelled),
        "against": bool(comparison.against),
        "lineage": lineage_of(comparison.synthetic).depth > 0,
    }
    return [need for need, there in have.items() if there]


def _record(one: Measurement) -> dict[str, Any]:
    estimate = plain(one.estimate)
    return {
        "metric": one.metric,
        **estimate,
        "confidence": one.confidence,
        "better": one.better,
        "target": one.target,
        "holdout": plain(one.holdout),
        "baseline": plain(one.baseline),
        "excess": plain(one.excess),
        "n_real": one.n_real,
        "n_synthetic": one.n_synthetic,
        "sampled": one.sampled,
        "detectable": one.detectable,
        "parts": plain(one.parts),
    }
