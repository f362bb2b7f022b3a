"""What is kept between two calls of an experiment: arrays and fitted generators, by the digest of their inputs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Hashable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, TypeVar

import numpy as np

from synthwright.engines.context import Context, Event
from synthwright.errors import SynthwrightError, UsageError
from synthwright.files import make_folder, remove, write_bytes, write_json
from synthwright.generators.model import Model
from synthwright.generators.protocol import Generator

__all__ = ["Kept", "Store", "made_once", "require_resumable", "store_of"]

_Item = TypeVar("_Item", bound=Hashable)
_Found = TypeVar("_Found")


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """Arrays, and what is told about them as JSON types."""

    arrays: Mapping[str, np.ndarray]
    told: Mapping[str, Any]

    def to_bytes(self, key: str) -> bytes:
        """A safetensors file, under the digest of all it holds."""
        from safetensors.numpy import save

        arrays = {name: np.ascontiguousarray(one) for name, one in self.arrays.items()}
        told = json.dumps({"key": key, **self.told})
        content: bytes = save(arrays, {"told": told, "sha256": _digest(arrays, told)})
        return content

    @classmethod
    def of_bytes(cls, content: bytes, key: str) -> Self | None:
        """Read back `to_bytes`; ``None`` for anything else, such as a damaged file or one under another name."""
        from safetensors import SafetensorError
        from safetensors.numpy import load

        try:
            arrays = load(content)
            size = int.from_bytes(content[:8], "little")
            header = json.loads(content[8 : 8 + size])["__metadata__"]
            told = json.loads(header["told"])
            if told.pop("key") != key or _digest(arrays, header["told"]) != header["sha256"]:
                return None
            return cls(arrays, told)
        except (SafetensorError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return None


def _digest(arrays: Mapping[str, np.ndarray], told: str) -> str:
    digest = hashlib.sha256(told.encode())
    for name in sorted(arrays):
        digest.update(f"{name}\n".encode() + arrays[name].tobytes())
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Store:
    """A folder, or nothing at all: then nothing is found and nothing is kept.

    Every file is written whole, under a name that says all it depends on: several processes may share the folder, and
    what a killed one leaves can be used. What can't be read is made anew. `kind` is the experiment's: what it keeps
    lies in a folder of that name, beside that of the models.
    """

    folder: Path | None = None
    kind: str = "cells"

    @property
    def exists(self) -> bool:
        """True if this kind of experiment kept something here before."""
        if self.folder is None or not self.folder.is_dir():
            return False
        kinds = {path.name for path in self.folder.iterdir() if path.is_dir()}
        return self.kind in kinds or kinds == {"models"}

    def find(self, key: str | None) -> Kept | None:
        """What was kept under `key`."""
        path = self._place(key)
        if path is None or path.is_symlink() or not path.is_file():
            return None
        return Kept.of_bytes(path.read_bytes(), key or "")

    def keep(self, key: str | None, kept: Kept) -> None:
        """`kept` is found under `key` from now on."""
        path = self._place(key)
        if path is not None and key is not None:
            make_folder(path.parent)
            write_bytes(path, kept.to_bytes(key))

    def model(
        self, key: str, generator: type[Generator[Any]], fit: Callable[[], tuple[Model, float]]
    ) -> tuple[Model, float]:
        """The model kept under `key` and the CPU seconds of its fit; it is fitted and kept if there is none."""
        if self.folder is None:
            return fit()
        place = self.folder / "models" / key
        times = place.with_suffix(".json")
        try:
            return Model.load(place, generator=generator), float(json.loads(times.read_text(encoding="utf-8"))["cpu_s"])
        except (SynthwrightError, OSError, ValueError, KeyError, TypeError):
            model, seconds = fit()
        make_folder(place.parent)
        write_json(times, {"cpu_s": seconds})
        remove(place)
        with suppress(UsageError):  # another process has just kept the same
            model.save(place)
        return model, seconds

    def _place(self, key: str | None) -> Path | None:
        if self.folder is None or key is None:
            return None
        return self.folder / self.kind / key[:2] / f"{key}.safetensors"


def store_of(folder: Path, kind: str = "cells") -> Store:
    """Where an experiment whose results are in `folder` keeps what it made."""
    return Store(folder / "private", kind)


def require_resumable(folder: Path, kind: str, called: str) -> None:
    """`folder` is new, empty, or what an earlier experiment of this kind left, finished or not.

    Raises
    ------
    UsageError
        It holds something else.
    """
    if folder.exists() and (not folder.is_dir() or (any(folder.iterdir()) and not store_of(folder, kind).exists)):
        raise UsageError(
            f"{folder} holds no {called}.", remedy="Name the folder of one, or a new folder without --resume."
        )


def made_once(
    items: Iterable[_Item],
    known: Callable[[_Item], _Found | None],
    make: Callable[[_Item], _Found],
    context: Context,
    *,
    stage: str,
    note: Callable[[_Item], str],
) -> dict[_Item, _Found]:
    """What every item gives, in order: what is `known` is not made again, and progress counts what is made."""
    kept = {one: known(one) for one in items}
    missing = [one for one, found in kept.items() if found is None]
    made: dict[_Item, _Found] = {}
    for one, new in zip(missing, context.engine.stream(make, missing), strict=True):
        made[one] = new
        context.progress(Event(stage, len(made), len(missing), note(one)))
    return {one: made[one] if found is None else found for one, found in kept.items()}
