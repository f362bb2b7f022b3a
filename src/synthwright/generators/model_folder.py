"""A model as a folder: ``model.json`` beside ``sampler/``; every byte is treated as hostile when it is read back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from synthwright import registry
from synthwright.canonical import digest_file
from synthwright.data.frames import origin_from_json, origin_to_json
from synthwright.data.schema import Column, Schema
from synthwright.data.schema_file import schema_from_json, schema_to_json
from synthwright.errors import BadInput, UnknownName, shorten
from synthwright.files import make_folder, write_json, writing_folder
from synthwright.generators._constraints.plan import Plan
from synthwright.generators.around import Around
from synthwright.generators.model import Model
from synthwright.generators.saved import listed_files, read_state

__all__ = ["VERSION", "load_model", "save_model"]

VERSION = 1
_KEYS = {
    "version", "method", "settings", "schema", "left_out", "around", "judged", "frame", "depth", "files",
}  # fmt: skip
_VERDICTS = {"PASS", "FAIL", "UNDECIDED"}


def save_model(model: Model, folder: Path) -> None:
    """`folder` holds the model, whole or not at all; it says nothing of times, hosts or paths."""
    with writing_folder(Path(folder)) as place:
        model.sampler.save(make_folder(place / "sampler"))
        if not model.constraints.is_empty:
            write_json(place / "constraints.json", {"constraints": model.constraints.state()})
        files = {
            name: {"size": path.stat().st_size, "sha256": digest_file(path)}
            for name, path in sorted(listed_files(place).items())
        }
        write_json(
            place / "model.json",
            {
                "version": VERSION,
                "method": model.method,
                "settings": model.settings,
                "schema": schema_to_json(model.schema),
                "left_out": model.left_out,
                "around": model.around.state(),
                "judged": model.judged,
                "frame": origin_to_json(model.frame),
                "depth": model.depth,
                "files": files,
            },
        )


def load_model(folder: Path, generator: type[Any] | None = None) -> Model:
    """Read back what `save_model` wrote.

    Raises
    ------
    BadInput
        It is no model folder, was made by a method or version that is not here, or its content does not hang together.
    """
    folder = Path(folder)
    if not folder.is_dir() or not (folder / "model.json").exists():
        raise BadInput(
            f"{shorten(str(folder), 200)} is no model.",
            evidence="A model is a folder with model.json in it, written by `synthwright fit` or `Model.save`.",
        )
    found = listed_files(folder)
    state = read_state(folder / "model.json", _KEYS)
    if state["version"] != VERSION:
        raise BadInput(
            f"The model has format {shorten(repr(state['version']))}; this version of synthwright reads {VERSION}.",
            remedy="Load it with the version that wrote it, or fit again.",
        )
    _check_files(found, state["files"])
    method = generator or _method(state["method"])
    try:
        return _model(folder, state, method)
    except (TypeError, ValueError, LookupError, ArithmeticError, AttributeError, pa.ArrowException) as error:
        if isinstance(error, BadInput):
            raise
        # What a loader did not foresee is still bad input: the folder says something that no saved model says.
        raise BadInput("The model's content does not hang together.", evidence=str(error)[:200]) from error


def _model(folder: Path, state: Mapping[str, Any], method: type[Any]) -> Model:
    schema = schema_from_json(state["schema"])
    sampler = method.sampler.load(folder / "sampler")
    around = Around.from_state(schema, state["around"])
    plan = _plan(folder, schema, around, sampler.schema)
    learnt = plan.encoded.select([name for name in plan.encoded.names if name not in plan.constant])
    together = sorted((*plan.schema.names, *around.names))
    if together != sorted(schema.names) or sorted(learnt, key=_name) != sorted(sampler.schema, key=_name):
        raise BadInput("The model's parts speak of different columns.", remedy="Save the model again.")
    return Model(
        schema=schema,
        method=state["method"],
        settings=_mapping(state["settings"]),
        info=method.info,
        sampler=sampler,
        around=around,
        constraints=plan,
        left_out={name: str(reason) for name, reason in _mapping(state["left_out"]).items()},
        judged=_judged(state["judged"]),
        frame=origin_from_json(state["frame"]),
        depth=_depth(state["depth"]),
    )


def _plan(folder: Path, schema: Schema, around: Around, learnt: Schema) -> Plan:
    """How the rules are kept; without a file of its own, there is no rule."""
    if (folder / "constraints.json").exists():
        return Plan.from_state(schema, read_state(folder / "constraints.json", {"constraints"})["constraints"])
    names = [name for name in schema.names if name not in around.names and name in learnt]
    return Plan(schema=replace(schema, constraints=()).select(names))


def _name(column: Column) -> str:
    return column.name


def _method(name: Any) -> type[Any]:
    try:
        found: type[Any] = registry.find("generator", str(name))
    except UnknownName as error:
        raise BadInput(
            f"The model was made by {shorten(str(name))!r}, which is not installed here.",
            evidence=error.evidence,
            remedy="Install the package that brings this method, or use a model of a built-in one.",
        ) from error
    return found


def _check_files(found: Mapping[str, Path], said: Any) -> None:
    said = _mapping(said)
    there = set(found) - {"model.json"}
    if there != set(said):
        odd = sorted(there ^ set(said))
        raise BadInput(
            "The model's files are not those that were saved.",
            evidence=f"Missing or added: {', '.join(shorten(name) for name in odd[:5])}.",
            remedy="Copy the whole folder again, and nothing else into it.",
        )
    for name in sorted(said):
        entry = _mapping(said[name])
        if found[name].stat().st_size != entry.get("size") or digest_file(found[name]) != entry.get("sha256"):
            raise BadInput(
                f"{shorten(name)} of the model is not what was saved.", remedy="Copy the model again, or fit again."
            )


def _mapping(value: Any) -> Mapping[str, Any]:
    if isinstance(value, dict):
        return value
    raise BadInput("model.json has other content than this version of synthwright writes.")


def _judged(value: Any) -> Mapping[str, Any] | None:
    if value is None:
        return None
    judged = _mapping(value)
    known = set(judged) in ({"digest", "verdict"}, {"digest", "verdict", "withheld"})
    if known and isinstance(judged["digest"], str) and judged["verdict"] in _VERDICTS:
        return judged
    raise BadInput("The model's verdict can't be read.", remedy="Judge it again with `synthwright run`.")


def _depth(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value < 128:
        return value
    raise BadInput("The model's depth can't be read.")
