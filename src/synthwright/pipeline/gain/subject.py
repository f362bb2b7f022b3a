"""What the experiment asks of a kind of records: everything that it can't do without knowing what they are.

The experiment itself (arms, seeds, stages, choice, intervals, what is kept) knows of records only that they can be
counted and have a digest. `gain.tables` is the subject of tables; texts and images bring their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol, TypeVar

import numpy as np

from synthwright.engines.context import Context
from synthwright.evaluation.bench import Scores
from synthwright.evaluation.blends import Blend
from synthwright.generators.model import Model
from synthwright.pipeline.gain.arms import Arm

__all__ = ["D", "Judge", "Records", "Subject"]


class Records(Protocol):
    """A table, a corpus, a set of images."""

    def __len__(self) -> int: ...

    def digest(self) -> str:
        """Of the content: equal records have equal digests."""
        ...


class Judge(Protocol):
    """The test records of a stage: what predictions for them are worth, with how each record moves it."""

    @property
    def headline(self) -> str:
        """The score that stands for the task."""
        ...

    @property
    def n_real(self) -> int:
        """Real records to learn from: those whose target is known."""
        ...

    def scores(self, made: np.ndarray) -> Scores:
        """Every score of these predictions."""
        ...

    def parts(self, made: np.ndarray) -> Mapping[str, Scores]:
        """Scores within classes and groups; there may be none."""
        ...

    def without_skill(self) -> Scores:
        """Every score of a model that has learnt nothing."""
        ...


D = TypeVar("D", bound=Records)


class Subject(Protocol[D]):
    """One kind of records, and the task that is to be learnt from them."""

    def bench(self, train: D, test: D) -> Judge:
        """The bench of `test`; raises `BadInput` where there is no task, or `test` is not unseen."""
        ...

    def inner(self, train: D, seed: int) -> tuple[D, D]:
        """The part of `train` that generators are fitted on to be chosen, and validation records they never see."""
        ...

    def admitted(self, arm: Arm, train: D, holdout: D) -> Arm:
        """`arm` with its own records, if it has any, as train has them; `BadInput` where they are the holdout's."""
        ...

    def controls(self, arms: Sequence[Arm], bench: Judge) -> tuple[Arm, ...]:
        """Arms that have nothing new to tell, beside `arms`."""
        ...

    def balance(self, train: D) -> float:
        """New records per real one that bring every class to the size of the largest."""
        ...

    def fitted(self, arm: Arm, train: D, context: Context) -> Model:
        """The generator of an arm that draws, after it has learnt from `train`."""
        ...

    def made(self, arm: Arm, train: D, count: int, context: Context, model: Model | None) -> D:
        """At most `count` records of `arm`; the first ones never depend on `count`."""
        ...

    def dealt(self, made: D, count: int, context: Context) -> D:
        """The first `count` of `made`, their targets dealt out at random."""
        ...

    def predicted(
        self, train: D, made: D, test: D, wanted: Sequence[tuple[Blend | None, str]], draw: int
    ) -> Iterator[np.ndarray]:
        """What each learner, fitted on each blend (``None``: of all that was `made`), says of `test`."""
        ...

    def told(self, records: D) -> Any:
        """All that results can depend on, as JSON types."""
        ...
