"""The commented recipe that `synthwright init` writes for a data set."""

from __future__ import annotations

import json

from synthwright.data.table import Table
from synthwright.pipeline.recipe import DEFAULT_METHOD, default_out

__all__ = ["SCHEMA_NAME", "recipe_template"]

SCHEMA_NAME = "recipe.schema.json"  # `init` writes it beside the recipe: editors find it offline, on any machine


def recipe_template(data: str, table: Table, *, schema: str | None = None, in_file: bool = True) -> str:
    """A recipe for `table`, which was read from `data`, with every key explained and the optional ones as comments."""
    target = table.schema.target
    groups = [column.name for column in table.schema if column.role == "group"]
    times = [column.name for column in table.schema if column.kind == "datetime"]
    train = len(table) - round(0.25 * len(table))
    lines = [
        *([f"# yaml-language-server: $schema={SCHEMA_NAME}"] if in_file else []),
        f"# {len(table):,} rows, {len(table.schema)} columns. `synthwright validate` checks it, `run` carries it out.",
        "",
        'purpose: ""   # what the synthetic data is for: printed in its card, read by whoever gets it',
        'because: ""   # why the real data can\'t be used for that',
        "",
        "kind: table",
        f"data: {_quoted(data)}",
        f"target: {_quoted(target.name)}   # what a model is to predict: utility is measured on it"
        if target is not None
        else "# target: COLUMN   # what a model is to predict: without it utility is not measured",
        f"schema: {_quoted(schema)}"
        if schema is not None
        else f"# schema: schema.yaml   # `synthwright inspect {data} -o schema.yaml` writes one to correct",
        "",
        f"method: {DEFAULT_METHOD}   # `synthwright list generators` shows all",
        "settings: {}",
        f"# rows: {train}   # default: as many as in train",
        "seed: 0",
        "",
        "holdout: 0.25   # the share of real rows kept from the method, to compare with; or a file",
        "split: {}   # rows that belong together stay together; one of",
        f"#   group: {_quoted(groups[0]) if groups else 'COLUMN'}",
        f"#   time: {_quoted(times[0]) if times else 'COLUMN'}",
        "# against: [benchmark.csv]   # files that others are tested on: none of their rows may be released",
        "# sensitive: [COLUMN]   # columns by whose groups bias is measured",
        "# mix:   # private/mixed.parquet, to train on; default: train and all released rows",
        "#   ratio: 1   # synthetic rows per real row",
        f"#   balance: {'target' if target is not None else '[COLUMN]'}   # or columns whose groups are to be as many",
        "#   select: stratified   # or density, uncertainty, minority, hard: which candidates are taken",
        "gates: default   # default, privacy-first, utility-first, or a gate file",
        "# require_review: true   # rows only after experts reviewed a sample (`synthwright review`); they may reject",
        "# max_reject_rate: 0.1   # so large a share, with its interval",
        f"out: {_quoted(default_out(data).as_posix())}",
    ]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A YAML scalar that says `text` and nothing else: JSON strings are YAML strings."""
    plain = text.replace("_", "").replace("/", "").replace(".", "").replace("-", "")
    words = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"}
    simple = plain.isascii() and plain.isalnum() and text[0].isalpha() and text.lower() not in words
    return text if simple else json.dumps(text, ensure_ascii=False)
