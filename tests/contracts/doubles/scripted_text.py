"""Labelled texts from a scripted language model: one request per text, whose name goes into the provenance."""

import hashlib
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa

from synthwright.canonical import digest_json, digest_table
from synthwright.files import write_json
from synthwright.generators.protocol import GeneratorInfo
from synthwright.generators.saved import read_state


@dataclass(frozen=True, eq=False)
class Corpus:
    """Texts with a label each."""

    schema: tuple[str, ...]  # the labels that occur
    data: pa.Table
    origin: pa.Table | None = None

    def __len__(self):
        return self.data.num_rows

    def blocks(self, size=65_536):
        for start in range(0, len(self), size):
            origin = None if self.origin is None else self.origin.slice(start, size)
            yield replace(self, data=self.data.slice(start, size), origin=origin)

    def take(self, rows):
        origin = None if self.origin is None else self.origin.take(pa.array(rows))
        return replace(self, data=self.data.take(pa.array(rows)), origin=origin)

    def digest(self):
        return digest_table(self.data)


class ScriptedClient:
    """A language model that answers the same to the same request, and counts what it was asked."""

    def __init__(self):
        self.asked = 0

    def chat(self, request):
        self.asked += 1
        word = hashlib.blake2b(request["prompt"].encode() + bytes([request["seed"] % 251])).hexdigest()[:8]
        return {"text": f"a text about {word}", "usage": {"output_tokens": 5}}


@dataclass(frozen=True)
class _Prompts:
    schema: tuple[str, ...]

    def conditions_on(self, names):
        return names <= {"label"}

    def block(self, index, n, context, given=None):
        labels, texts, requests = [], [], []
        for i in range(n):
            at = context.streams.at("block", index, i)
            fixed = None if given is None else given.fixed
            label = (
                self.schema[at.rng().integers(len(self.schema))] if fixed is None else fixed.data["label"][i].as_py()
            )
            request = {"prompt": f"Write a text with the label {label}.", "seed": at.integer()}
            texts.append(context.client.chat(request)["text"])
            labels.append(label)
            requests.append(digest_json(request))
        origin = pa.table({"request": pa.array(requests, pa.string())})
        data = pa.table({"text": pa.array(texts, pa.string()), "label": pa.array(labels, pa.string())})
        return Corpus(self.schema, data, origin)

    def save(self, folder):
        write_json(folder / "prompts.json", {"labels": self.schema})

    @classmethod
    def load(cls, folder):
        return cls(tuple(read_state(folder / "prompts.json", {"labels"})["labels"]))


@dataclass(frozen=True, kw_only=True)
class ScriptedText:
    """Ask a language model for one text per label."""

    info: ClassVar[Any] = GeneratorInfo(
        summary="Ask for texts.", source="double", kind="text", unit="text", conditions="exact", reproducible="replay"
    )
    sampler: ClassVar[Any] = _Prompts

    def fit(self, reference, context):
        return _Prompts(tuple(sorted(set(np.unique(reference.data["label"].to_pylist()).tolist()))))
