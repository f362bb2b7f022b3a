"""The families of distributions: which settings each has, and in which range."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

__all__ = ["COMMON", "FAMILIES", "NUMERIC", "POOLED", "WEEKDAYS", "Setting", "flaw_of"]

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its type, whether it has to be there, and its range (`above` is exclusive)."""

    type: Literal["number", "whole", "flag", "text", "numbers", "texts", "distribution", "distributions"]
    needed: bool = False
    least: float = -math.inf
    most: float = math.inf
    above: float | None = None


_ANY = Setting("number", needed=True)
_POSITIVE = Setting("number", needed=True, above=0)
_NOT_NEGATIVE = Setting("number", needed=True, least=0)
_SHARE = Setting("number", needed=True, least=0, most=1)
_END = Setting("number")
_UNIQUE = Setting("flag")
_LOCALE = Setting("text")
_MOST_TRIALS = 2**31 - 1  # what fits an exact count of a binomial draw on every system
_LARGEST_MEAN = 1e15  # beyond it neighbouring whole numbers are no longer told apart

FAMILIES: Mapping[str, Mapping[str, Setting]] = {
    "normal": {"mean": _ANY, "sd": _NOT_NEGATIVE},
    "lognormal": {
        "mu": Setting("number", needed=True, least=-500, most=500),
        "sigma": Setting("number", needed=True, least=0, most=50),
    },
    "uniform": {"low": _END, "high": _END, "unique": _UNIQUE},
    "triangular": {"low": _ANY, "mode": _ANY, "high": _ANY},
    "exponential": {"mean": _POSITIVE},
    "gamma": {"shape": _POSITIVE, "scale": _POSITIVE},
    "beta": {"a": _POSITIVE, "b": _POSITIVE, "low": _END, "high": _END},
    "poisson": {"mean": Setting("number", needed=True, least=0, most=_LARGEST_MEAN)},
    "binomial": {"n": Setting("whole", needed=True, least=0, most=_MOST_TRIALS), "p": _SHARE},
    "negative_binomial": {
        "successes": Setting("number", needed=True, above=0, most=1e9),
        "p": Setting("number", needed=True, least=1e-6, most=1),
    },
    "zipf": {"exponent": _NOT_NEGATIVE, "size": Setting("whole", needed=True, least=1, most=1_000_000)},
    "mixture": {"weights": Setting("numbers", least=0), "parts": Setting("distributions", needed=True)},
    "histogram": {
        "low": Setting("numbers", needed=True),
        "high": Setting("numbers", needed=True),
        "counts": Setting("numbers", needed=True, least=0),
    },
    "value": {"value": Setting("text", needed=True), "noise": Setting("distribution")},
    "cases": {"cases": Setting("distributions", needed=True)},
    "calendar": {
        "weekdays": Setting("texts"),
        "hours": Setting("numbers", least=0, most=24),
        "holidays": Setting("texts"),
    },
    "weights": {"weights": Setting("numbers", needed=True, least=0)},
    "constant": {"constant": Setting("text", needed=True)},
    "pattern": {"mask": Setting("text"), "regex": Setting("text"), "unique": _UNIQUE},
    "sequence": {
        "start": Setting("whole", least=-(2**59), most=2**59),
        "step": Setting("whole", least=1, most=2**20 - 1),
        "prefix": Setting("text"),
        "width": Setting("whole", least=0, most=1_000),
    },
    "template": {"template": Setting("text", needed=True), "lower": Setting("flag")},
    "email": {"locale": _LOCALE, "of": Setting("text"), "unique": _UNIQUE},
    "phone": {"locale": _LOCALE},
    "anomaly": {"of": Setting("texts", needed=True)},
    **{
        name: {"locale": _LOCALE}
        for name in ("name", "first_name", "last_name", "company", "street", "city", "address")
    },
}
"""Family to its settings."""

NUMERIC = (
    "normal",
    "lognormal",
    "uniform",
    "triangular",
    "exponential",
    "gamma",
    "beta",
    "poisson",
    "binomial",
    "negative_binomial",
    "zipf",
    "mixture",
    "histogram",
)
"""Families of numbers that depend on no other column."""

POOLED = ("name", "first_name", "last_name", "company", "street", "city", "address", "email", "phone")
"""Families of texts of a locale."""

COMMON: Mapping[str, Setting] = {
    "missing_share": Setting("number", least=0, most=1),
    "missing_when": Setting("text"),
    "anomaly_share": Setting("number", least=0, most=1),
    "anomaly": Setting("distribution"),
}
"""What may stand beside the settings of any family: which cells are missing, and what is planted among the others."""


def flaw_of(family: str, settings: Mapping[str, Any]) -> str:
    """What is wrong between the settings of one distribution; empty if nothing is."""
    low, high, mode = (settings.get(name) for name in ("low", "high", "mode"))
    if family in {"uniform", "beta"} and low is not None and high is not None and not low <= high:
        return f"low ({low:g}) is above high ({high:g})"
    if family == "triangular" and not (low <= mode <= high):  # type: ignore[operator]  # all three are there
        return f"mode ({mode:g}) does not lie between low ({low:g}) and high ({high:g})"
    weights = settings.get("weights", settings.get("counts"))
    if weights is not None and not 0 < sum(weights) < math.inf:
        return "all weights are 0, or their sum is too large"
    if family == "mixture" and weights is not None and len(weights) != len(settings["parts"]):
        return f"there are {len(weights)} weights for {len(settings['parts'])} parts"
    if family == "histogram":
        return _flaw_of_histogram(settings)
    if family == "pattern" and ("mask" in settings) == ("regex" in settings):
        return "it takes either mask (such as '##-??') or regex (such as '[A-Z]{2}-\\d{4}')"
    if family == "cases" and any(part.get("when") is None for part in settings["cases"][:-1]):
        return "only the last case may lack its `when`"
    if family == "cases" and settings["cases"][-1].get("when") is not None:
        return "the last case has a `when`: rows in which none holds would have no value; leave it out there"
    if family == "calendar":
        return _flaw_of_calendar(settings)
    if ("anomaly_share" in settings) != ("anomaly" in settings):
        return "anomaly_share and anomaly (the distribution planted in that share of the rows) belong together"
    if "missing_when" in settings and "missing_share" not in settings:
        return "missing_when needs missing_share, the share of such rows in which the cell is missing"
    return ""


def _flaw_of_histogram(settings: Mapping[str, Any]) -> str:
    lows, highs, counts = settings["low"], settings["high"], settings["counts"]
    if not len(lows) == len(highs) == len(counts):
        return f"low, high and counts have {len(lows)}, {len(highs)} and {len(counts)} items"
    if any(low > high for low, high in zip(lows, highs, strict=True)):
        return "a cell ends before it begins"
    return ""


def _flaw_of_calendar(settings: Mapping[str, Any]) -> str:
    for day in settings.get("weekdays", ()):
        if day not in WEEKDAYS:
            return f"{day!r} is no weekday; write {', '.join(WEEKDAYS)}"
    hours = settings.get("hours", (0, 24))
    if len(hours) != 2 or not hours[0] < hours[1]:
        return "hours are no pair such as [9, 17]"
    return ""
