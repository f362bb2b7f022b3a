"""Settings of a method from outside: a mapping from a recipe or the command line becomes the frozen dataclass."""

from __future__ import annotations

import math
import types
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from synthwright import registry
from synthwright.canonical import plain
from synthwright.errors import BadInput, SynthwrightError, UnknownName, shorten
from synthwright.generators.protocol import Generator

__all__ = ["make_generator", "settings_of"]


def make_generator(name: str, settings: Mapping[str, Any] | None = None) -> Generator[Any]:
    """The method called `name` with these settings; what is not set keeps its default.

    Raises
    ------
    UnknownName
        There is no such method, or it has no such setting; the error names the closest one.
    BadInput
        A value has the wrong type or lies outside its range.
    """
    method = registry.find("generator", name)
    hints = _hints(method)
    known = [field.name for field in fields(method) if field.init]
    values: dict[str, Any] = {}
    for key, value in (settings or {}).items():
        if key not in known:
            raise UnknownName.among(f"setting of {name}", str(key), known, listing=_listing(name, known))
        values[key] = _read(f"{name}: {key}", hints[key], value)
    try:
        made: Generator[Any] = method(**values)
    except SynthwrightError:
        raise
    except (ValueError, TypeError) as error:
        raise BadInput(f"{name} can't have these settings.", evidence=str(error)[:300]) from error
    return made


def settings_of(generator: Generator[Any]) -> dict[str, Any]:
    """Every setting of `generator` as JSON types: what `make_generator` turns back into an equal generator."""
    return {
        field.name: plain(getattr(generator, field.name))
        for field in fields(generator)  # type: ignore[arg-type]  # generators are dataclasses by contract
        if field.init
    }


@cache
def _hints(method: type[Any]) -> dict[str, Any]:
    return get_type_hints(method)


def _listing(name: str, known: list[str]) -> str:
    return f"{name} has these settings: {', '.join(known)}." if known else f"{name} has no settings."


def _read(where: str, hint: Any, value: Any) -> Any:
    """`value` as the type `hint` says; JSON's lists become tuples, whole numbers become floats where asked."""
    origin, inner = get_origin(hint), get_args(hint)
    if hint is Any:
        return value
    if origin in {Union, types.UnionType}:
        if value is None and type(None) in inner:
            return None
        return _first_that_reads(where, hint, [one for one in inner if one is not type(None)], value)
    if origin is Literal:
        if value in inner and any(type(value) is type(one) and value == one for one in inner):
            return value
        raise _wrong(where, f"one of {', '.join(map(repr, inner))}", value)
    if origin is tuple and isinstance(value, list | tuple):
        kinds = [inner[0]] * len(value) if inner[1:] == (...,) else list(inner)
        if len(kinds) == len(value):
            return tuple(_read(where, kind, one) for kind, one in zip(kinds, value, strict=True))
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping) and isinstance(value, Mapping):
        return {_read(where, inner[0], key): _read(where, inner[1], one) for key, one in value.items()}
    return _plain_value(where, hint, value)


def _plain_value(where: str, hint: Any, value: Any) -> Any:
    if hint is float and isinstance(value, int | float) and not isinstance(value, bool):
        if math.isfinite(value):
            return float(value)
        raise _wrong(where, "a finite number", value)
    if hint in {int, str, bool} and type(value) is hint:
        return value
    names = {int: "a whole number", float: "a number", str: "a text", bool: "true or false"}
    raise _wrong(where, names.get(hint, f"a value like {hint}"), value)


def _first_that_reads(where: str, hint: Any, kinds: list[Any], value: Any) -> Any:
    for kind in kinds:
        try:
            return _read(where, kind, value)
        except BadInput:
            if kind is kinds[-1] and len(kinds) == 1:
                raise
    raise _wrong(where, f"a value like {hint}", value)


def _wrong(where: str, wanted: str, value: Any) -> BadInput:
    return BadInput(f"{where} has to be {wanted}.", evidence=f"Found {shorten(repr(value))}.")
