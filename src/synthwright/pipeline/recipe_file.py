"""Recipes in files: read with errors that name file, line and key; written back whole."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from pydantic import BaseModel, ValidationError

from synthwright.data.yaml_file import load_yaml
from synthwright.errors import BadInput, UnknownName, shorten
from synthwright.pipeline.recipe import Mix, Recipe, SplitBy

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

__all__ = ["load_recipe", "recipe_of", "recipe_text"]

_LARGEST = 1024 * 1024  # bytes
_SECTIONS: Mapping[str, type[BaseModel]] = {"split": SplitBy, "mix": Mix}
_WORDS = (
    (re.compile(r"^Input should be a valid integer.*$"), "it has to be a whole number"),
    (re.compile(r"^Input should be a valid string$"), "it has to be a text"),
    (re.compile(r"^Input should be a valid dictionary.*$"), "it has to be a mapping of names to values"),
    (re.compile(r"^Input should be a valid (.*)$"), r"it has to be a \1"),
    (re.compile(r"^Input should be (.*)$"), r"it has to be \1"),
    (re.compile(r"^Value error, (.*)$"), r"\1"),
    (re.compile(r"^String should have at least 1 character$"), "it is empty"),
)


def load_recipe(path: Path) -> Recipe:
    """The recipe in `path`.

    Raises
    ------
    BadInput
        No such file, no YAML, or not a recipe; the error names file, line and key.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise BadInput(f"{path} is too large to be a recipe.", evidence=f"{path.stat().st_size:,} bytes.")
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(
            f"The recipe {path} can't be read.", evidence=str(error), remedy="Check the name; recipes are UTF-8 text."
        ) from error
    value, lines = load_yaml(text, name=path.name)
    if not isinstance(value, Mapping):
        raise BadInput(
            f"{path.name} is not a recipe.", evidence="It has no keys.", remedy="`synthwright init DATA` writes one."
        )
    return recipe_of(value, name=path.name, lines=lines)


def recipe_of(
    value: Mapping[str, Any], *, name: str = "", lines: Mapping[tuple[str | int, ...], int] | None = None
) -> Recipe:
    """`value` as a recipe; a key without a value counts as not given. Errors name the line of the key in `lines`.

    Raises
    ------
    BadInput
        A key is unknown or missing, or a value can't be used.
    """
    try:
        return Recipe.model_validate({key: item for key, item in value.items() if item is not None})
    except ValidationError as error:
        told = [_told(problem, name, lines or {}) for problem in _first_of_each(error.errors())]
        raise BadInput(told[0][0], evidence="\n  ".join(text for text, _ in told[1:4]), remedy=told[0][1]) from error


def recipe_text(recipe: Mapping[str, Any], *, comment: str = "") -> str:
    """`recipe` (keys and values) as YAML."""
    note = "".join(f"# {line}\n" for line in comment.splitlines())
    return note + yaml.safe_dump(dict(recipe), sort_keys=False, allow_unicode=True, width=120)


def _first_of_each(problems: list[ErrorDetails]) -> list[ErrorDetails]:
    """One problem per key: a value that is neither of two things is one mistake, not two. Unknown keys come first."""
    seen: dict[str, ErrorDetails] = {}
    for problem in sorted(problems, key=lambda problem: problem["type"] != "extra_forbidden"):
        seen.setdefault(str(problem["loc"][:1]) + problem["type"] * (problem["type"] == "extra_forbidden"), problem)
    return list(seen.values())


def _told(problem: ErrorDetails, name: str, lines: Mapping[tuple[str | int, ...], int]) -> tuple[str, str]:
    at = tuple(part for part in problem["loc"] if not str(part).startswith(("constrained-", "function-")))
    line = next((lines[at[:length]] for length in range(len(at), 0, -1) if at[:length] in lines), None)
    place = f"{name}{f', line {line}' if line is not None else ''}: " if name else ""
    key = ".".join(shorten(str(part)) for part in at)
    if problem["type"] == "extra_forbidden":
        known = _keys(_SECTIONS.get(str(at[0]), Recipe) if len(at) > 1 else Recipe)
        unknown = UnknownName.among("key", str(at[-1]), known)
        return f"{place}there is no key {key!r}. {unknown.evidence}".rstrip(), unknown.remedy
    if problem["type"] == "missing":
        return f"{place}the key {key!r} is missing.", "Write it, with a value."
    message = problem["msg"]
    for pattern, words in _WORDS:
        message = pattern.sub(words, message)
    found = shorten(repr(problem["input"]))
    return f"{place}{key} is {found}, but {message}.", "Change the value; `synthwright validate` checks again."


def _keys(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]
