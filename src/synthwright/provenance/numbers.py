"""Numbers as people read them: four decimals at most, true minus signs, thousands apart."""

from __future__ import annotations

from synthwright.evaluation.measurement import Estimate

__all__ = ["DASH", "count", "interval", "middle", "moment", "plain", "seconds", "share", "signed", "tick"]


DASH = "\u2013"  # where there is no number
MINUS = "\u2212"


def plain(value: float | None) -> str:
    """`value` with the decimals that its size deserves; a dash for ``None``."""
    if value is None:
        return DASH
    size = abs(value)
    if size == 0:
        return "0"
    if size < 0.00005:
        return "<0.0001" if value > 0 else f">{MINUS}0.0001"
    if value == int(value) and size < 1e15:
        return _minus(f"{int(value):,}")
    decimals = 4 if size < 1 else 3 if size < 10 else 2 if size < 100 else 1 if size < 10_000 else 0
    return _minus(f"{value:,.{decimals}f}")


def signed(value: float | None) -> str:
    """`value` with its sign: a difference."""
    return f"+{plain(value)}" if value is not None and value >= 0.00005 else plain(value)


def interval(estimate: Estimate | None, *, sign: bool = False) -> str:
    """The two ends; a dash where there is nothing or no width."""
    if estimate is None or estimate.low == estimate.high:
        return DASH
    form = signed if sign else plain
    return f"{form(estimate.low)} to {form(estimate.high)}"


def middle(estimate: Estimate | None, *, sign: bool = False) -> str:
    """The value alone; a dash where there is none."""
    return DASH if estimate is None else (signed if sign else plain)(estimate.value)


def share(value: float | None) -> str:
    """A share of 1 in per cent."""
    if value is None:
        return DASH
    per_cent = 100 * value
    if 0 < per_cent < 0.1:
        return "<0.1 %"
    return f"{per_cent:.1f} %" if per_cent < 10 else f"{per_cent:.0f} %"


def count(value: object) -> str:
    """A number of things; a dash for anything else."""
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else DASH


def seconds(value: object) -> str:
    """A duration."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return DASH
    return f"{value:.1f} s" if value < 120 else f"{value / 60:.1f} min" if value < 7200 else f"{value / 3600:.1f} h"


def tick(value: float) -> str:
    """A round number on an axis."""
    return _minus(f"{value:g}")


def moment(text: str) -> str:
    """An ISO moment without its seconds: ``2026-11-20 09:30 UTC``."""
    day, mark, time = text.partition("T")
    zone = " UTC" if time.endswith(("+00:00", "Z")) else ""
    return f"{day} {time[:5]}{zone}" if mark else text


def _minus(text: str) -> str:
    return text.replace("-", MINUS)
