"""What a trained cell depends on, as one digest: equal digests mean equal predictions."""

from __future__ import annotations

import hashlib
import inspect
import sys
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from importlib.metadata import packages_distributions, version
from pathlib import Path
from typing import Any

from synthwright.canonical import digest_file, digest_json, plain
from synthwright.evaluation.blends import Blend, RowLearner
from synthwright.generators.settings import settings_of
from synthwright.learning.estimators import Estimator
from synthwright.learning.learner import Learner
from synthwright.learning.script import Script
from synthwright.pipeline.gain.arms import Arm
from synthwright.pipeline.gain.plan import Plan
from synthwright.provenance.record import versions

__all__ = ["Keys", "learner_key"]

# What has a say in predictions: the page and the command line have none.
_CODE = ("data", "engines", "evaluation", "generators", "learning", "matching", "pipeline/gain")


@dataclass(frozen=True, slots=True)
class Keys:
    """Digests of everything below one experiment: train, holdout, seed, code, libraries, and each learner by name.

    Generators and what is chosen by validation rows know nothing of the holdout: another one leaves them as they are.
    A learner whose key is ``None`` can't be told from another one, and is never looked up.
    """

    base: str
    holdout: str
    learners: Mapping[str, str | None]

    @classmethod
    def of(cls, train: Any, holdout: Any, plan: Plan) -> Keys:
        """The keys of an experiment on these records, which are told as JSON types."""
        base = digest_json([1, _code(), versions(), train, plan.seed, plan.group, plan.time])
        return cls(base, digest_json(holdout), {name: learner_key(one) for name, one in plan.learners.items()})

    def model(self, judged: bool, seed: int, arm: Arm) -> str:
        """The key of a fitted generator."""
        return digest_json([self.base, judged, seed, _arm(arm)])

    def cell(self, judged: bool, seed: int, arm: Arm, blend: Blend, learner: str, *, dealt: bool) -> str | None:
        """The key of what `learner` predicts, fitted on `blend` of the rows of `arm` (with their targets `dealt`)."""
        known, test = self.learners[learner], self.holdout if judged else ""
        return None if known is None else digest_json([self.model(judged, seed, arm), test, plain(blend), known, dealt])


def learner_key(learner: Learner | RowLearner) -> str | None:
    """A digest of what `learner` is and does; ``None`` where its settings or its code can't be read."""
    if isinstance(learner, Script):
        code = {path.as_posix(): digest_file(path) for path in learner.files()}
        return digest_json([learner.command, learner.form, code])
    told = _told(learner.model if isinstance(learner, Estimator) else learner)
    return None if told is None else digest_json([told, getattr(learner, "view", "")])


def _told(thing: Any) -> Any:
    """Class, code and settings of `thing`, and of whatever it holds, as JSON; ``None`` if that can't be."""
    if thing is None or isinstance(thing, bool | int | float | str):
        return [type(thing).__name__, repr(thing)]
    if isinstance(thing, list | tuple):
        parts = [_told(one) for one in thing]
        return None if None in parts else parts
    if isinstance(thing, Mapping):
        return _told([[str(key), value] for key, value in thing.items()])
    if hasattr(thing, "get_params"):
        settings: Any = thing.get_params(deep=False)
    elif is_dataclass(thing) and not isinstance(thing, type):
        settings = {field.name: getattr(thing, field.name) for field in fields(thing)}
    else:
        return None
    code, told = _code_of(type(thing)), _told(settings)
    return None if code is None or told is None else [code, told]


def _code_of(kind: type) -> Any:
    """The class and the version of its package; of a file of the user's own, the digest of that file."""
    name = [kind.__module__, kind.__qualname__]
    package = kind.__module__.partition(".")[0]
    if package == "synthwright":
        return name
    if package in _distributions():
        return [*name, *sorted({version(one) for one in _distributions()[package]})]
    try:
        source = inspect.getsourcefile(kind)
    except TypeError:  # typed into an interpreter
        return None
    return [*name, digest_file(Path(source))] if source and Path(source).is_file() else None


@cache
def _distributions() -> Mapping[str, list[str]]:
    return packages_distributions()


@cache
def _code() -> str:
    """A digest of the source that takes part, and of the Python that runs it."""
    home, digest = Path(__file__).parents[2], hashlib.sha256(sys.version.encode())
    for path in sorted([*home.glob("*.py"), *(path for part in _CODE for path in (home / part).rglob("*.py"))]):
        digest.update(f"{path.relative_to(home).as_posix()}\n".encode() + path.read_bytes())
    return digest.hexdigest()


def _arm(arm: Arm) -> Any:
    settings = None if arm.generator is None else settings_of(arm.generator)
    return [arm.name, arm.how, settings, None if arm.rows is None else arm.rows.digest()]
