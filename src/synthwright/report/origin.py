"""Where the result came from: command, seed, digests, versions, times."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from synthwright.errors import shorten
from synthwright.provenance.facts import RunFacts
from synthwright.provenance.numbers import count, plain, seconds

__all__ = ["Origin", "origin"]

_TOLD_ELSEWHERE = {
    "command",
    "inputs",
    "versions",
    "digests",
    "settings",
    "constraints",
    "acceptance",
    "mix",
    "format",
    "released",
}
_TABLES = ("settings", "constraints", "acceptance", "digests", "versions")


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The record, as `facts` (name, text), the command line, and tables of (name, text) pairs."""

    command: str
    facts: tuple[tuple[str, str], ...]
    inputs: tuple[tuple[str, str, str], ...]
    tables: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


def origin(facts: RunFacts) -> Origin | None:
    """The provenance section; ``None`` without a record."""
    record = facts.record
    if not record:
        return None
    inputs = [entry for entry in record.get("inputs") or [] if isinstance(entry, Mapping)]
    tables = [(name.capitalize(), record.get(name)) for name in _TABLES]
    return Origin(
        command=shorten(_command(record.get("command")), 400),
        facts=tuple((_name(key), _told(key, value)) for key, value in record.items() if key not in _TOLD_ELSEWHERE),
        inputs=tuple(
            (shorten(str(entry.get("name", ""))), count(entry.get("rows")), shorten(str(entry.get("digest", "")), 80))
            for entry in inputs
        ),
        tables=tuple(
            (name, tuple((shorten(str(key)), _told(str(key), value)) for key, value in list(content.items())[:60]))
            for name, content in tables
            if isinstance(content, Mapping) and content
        ),
    )


def _command(value: Any) -> str:
    return " ".join(str(part) for part in value) if isinstance(value, list) else str(value or "")


def _name(key: str) -> str:
    words = shorten(key).replace("_", " ")
    return words[:1].upper() + words[1:]


def _told(key: str, value: Any) -> str:
    if key == "seconds" and isinstance(value, Mapping):
        return shorten(", ".join(f"{stage} {seconds(spent)}" for stage, spent in value.items()), 300)
    if key == "seconds":
        return seconds(value)
    if isinstance(value, float):
        return plain(value)
    if isinstance(value, str):
        return shorten(value, 120)
    if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
        return shorten("; ".join(value), 400)
    return shorten(json.dumps(value, ensure_ascii=False), 200)
