"""What is kept between two calls: predictions of trained cells and fitted generators, by the digest of their inputs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np

from synthwright.errors import SynthwrightError, UsageError
from synthwright.files import make_folder, remove, write_bytes, write_json
from synthwright.generators.model import Model
from synthwright.generators.protocol import Generator

__all__ = ["Made", "Store"]


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """What a trained cell says of the test rows; the CPU seconds of its rows (fit and draw) and of its training."""

    predictions: np.ndarray
    making: float = 0.0
    training: float = 0.0

    def to_bytes(self, key: str) -> bytes:
        """A safetensors file."""
        from safetensors.numpy import save

        told = json.dumps({"key": key, "making": self.making, "training": self.training})
        digest = hashlib.sha256(self.predictions.tobytes() + told.encode()).hexdigest()
        content: bytes = save({"predictions": self.predictions}, {"told": told, "sha256": digest})
        return content

    @classmethod
    def of_bytes(cls, content: bytes, key: str) -> Self | None:
        """Read back `to_bytes`; ``None`` for anything else, such as a damaged file or one under another name."""
        from safetensors import SafetensorError
        from safetensors.numpy import load

        try:
            predictions = load(content)["predictions"]
            size = int.from_bytes(content[:8], "little")
            header = json.loads(content[8 : 8 + size])["__metadata__"]
            told = json.loads(header["told"])
            digest = hashlib.sha256(predictions.tobytes() + header["told"].encode()).hexdigest()
            if told["key"] != key or digest != header["sha256"]:
                return None
            return cls(predictions, float(told["making"]), float(told["training"]))
        except (SafetensorError, ValueError, KeyError, TypeError, RecursionError):
            return None


@dataclass(frozen=True, slots=True)
class Store:
    """A folder, or nothing at all: then nothing is found and nothing is kept.

    Every file is written whole, under a name that says all it depends on: several processes may share the folder, and
    what a killed one leaves can be used. What can't be read is made anew.
    """

    folder: Path | None = None

    @property
    def exists(self) -> bool:
        """True if something was kept here before."""
        return self.folder is not None and any((self.folder / name).is_dir() for name in ("cells", "models"))

    def cell(self, key: str | None) -> Made | None:
        """What was kept under `key`."""
        path = self._cell(key)
        if path is None or path.is_symlink() or not path.is_file():
            return None
        return Made.of_bytes(path.read_bytes(), key or "")

    def keep_cell(self, key: str | None, made: Made) -> None:
        """`made` is found under `key` from now on."""
        path = self._cell(key)
        if path is not None and key is not None:
            make_folder(path.parent)
            write_bytes(path, made.to_bytes(key))

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

    def _cell(self, key: str | None) -> Path | None:
        if self.folder is None or key is None:
            return None
        return self.folder / "cells" / key[:2] / f"{key}.safetensors"
