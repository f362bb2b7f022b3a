"""What results depend on, as digests: the code, the libraries, a learner, the source of synthetic rows."""

from __future__ import annotations

import hashlib
import inspect
import sys
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from importlib.metadata import packages_distributions, version
from pathlib import Path
from typing import Any

from synthwright.canonical import digest_file, digest_json
from synthwright.data.schema_file import schema_to_json
from synthwright.data.table import Table
from synthwright.evaluation.blends import RowLearner
from synthwright.generators.settings import settings_of
from synthwright.learning.estimators import Estimator
from synthwright.learning.learner import Learner
from synthwright.learning.script import Script
from synthwright.pipeline.gain.arms import Arm

__all__ = ["arm_told", "code_digest", "learner_key", "table_told"]

# What has a say in predictions: the page and the command line have none.
_CODE = ("data", "engines", "evaluation", "generators", "learning", "matching", "pipeline/gain")


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
def code_digest(*experiments: str) -> str:
    """A digest of the source that takes part, that of other `experiments` too, and of the Python that runs it."""
    home, digest = Path(__file__).parents[1], hashlib.sha256(sys.version.encode())
    parts = (*_CODE, *(f"pipeline/{name}" for name in experiments))
    for path in sorted([*home.glob("*.py"), *(path for part in parts for path in (home / part).rglob("*.py"))]):
        digest.update(f"{path.relative_to(home).as_posix()}\n".encode() + path.read_bytes())
    return digest.hexdigest()


def table_told(table: Table) -> Any:
    """The digest of the rows, and their schema."""
    return [table.digest(), schema_to_json(table.schema)]


def arm_told(arm: Arm) -> Any:
    """Where the rows of an arm come from."""
    settings = None if arm.generator is None else settings_of(arm.generator)
    return [arm.name, arm.how, settings, None if arm.rows is None else arm.rows.digest()]
