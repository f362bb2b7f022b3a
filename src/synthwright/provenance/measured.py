"""measurements.json, read back into measurements."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from synthwright.errors import BadInput, shorten
from synthwright.evaluation.measurement import Estimate, Measurement, Skipped

__all__ = ["measurement_from_json", "skipped_from_json"]


def measurement_from_json(entry: Any) -> Measurement:
    """The measurement that `entry` of measurements.json describes; only name and value are required.

    Raises
    ------
    BadInput
        Name or value is missing, a number is not finite, or a value lies outside its interval.
    """
    try:
        return Measurement(
            metric=str(entry["metric"]),
            estimate=_estimate(entry),
            better=entry.get("better") if entry.get("better") in {"higher", "lower", "target"} else "lower",
            target=_number(entry.get("target")),
            confidence=_number(entry.get("confidence")) or 0.95,
            n_real=int(entry.get("n_real") or 0),
            n_synthetic=int(entry.get("n_synthetic") or 0),
            sampled=bool(entry.get("sampled")),
            detectable=_number(entry.get("detectable")),
            holdout=_optional(entry.get("holdout")),
            baseline=_optional(entry.get("baseline")),
            excess=_optional(entry.get("excess")),
            parts={str(name): _estimate(part) for name, part in (entry.get("parts") or {}).items()},
        )
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        name = shorten(str(entry.get("metric", "?"))) if isinstance(entry, Mapping) else "?"
        raise BadInput(
            "measurements.json has an entry that can't be read.",
            evidence=f"{name}: {shorten(str(error), 120)}",
            remedy="Make the folder again: the file was changed or is not from synthwright.",
        ) from error


def skipped_from_json(entry: Any) -> Skipped:
    """The skipped metric that `entry` describes; a bare text is a metric without a stated reason."""
    if isinstance(entry, Mapping):
        return Skipped(str(entry.get("metric") or entry.get("gate") or "?"), str(entry.get("reason") or ""))
    return Skipped(str(entry), "")


def _estimate(entry: Any) -> Estimate:
    value = _required(entry["value"])
    low, high = entry.get("low"), entry.get("high")
    return Estimate(value, value if low is None else _required(low), value if high is None else _required(high))


def _optional(entry: Any) -> Estimate | None:
    return None if entry is None else _estimate(entry)


def _number(value: Any) -> float | None:
    return None if value is None else _required(value)


def _required(value: Any) -> float:
    number = float(value)
    if number - number != 0:  # NaN and infinities
        raise ValueError(f"{value} is not finite")
    return number
