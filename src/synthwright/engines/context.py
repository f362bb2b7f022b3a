"""The outside world, passed in: randomness, engine, progress, checkpoints, deadline, device, chat client."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from synthwright.engines.engine import Engine, Serial
from synthwright.seeding import Streams

__all__ = ["ChatClient", "Context", "Deadline", "Event", "ignore"]


@dataclass(frozen=True, slots=True)
class Event:
    """Something worth telling: `done` of `total` units of `stage` (total ``None``: unknown)."""

    stage: str
    done: int
    total: int | None = None
    note: str = ""


def ignore(event: Event) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A point on a clock, in seconds; both are passed in so that tests own time."""

    at: float
    clock: Callable[[], float] = time.monotonic

    def passed(self) -> bool:
        """True once the clock has reached the point."""
        return self.clock() >= self.at


class ChatClient(Protocol):
    """A language model: one request in (messages and parameters), one reply out (text and usage)."""

    def chat(self, request: Mapping[str, Any]) -> Mapping[str, Any]:
        """The reply to `request`."""
        ...


@dataclass(frozen=True, kw_only=True)
class Context:
    """What a method may ask of the outside world; nothing else is reached for."""

    streams: Streams
    engine: Engine = Serial()
    progress: Callable[[Event], None] = ignore
    checkpoints: Path | None = None
    deadline: Deadline | None = None
    device: str = "cpu"
    client: ChatClient | None = None

    def at(self, *names: str | int) -> Context:
        """This context with its random streams at `names` below the present path."""
        return replace(self, streams=self.streams.at(*names))
