"""One measurement on a line: value, interval, unseen real rows, no skill, ideal."""

from __future__ import annotations

from synthwright.evaluation.measurement import Measurement
from synthwright.provenance.numbers import plain
from synthwright.report.svg import Markup, figure, tag

__all__ = ["strip"]

WIDTH, HEIGHT, EDGE = 180.0, 20.0, 8.0


def strip(measurement: Measurement, title: str) -> Markup:
    """A dot in its interval; a diamond for unseen real rows, a tick for no skill, a dotted line for the ideal."""
    ends = [estimate for estimate in (measurement.estimate, measurement.holdout, measurement.baseline) if estimate]
    low, high = min(end.low for end in ends), max(end.high for end in ends)
    if measurement.target is not None:
        low, high = min(low, measurement.target), max(high, measurement.target)
    spare = (high - low) * 0.04 or abs(high) * 0.1 or 1.0
    low, high = low - spare, high + spare

    def x(value: float) -> float:
        return EDGE + (value - low) / (high - low) * (WIDTH - 2 * EDGE)

    middle = HEIGHT / 2
    estimate = measurement.estimate
    marks = [tag("line", x1=0, x2=WIDTH, y1=middle, y2=middle, class_="track")]
    told = [f"value {plain(estimate.value)}, interval {plain(estimate.low)} to {plain(estimate.high)}"]
    if measurement.target is not None:
        at = x(measurement.target)
        marks.append(tag("line", x1=at, x2=at, y1=1, y2=HEIGHT - 1, class_="ideal"))
        told.append(f"ideal {plain(measurement.target)}")
    if measurement.baseline is not None:
        at = x(measurement.baseline.value)
        marks.append(tag("line", x1=at, x2=at, y1=middle - 5, y2=middle + 5, class_="mark-floor"))
        told.append(f"no skill {plain(measurement.baseline.value)}")
    marks.append(tag("line", x1=x(estimate.low), x2=x(estimate.high), y1=middle, y2=middle, class_="whisker"))
    if measurement.holdout is not None:
        at = x(measurement.holdout.value)
        diamond = f"M{at - 5:.1f} {middle}L{at:.1f} {middle - 5}L{at + 5:.1f} {middle}L{at:.1f} {middle + 5}z"
        marks.append(tag("path", d=diamond, class_="mark-ceiling"))
        told.append(f"unseen real rows {plain(measurement.holdout.value)}")
    marks.append(tag("circle", cx=x(estimate.value), cy=middle, r=3.6, class_="dot"))
    return figure(WIDTH, HEIGHT, title, "; ".join(told), *marks, class_="strip")
