"""Small images rendered on the fly: a block exists only while somebody looks at it."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa

from synthwright.canonical import digest_table
from synthwright.files import write_json
from synthwright.generators.protocol import GeneratorInfo
from synthwright.generators.saved import read_state


@dataclass(frozen=True, eq=False)
class ImageSet:
    """Grey pixels (n, side, side) and the brightness that each image was rendered with."""

    schema: int  # the side, in pixels
    pixels: np.ndarray
    labels: np.ndarray
    origin: pa.Table | None = None

    def __len__(self):
        return len(self.pixels)

    def blocks(self, size=65_536):
        for start in range(0, len(self), size):
            yield self.take(np.arange(start, min(start + size, len(self))))

    def take(self, rows):
        return replace(self, pixels=self.pixels[rows], labels=self.labels[rows], origin=None)

    def digest(self):
        flat = self.pixels.reshape(len(self), -1)
        return digest_table(pa.table({"label": self.labels, **{str(i): flat[:, i] for i in range(flat.shape[1])}}))


@dataclass(frozen=True)
class _Renderer:
    schema: int

    def conditions_on(self, names):
        return not names

    def block(self, index, n, context, given=None):
        at = context.streams.at("block", index)
        labels = at.at("label").rng().integers(0, 200, n)
        noise = at.at("noise").rng().integers(0, 56, (n, self.schema, self.schema))
        return ImageSet(self.schema, (labels[:, None, None] + noise).astype(np.uint8), labels)

    def save(self, folder):
        write_json(folder / "renderer.json", {"side": self.schema})

    @classmethod
    def load(cls, folder):
        return cls(int(read_state(folder / "renderer.json", {"side"})["side"]))


@dataclass(frozen=True, kw_only=True)
class ImageStream:
    """Render images; nothing is learnt."""

    side: int = 4
    info: ClassVar[Any] = GeneratorInfo(
        summary="Render images.", source="double", kind="image", unit="image", needs_records=False
    )
    sampler: ClassVar[Any] = _Renderer

    def fit(self, reference, context):
        return _Renderer(self.side)
