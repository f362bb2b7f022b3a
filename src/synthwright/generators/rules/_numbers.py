"""Numbers drawn from the families of a schema; the first k never depend on how many are drawn."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from synthwright.data.calendar import NANOSECONDS
from synthwright.data.distribution_families import WEEKDAYS
from synthwright.data.distributions import Distribution
from synthwright.data.schema import Column
from synthwright.errors import BadInput, shorten
from synthwright.seeding import Streams

__all__ = ["domain_of", "draw_numbers", "in_bounds", "snapped"]

_ROUNDS = 200  # redraws of what fell outside the bounds: at 5 % inside, one row in 30,000 is left after them
_MOST_DAYS = 4_000_000  # of a calendar: years 1 to 9999
_DAY = NANOSECONDS["day"]
_EXACT = 2.0**53


def draw_numbers(column: Column, distribution: Distribution, streams: Streams, n: int) -> np.ndarray:
    """`n` numbers (float64) of a family that depends on no other column; dates in units since 1970."""
    get, rng = distribution.number, streams.rng()
    match distribution.family:
        case "normal":
            return rng.normal(get("mean"), get("sd"), n)
        case "lognormal":
            return rng.lognormal(get("mu"), get("sigma"), n)
        case "uniform":
            return _uniform(column, distribution, rng, n)
        case "triangular":
            low, mode, high = get("low"), get("mode"), get("high")
            return rng.triangular(low, mode, high, n) if low < high else np.full(n, low)
        case "exponential":
            return rng.exponential(get("mean"), n)
        case "gamma":
            return rng.gamma(get("shape"), get("scale"), n)
        case "beta":
            low, high = domain_of(column, distribution, plain=(0.0, 1.0))
            return np.asarray(low + (high - low) * rng.beta(get("a"), get("b"), n))
        case "poisson":
            return rng.poisson(get("mean"), n).astype(np.float64)
        case "binomial":
            return rng.binomial(int(get("n")), get("p"), n).astype(np.float64)
        case "negative_binomial":
            return rng.negative_binomial(get("successes"), get("p"), n).astype(np.float64)
        case "zipf":
            ranks = _zipf(get("exponent"), int(get("size")))
            return np.searchsorted(ranks, rng.random(n), side="right").astype(np.float64) + 1.0
        case "histogram":
            return _histogram(column, distribution, streams, n)
        case "calendar":
            return _calendar(column, distribution, streams, n)
    parts = distribution.get("parts")  # a mixture
    weights = np.cumsum(distribution.get("weights") or [1.0] * len(parts))
    chosen = np.searchsorted(weights / weights[-1], rng.random(n), side="right")
    values = np.empty(n)
    for at, part in enumerate(parts):
        values[chosen == at] = draw_numbers(column, part, streams.at("part", at), n)[chosen == at]
    return values


def in_bounds(column: Column, distribution: Distribution, streams: Streams, n: int) -> np.ndarray:
    """`n` numbers on the column's grid and within its bounds: what falls outside is drawn again.

    Raises
    ------
    BadInput
        The distribution hardly ever falls within the bounds, or gives values too large for a number.
    """
    values = snapped(column, draw_numbers(column, distribution, streams, n))
    if not np.isfinite(values).all():
        raise BadInput(
            f"Column {shorten(column.name)!r}: {distribution.family} gives values too large for a number.",
            remedy="Choose smaller parameters.",
        )
    if column.bounds is None:
        return values
    low, high = column.bounds
    outside = (values < low) | (values > high)
    for number in range(_ROUNDS):
        if not outside.any():
            return values
        again = snapped(column, draw_numbers(column, distribution, streams.at("again", number), n))
        values = np.where(outside, again, values)
        outside = ~((values >= low) & (values <= high))  # NaN is outside too
    raise BadInput(
        f"Column {shorten(column.name)!r}: {distribution.family} hardly ever falls within the bounds.",
        evidence=f"{int(outside.sum()):,} of {n:,} rows had no value within [{low:g}, {high:g}] in {_ROUNDS} draws.",
        remedy="Widen `bounds`, or choose parameters that fall within them.",
    )


def snapped(column: Column, values: np.ndarray) -> np.ndarray:
    """`values` on the grid of the column."""
    if column.kind == "datetime":
        return np.asarray(np.floor(values))
    if column.kind == "integer":
        return np.asarray(np.round(values))
    return values if column.decimals is None else np.asarray(np.round(values, column.decimals))


def domain_of(
    column: Column, distribution: Distribution | None = None, *, plain: tuple[float, float] | None = None
) -> tuple[float, float]:
    """From where to where: what the distribution says, otherwise the column's bounds, otherwise `plain`.

    Raises
    ------
    BadInput
        Nobody says it.
    """
    ends = column.bounds or plain or (None, None)
    said = (None, None) if distribution is None else (distribution.get("low"), distribution.get("high"))
    low, high = (end if one is None else float(one) for one, end in zip(said, ends, strict=True))
    if low is None or high is None:
        raise BadInput(
            f"Column {shorten(column.name)!r} says nothing about its values.",
            evidence=f"Its kind is {column.kind}; it has no bounds.",
            remedy="Add `bounds: [lowest, highest]`, or a `distribution:` with parameters of its own.",
        )
    if low > high:
        raise BadInput(f"Column {shorten(column.name)!r}: low ({low:g}) is above high ({high:g}).", remedy="Swap them.")
    return low, high


def _uniform(column: Column, distribution: Distribution, rng: np.random.Generator, n: int) -> np.ndarray:
    low, high = domain_of(column, distribution)
    step = column.step
    if step is None or not (high - low) / step < _EXACT:
        return low + rng.random(n) * (high - low)
    first, last = np.ceil(low / step - 1e-9), np.floor(high / step + 1e-9)
    if last < first:
        raise BadInput(
            f"Column {shorten(column.name)!r}: no value of its grid lies between {low:g} and {high:g}.",
            remedy="Widen `bounds`, or give more `decimals`.",
        )
    return np.asarray((first + rng.integers(0, int(last - first) + 1, n)) * step)


def _histogram(column: Column, distribution: Distribution, streams: Streams, n: int) -> np.ndarray:
    lows, highs = np.asarray(distribution.get("low"), dtype=float), np.asarray(distribution.get("high"), dtype=float)
    mass = np.cumsum(np.asarray(distribution.get("counts"), dtype=float))
    cell = np.searchsorted(mass / mass[-1], streams.rng().random(n), side="right")
    within = streams.at("within").rng().random(n)
    width = highs[cell] - lows[cell]
    if column.step is None:
        return np.asarray(lows[cell] + within * width)
    points = np.floor(width / column.step + 1e-9) + 1.0
    return np.asarray(lows[cell] + np.floor(within * points) * column.step)


@lru_cache(maxsize=16)
def _zipf(exponent: float, size: int) -> np.ndarray:
    """Cumulative shares of ranks 1 to `size`, each as frequent as its rank to the power of -`exponent`."""
    mass = np.cumsum(np.arange(1, size + 1, dtype=np.float64) ** -exponent)
    return np.asarray(mass / mass[-1])


def _calendar(column: Column, distribution: Distribution, streams: Streams, n: int) -> np.ndarray:
    low, high = domain_of(column)
    ticks = _DAY / NANOSECONDS[column.unit or "second"]  # units per day
    days = _open_days(
        int(np.floor(low / ticks)),
        int(np.floor(high / ticks)),
        tuple(distribution.get("weekdays", WEEKDAYS[:5])),
        tuple(distribution.get("holidays", ())),
    )
    if not len(days):
        raise BadInput(
            f"Column {shorten(column.name)!r}: no day of its calendar lies within its bounds.",
            remedy="Widen `bounds`, or name more `weekdays`.",
        )
    start, end = (float(hour) / 24 for hour in distribution.get("hours", (0, 24)))
    day = days[streams.rng().integers(0, len(days), n)].astype(np.float64)
    return np.floor((day + start + streams.at("within").rng().random(n) * (end - start)) * ticks) if ticks > 1 else day


@lru_cache(maxsize=64)
def _open_days(first: int, last: int, weekdays: tuple[str, ...], holidays: tuple[str, ...]) -> np.ndarray:
    """The days since 1970 from `first` to `last` that are neither closed weekdays nor holidays."""
    if last - first > _MOST_DAYS:
        raise BadInput("A calendar spans more than 9,999 years.", remedy="Give the column closer bounds.")
    try:
        closed = np.array(holidays, dtype="datetime64[D]")
    except ValueError as error:
        raise BadInput("A holiday is no date.", evidence=str(error)[:120], remedy="Write '2024-12-25'.") from error
    days = np.arange(first, last + 1).astype("datetime64[D]")
    mask = "".join(str(int(day in weekdays)) for day in WEEKDAYS)
    return np.asarray(days[np.is_busday(days, weekmask=mask, holidays=closed)].astype(np.int64))
