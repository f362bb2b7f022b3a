"""Where a column's values come from, as a person says it: a family, its settings, what is missing, what is planted.

In a schema file this is the mapping `distribution:` of a column, such as ``{family: normal, mean: 40, sd: 12}``. It is
read strictly here, without a look at other columns; `dependence` checks what it says about those.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from synthwright.data.distribution_families import COMMON, FAMILIES, NUMERIC, Setting, flaw_of
from synthwright.errors import BadInput, shorten

__all__ = ["FARTHEST", "Distribution", "distribution_to_json", "read_distribution"]

Path = tuple[str | int, ...]
Wrong = Callable[[Path, str, str], BadInput]
_MOST = 100_000  # items of a list: as many as a column may have categories
FARTHEST = 1e300  # sums of two numbers stay finite
_DEEPEST = 8  # cases and mixtures within one another


@dataclass(frozen=True, slots=True)
class Distribution:
    """A family and its settings, by name; lists are tuples, distributions within it are `Distribution`s."""

    family: str
    settings: tuple[tuple[str, Any], ...] = ()

    def get(self, name: str, default: Any = None) -> Any:
        """The setting called `name`, or `default`."""
        return next((value for key, value in self.settings if key == name), default)

    def number(self, name: str, default: float = math.nan) -> float:
        """The setting called `name` as a float."""
        return float(self.get(name, default))

    def parts(self) -> Iterator[Distribution]:
        """The distributions directly within this one."""
        for _, value in self.settings:
            for one in value if isinstance(value, tuple) else (value,):
                if isinstance(one, Distribution):
                    yield one

    @classmethod
    def of(cls, value: Mapping[str, Any]) -> Distribution:
        """The distribution that a mapping such as ``{"family": "normal", "mean": 0, "sd": 1}`` describes.

        Raises
        ------
        BadInput
            A key or value does not belong there.
        """

        def wrong(path: Path, what: str, remedy: str) -> BadInput:
            where = ".".join(str(step) for step in path)
            return BadInput(f"distribution{f' ({where})' if where else ''}: {what}.", remedy=remedy)

        return read_distribution(value, wrong)


def distribution_to_json(distribution: Distribution) -> dict[str, Any]:
    """`distribution` as a mapping of JSON types: what `read_distribution` takes."""

    def plain(value: Any) -> Any:
        if isinstance(value, Distribution):
            return distribution_to_json(value)
        return [plain(one) for one in value] if isinstance(value, tuple) else value

    return {"family": distribution.family, **{name: plain(value) for name, value in distribution.settings}}


def read_distribution(value: Any, wrong: Wrong) -> Distribution:
    """The distribution that the mapping `value` describes; ``wrong(path, what, remedy)`` makes the error.

    Raises
    ------
    BadInput
        A family, key or value does not belong in a distribution.
    """
    return _Reader(wrong).distribution((), value)


@dataclass(frozen=True, slots=True)
class _Reader:
    wrong: Wrong

    def distribution(self, path: Path, value: Any, families: tuple[str, ...] = tuple(FAMILIES)) -> Distribution:
        """The distribution at `path`; `families` are those that may stand there."""
        if not isinstance(value, Mapping) or not isinstance(value.get("family"), str):
            raise self.wrong(path, "a distribution names its family", "Write `{family: normal, mean: 0, sd: 1}`.")
        if len(path) > 2 * _DEEPEST:
            raise self.wrong(path, "too many distributions lie within one another", "Write it flatter.")
        family = value["family"]
        if family not in families:
            hint = _hint(family, families)
            what = f"there is no family {shorten(family)!r} here"
            raise self.wrong((*path, "family"), what, f"{hint}Known: {', '.join(families)}.")
        known = {
            **FAMILIES[family],
            **({} if path else COMMON),
            **({"when": Setting("text")} if _is_case(path) else {}),
        }
        settings: list[tuple[str, Any]] = []
        for key, given in value.items():
            if key == "family" or given is None:
                continue
            if key not in known:
                what = f"{family} has no setting {shorten(str(key))!r}"
                listed = ", ".join(known) or "none"
                raise self.wrong((*path, str(key)), what, f"{_hint(str(key), known)}It has: {listed}.")
            settings.append((key, self.setting((*path, key), known[key], given)))
        for key, setting in known.items():
            if setting.needed and key not in dict(settings):
                raise self.wrong(path, f"{family} lacks its setting {key!r}", f"Add `{key}:`.")
        made = Distribution(family, tuple(settings))
        if flaw := flaw_of(family, dict(settings)):
            raise self.wrong(path, f"{family}: {flaw}", "Correct it.")
        return made

    def setting(self, path: Path, setting: Setting, value: Any) -> Any:
        """`value` as the type that `setting` wants."""
        match setting.type:
            case "number":
                return self.number(path, value, setting)
            case "whole":
                if isinstance(value, bool) or not isinstance(value, int) or abs(value) > 2**53:
                    raise self.wrong(path, f"{path[-1]} is no whole number", "Write one such as 10.")
                return int(self.number(path, value, setting))
            case "flag":
                if not isinstance(value, bool):
                    raise self.wrong(path, f"{path[-1]} is neither true nor false", "Write true or false.")
                return value
            case "text":
                if not isinstance(value, str) or len(value) > 2_000:
                    raise self.wrong(path, f"{path[-1]} is no text of up to 2,000 characters", "Put it in quotes.")
                return value
            case "distribution":
                return self.distribution(path, value, NUMERIC if path[-1] == "noise" else _replaceable())
        return self.items(path, setting, value)

    def items(self, path: Path, setting: Setting, value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple) or not 0 < len(value) <= _MOST:
            raise self.wrong(path, f"{path[-1]} is no list of 1 to {_MOST:,} items", "Write [first, second].")
        if setting.type == "numbers":
            return tuple(self.number((*path, at), one, setting) for at, one in enumerate(value))
        if setting.type == "texts":
            return tuple(self.setting((*path, at), Setting("text"), one) for at, one in enumerate(value))
        allowed = NUMERIC if path[-1] == "parts" else _replaceable()
        return tuple(self.distribution((*path, at), one, allowed) for at, one in enumerate(value))

    def number(self, path: Path, value: Any, setting: Setting) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < FARTHEST:
            what = f"{shorten(str(value))} is no finite number below {FARTHEST:g}"
            raise self.wrong(path, what, "Write one such as 0.5.")
        if not setting.least <= value <= setting.most or (setting.above is not None and value <= setting.above):
            low = f"above {setting.above:g}" if setting.above is not None else f"{setting.least:g} or more"
            high = f", at most {setting.most:g}" if setting.most < math.inf else ""
            name = next(str(step) for step in reversed(path) if isinstance(step, str))
            raise self.wrong(path, f"{name} is {value}", f"It has to be {low}{high}.")
        return value


def _is_case(path: Path) -> bool:
    return len(path) >= 2 and path[-2] == "cases"


def _replaceable() -> tuple[str, ...]:
    """The families that may stand in for one another within a column."""
    return tuple(family for family in FAMILIES if family not in {"sequence", "anomaly"})


def _hint(name: str, known: Any) -> str:
    close = get_close_matches(name, list(known), n=1)
    return f"Did you mean {close[0]!r}? " if close else ""
