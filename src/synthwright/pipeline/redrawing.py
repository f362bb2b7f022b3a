"""Further synthetic tables, where the generator is at hand: how much of a figure is the luck of one draw?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from synthwright.data.table import Table
from synthwright.errors import UsageError, shorten
from synthwright.evaluation.alignment import align
from synthwright.evaluation.comparison import Comparison
from synthwright.generators.model import Model
from synthwright.seeding import Streams

__all__ = ["checked_redraws", "redrawing"]

_MOST = 100  # each costs a draw and a fit; the interval of 100 is hardly wider than that of endlessly many


def checked_redraws(model: object, redraws: int) -> int:
    """`redraws`, where it makes sense with the model that is there, or is not.

    Raises
    ------
    UsageError
        Redraws without a model, a model without redraws, or a number that is none from 0 to 100.
    """
    if not 0 <= redraws <= _MOST:
        raise UsageError(
            f"{shorten(str(redraws))} is no number of redraws.", remedy=f"Give one from 0 to {_MOST}; 5 is usual."
        )
    if redraws and model is None:
        raise UsageError("Redraws need a model to draw from.", remedy="Give the model that made the synthetic rows.")
    if model is not None and not redraws:
        raise UsageError(
            "A model was given, and nothing is to be drawn from it.",
            remedy="Say how many further tables to draw; 5 redraws are usual.",
        )
    return redraws


def redrawing(comparison: Comparison, model: Model, redraws: int) -> Comparison:
    """The same comparison with `redraws` further tables of `model`, each as long as the synthetic one.

    They are drawn when a metric asks for them, under seeds of their own.

    Raises
    ------
    UsageError
        The model draws entities, or lacks columns that are compared.
    """
    if model.info.unit != "row":
        raise UsageError(
            f"{model.method} draws whole entities, and redraws are drawn row by row.", remedy="Evaluate without them."
        )
    lacking = [name for name in comparison.columns if name not in model.schema]
    if lacking:
        raise UsageError(
            "The model does not draw the columns that are compared.",
            evidence=f"It lacks {', '.join(repr(shorten(name)) for name in lacking[:8])}.",
            remedy="Give the model that made the synthetic rows.",
        )
    makers: list[Callable[[], Table]] = [partial(_redrawn, comparison, model, at) for at in range(redraws)]
    return replace(comparison, redraws=tuple(makers))


def _redrawn(comparison: Comparison, model: Model, at: int) -> Table:
    seed = Streams(comparison.seed).at("redraw", at).integer()
    table = model.sample(len(comparison.synthetic), seed=seed)
    return align(comparison.train, table.select(comparison.train.names)).synthetic
