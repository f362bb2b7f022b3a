"""Advice as plain text: what was looked at, every finding with what to do, the conclusion, the next command."""

from __future__ import annotations

from synthwright.pipeline.advice.advising import Advice
from synthwright.pipeline.advice.finding import named

__all__ = ["told"]

_HEADS = {"stop": "Mend first", "warn": "Warnings", "note": "Good to know"}


def told(advice: Advice) -> str:
    """`advice` in paragraphs."""
    end = advice.conclusion
    lines = [_looked(advice)]
    for severity, head in _HEADS.items():
        found = [one for one in advice.findings if one.severity == severity]
        if found:
            lines += ["", head]
        for one in found:
            lines += [f"  [{one.code}] {one.sentence}", f"      -> {one.remedy}"]
    lines += ["", end.sentence, "", "Try, in this order"]
    lines += [f"  {at}. {step}" for at, step in enumerate(end.first, 1)]
    lines += ["", end.stop, "", "Next"]
    lines += [f"  {command}" for command in end.commands]
    lines += ["", f"Not looked at: {'; '.join(advice.not_looked_at)}."]
    return "\n".join(lines)


def _looked(advice: Advice) -> str:
    what = f"{advice.rows:,} rows, " + ("no target" if advice.target is None else f"target {named([advice.target])}")
    if advice.target is None or advice.looked_at == advice.rows:
        return f"{what}. All of them were looked at."
    told = f"Counts are of all rows; models looked at {advice.looked_at:,} of them"
    if advice.curve_rows > advice.looked_at:
        told += f", the learning curve at {advice.curve_rows:,}"
    return f"{what}. {told}, at even distances."
