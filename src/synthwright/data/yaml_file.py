"""YAML from people, read strictly: no aliases, tags, repeated keys or deep nesting; every value knows its line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import yaml

from synthwright.errors import BadInput, shorten

__all__ = ["LARGEST_YAML", "Lines", "load_yaml"]

LARGEST_YAML = 1_000_000  # characters of a recipe, gate or schema file; larger ones are not parsed
_DEEPEST = 50  # levels: no file of ours has more than six
_INTEGER = re.compile(r"[-+]?[0-9]+")
_OTHER_BASE = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_SPECIAL: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
}
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml where PyYAML was built with it

Lines = dict[tuple[str | int, ...], int]
"""Key path to line, counted from 1: ``lines["columns", "age", "kind"]``; ``lines[()]`` is where the content begins."""


@dataclass(slots=True)
class _Open:
    """A mapping or list whose end has not come yet."""

    value: dict[str, Any] | list[Any]
    path: tuple[str | int, ...]
    key: str | None = None


def load_yaml(text: str, *, name: str, largest: int = LARGEST_YAML) -> tuple[Any, Lines]:
    """The value that `text` holds, and the line of every key and list item by its path.

    Types are those of YAML 1.2: only true and false are booleans (`NO` is text), dates stay text, keys are always text.
    `name` stands before the line number in messages.

    Raises
    ------
    BadInput
        It is not YAML, too large, too deep, or uses anchors, aliases, tags, several documents or a key twice.
    """
    if len(text) > largest:
        raise BadInput(f"{name} is too large.", evidence=f"{len(text):,} characters; {largest:,} are allowed.")
    builder = _Builder(name)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
    except (yaml.YAMLError, UnicodeEncodeError) as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
        raise BadInput(
            f"{name}{f', line {mark.line + 1}' if mark is not None else ''}: this is not YAML.",
            evidence=shorten(str(problem), 200),
            remedy="Look for a missing colon, quote or bracket, or for spaces that do not line up.",
        ) from error
    return builder.result, builder.lines


class _Builder:
    """Values from parser events, with a stack of its own: depth costs no recursion."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.result: Any = None
        self.lines: Lines = {}
        self._stack: list[_Open] = []
        self._documents = 0

    def take(self, event: Any) -> None:
        """Add what `event` brings."""
        line = event.start_mark.line + 1
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise self._refused(line, "a second document begins", "Keep one document per file.")
        elif isinstance(event, yaml.AliasEvent):
            raise self._refused(line, f"*{event.anchor} is an alias", "Write the value out.")
        elif isinstance(event, yaml.CollectionEndEvent):
            self._stack.pop()
        elif isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent):
            if event.anchor is not None:
                raise self._refused(line, f"&{event.anchor} is an anchor", "Write the value out where it is needed.")
            if event.tag not in {None, "!"}:
                raise self._refused(line, f"{shorten(str(event.tag))} is a tag", "Write plain values.")
            self._node(event, line)

    def _node(self, event: Any, line: int) -> None:
        top = self._stack[-1] if self._stack else None
        if top is not None and isinstance(top.value, dict) and top.key is None:
            self._key(top, event, line)
            return
        path = self._path(top)
        self.lines.setdefault(path, line)
        value: Any
        if isinstance(event, yaml.ScalarEvent):
            value = _scalar(event.value) if event.implicit[0] else event.value
        else:
            value = {} if isinstance(event, yaml.MappingStartEvent) else []
        if top is None:
            self.result = value
        elif isinstance(top.value, dict):
            top.value[str(top.key)] = value
            top.key = None
        else:
            top.value.append(value)
        if isinstance(value, dict | list):
            if len(self._stack) >= _DEEPEST:
                raise self._refused(line, f"more than {_DEEPEST} levels are nested", "Write it flatter.")
            self._stack.append(_Open(value, path))

    def _key(self, top: _Open, event: Any, line: int) -> None:
        if not isinstance(event, yaml.ScalarEvent):
            raise self._refused(line, "a key is a list or a mapping", "Use text as keys.")
        path = (*top.path, event.value)
        if event.value in top.value:
            raise self._refused(
                line, f"{shorten(repr(event.value))} is given twice (first in line {self.lines[path]})", "Keep one."
            )
        self.lines[path] = line
        top.key = event.value

    def _path(self, top: _Open | None) -> tuple[str | int, ...]:
        if top is None:
            return ()
        return (*top.path, len(top.value) if isinstance(top.value, list) else str(top.key))

    def _refused(self, line: int, what: str, remedy: str) -> BadInput:
        return BadInput(f"{self.name}, line {line}: {what}.", remedy=remedy)


def _scalar(text: str) -> Any:
    """A plain (unquoted) scalar by the YAML 1.2 core schema."""
    if text in _SPECIAL:
        return _SPECIAL[text]
    if len(text) <= 400:  # longer digits are a code; Python refuses to convert thousands of them
        if _INTEGER.fullmatch(text):
            return int(text)
        if _OTHER_BASE.fullmatch(text):
            return int(text, 0)
        if _FLOAT.fullmatch(text):
            return float(text)
    return text
