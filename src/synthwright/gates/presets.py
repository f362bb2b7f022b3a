"""Gate sets by name, or from a file of the same form."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields
from importlib import resources
from pathlib import Path
from typing import Any

from synthwright.data.yaml_file import Lines, load_yaml
from synthwright.errors import BadInput, UnknownName, shorten
from synthwright.gates.asked import UNASKED
from synthwright.gates.gate import Gate, GateSet
from synthwright.gates.judging import needs_of_measures

__all__ = ["load_gates", "preset_names"]

_KEYS = {"name", "withhold_undecided", "gates"}
_GATE_FIELDS: dict[str, type | tuple[type, ...]] = {
    "gate": str,
    "metric": str,
    "of": str,
    "at_most": (int, float),
    "at_least": (int, float),
    "fails_above": (int, float),
    "fails_below": (int, float),
    "blocking": bool,
    "where_measured": bool,
    "worst_parts": int,
    "subject": str,
    "advice": str,
}


def preset_names() -> list[str]:
    """The gate sets that come with the package."""
    folder = resources.files("synthwright.gates") / "presets"
    return sorted(file.name.removesuffix(".yaml") for file in folder.iterdir() if file.name.endswith(".yaml"))


def load_gates(preset: str | Path) -> GateSet:
    """The gate set called `preset`, or the one in the YAML file at that path.

    Raises
    ------
    UnknownName
        No such preset, and no such file.
    BadInput
        The file is not a gate set; the error names file, line and key.
    """
    if str(preset) in preset_names():
        text = (resources.files("synthwright.gates") / "presets" / f"{preset}.yaml").read_text(encoding="utf-8")
        return _gate_set(text, f"the gate preset {preset}")
    path = Path(preset)
    if not path.is_file():
        raise UnknownName.among("gate preset or file", str(preset), preset_names())
    try:
        return _gate_set(path.read_text(encoding="utf-8"), str(path))
    except UnicodeDecodeError as error:
        raise BadInput(f"{path} is not text in UTF-8.", evidence=str(error)) from error


def _gate_set(text: str, name: str) -> GateSet:
    value, lines = load_yaml(text, name=name)
    if not isinstance(value, Mapping) or not isinstance(value.get("gates"), list) or not value["gates"]:
        raise BadInput(f"{name} has no list of gates.", remedy="Write `gates:` and under it one entry per gate.")
    for key in value:
        if key not in _KEYS:
            raise _unknown(name, lines, (key,), key, _KEYS)
    withhold = value.get("withhold_undecided", False)
    if not isinstance(withhold, bool):
        raise BadInput(f"{_place(name, lines, ('withhold_undecided',))}: withhold_undecided is true or false.")
    gates = tuple(_gate(entry, ("gates", at), name, lines) for at, entry in enumerate(value["gates"]))
    names = [gate.gate for gate in gates]
    if len(set(names)) < len(names):
        twice = next(gate for gate in names if names.count(gate) > 1)
        raise BadInput(f"{name} has two gates called {shorten(twice)!r}.", remedy="Give every gate its own name.")
    return GateSet(name=str(value.get("name", Path(name).stem)), gates=gates, withhold_undecided=withhold)


def _gate(entry: Any, at: tuple[str | int, ...], name: str, lines: Lines) -> Gate:
    place = _place(name, lines, at)
    if not isinstance(entry, Mapping):
        raise BadInput(f"{place}: a gate is a mapping.", remedy="Write `- gate: NAME`, then its metric and bound.")
    for key, value in entry.items():
        if key not in _GATE_FIELDS:
            raise _unknown(name, lines, (*at, key), key, _GATE_FIELDS)
        expected = _GATE_FIELDS[key]
        if not isinstance(value, expected) or (isinstance(value, bool) and expected is not bool):
            raise BadInput(f"{_place(name, lines, (*at, key))}: {key} can't be {shorten(str(value))!r}.")
        if isinstance(value, float) and not math.isfinite(value):
            raise BadInput(f"{_place(name, lines, (*at, key))}: {key} has to be a finite number.")
    missing = [key for key in ("gate", "metric") if key not in entry]
    if missing or not {"at_most", "at_least"} & set(entry):
        what = " and ".join([*missing, *([] if {"at_most", "at_least"} & set(entry) else ["at_most or at_least"])])
        raise BadInput(f"{place}: this gate has no {what}.", remedy="Every gate names a metric and a bound.")
    if entry.get("of", "estimate") not in {"estimate", "excess", "value"}:
        raise _unknown(name, lines, (*at, "of"), entry["of"], {"estimate", "excess", "value"})
    known = [*needs_of_measures(), *UNASKED]
    if entry["metric"] not in known:
        raise _unknown(name, lines, (*at, "metric"), entry["metric"], known)
    return Gate(**{field.name: entry[field.name] for field in fields(Gate) if field.name in entry})


def _unknown(name: str, lines: Lines, at: tuple[str | int, ...], word: Any, known: Any) -> BadInput:
    error = UnknownName.among("key" if at[-1] == word else str(at[-1]), str(word), known)
    return BadInput(f"{_place(name, lines, at)}: {error.problem}", evidence=error.evidence, remedy=error.remedy)


def _place(name: str, lines: Lines, at: tuple[str | int, ...]) -> str:
    return f"{name}, line {lines[at]}" if at in lines else name
