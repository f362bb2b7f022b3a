"""What every page that answers one question begins with: name, answer and how sure it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from synthwright.errors import shorten
from synthwright.evaluation.measurement import Estimate
from synthwright.report.page import template

__all__ = ["answered", "estimate_of"]


def answered(question: str, answer: tuple[str, str], said: Sequence[str], *, name: str, **rest: Any) -> str:
    """The page of `question`, of the template with that name: `answer` is its tone and its title.

    The tone is pass, fail or doubt; `said` are the sentences under the title, `name` that of the folder, and `rest`
    goes into the template as it is.
    """
    tone, word = answer
    return template(f"{question}.html.j2").render(name=shorten(name, 80), tone=tone, word=word, said=said, **rest)


def estimate_of(told: Mapping[str, Any]) -> Estimate:
    """The estimate that JSON tells as value, low and high, among other things maybe."""
    return Estimate(told["value"], told["low"], told["high"])
