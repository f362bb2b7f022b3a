"""What a run is asked to do: the recipe, parsed once at the edge, strict about every key."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from synthwright.data.grid import MINIMUM_ROWS
from synthwright.pipeline.mixing.asking import Mixing, Select

__all__ = ["DEFAULT_METHOD", "Mix", "Recipe", "SplitBy", "default_out", "published_schema", "recipe_schema"]

DEFAULT_METHOD = "tabular.honest_trees"

_STRICT = ConfigDict(extra="forbid", frozen=True, strict=True)
Text = Annotated[str, Field(min_length=1)]
Condition = str | int | float | bool | Annotated[list[str | int | float | bool], Field(min_length=1)]
Fold = Annotated[int, Field(ge=MINIMUM_ROWS)]


class SplitBy(BaseModel):
    """What must not straddle train and holdout; by row if neither is given."""

    model_config = _STRICT

    group: Text | None = Field(None, description="Rows with the same value in this column stay together.")
    time: Text | None = Field(None, description="The holdout is the latest rows by this column.")

    @model_validator(mode="after")
    def _one_of_two(self) -> SplitBy:
        if self.group is not None and self.time is not None:
            raise ValueError("split by group or by time, not by both")
        return self


class Mix(BaseModel):
    """The blend of real and synthetic rows to train on: how many of which class or group, chosen how."""

    model_config = _STRICT

    ratio: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = Field(
        None, description="Synthetic rows per real row of train; 1 unless a balance says how many."
    )
    balance: Text | list[Text] | dict[str, int] | None = Field(
        None, description="`target`, columns whose combinations are to be equally many, or final counts of classes."
    )
    select: Select = Field("stratified", description="How rows of one class and group are chosen among candidates.")
    real: bool = Field(True, description="False: synthetic rows only.")
    candidates: int = Field(4, ge=1, le=100, description="Rows drawn per row chosen, where rows are chosen by weight.")

    @property
    def mixing(self) -> Mixing:
        """The same as settings of a mix."""
        return Mixing(**self.model_dump())


class Recipe(BaseModel):
    """A table to imitate, how, how much of it, and by which gates it is released."""

    model_config = _STRICT

    kind: Literal["table"] = Field("table", description="What the records are.")
    data: Text = Field(description="A CSV (also .gz), Parquet or JSONL file, or example:NAME.")
    target: Text | None = Field(
        None, description="The column a model is to predict; without it utility is not measured."
    )
    schema_file: Text | None = Field(
        None, alias="schema", description="A schema file; `synthwright inspect DATA -o schema.yaml` writes one to edit."
    )
    fold_rare: Fold | dict[str, Fold] | None = Field(
        None, description="Labels in fewer rows of train than this stand as `other`; a number, or one per column."
    )
    method: Text = Field(DEFAULT_METHOD, description="`synthwright list generators` shows all.")
    settings: dict[str, Any] = Field(default_factory=dict, description="Settings of the method, by name.")
    rows: Annotated[int, Field(ge=1)] | None = Field(
        None, description="Rows to draw; default: as many as in train (that meet `given`)."
    )
    given: dict[Text, Condition] | None = Field(
        None,
        description="Only rows like this, by column: a value, a list of values, `30..40`, `missing` or `present`; "
        "they are compared with the real rows that are like it.",
    )
    seed: int = Field(0, ge=0, description="Everything random in the run comes from it.")
    holdout: Annotated[float, Field(gt=0, lt=1)] | Text = Field(
        0.25, description="The share of rows kept from the method, or a file with unseen real rows."
    )
    split: SplitBy = Field(SplitBy(group=None, time=None), description="What must not straddle train and holdout.")
    sensitive: list[Text] | None = Field(
        None, description="Columns by which groups are compared (the role sensitive), beside those of the schema."
    )
    against: list[Text] | None = Field(
        None, description="Benchmark files whose rows the synthetic ones must not hold, compared in shared columns."
    )
    mix: Mix | None = Field(
        None, description="The blend in private/mixed.parquet; default: all rows of train and all released ones."
    )
    gates: Text = Field("default", description="`default`, `privacy-first`, `utility-first`, or a gate file.")
    metrics: list[Text] | None = Field(
        None,
        description="Metrics to measure; default: all that need no extra time. `synthwright list metrics` shows all.",
    )
    require_review: bool = Field(
        False, description="Rows are withheld until experts have reviewed a sample (`synthwright review`)."
    )
    max_reject_rate: float = Field(
        0.1, gt=0, lt=1, description="The share of bad rows in the eyes of experts that is allowed, with its interval."
    )
    purpose: str = Field("", description="What the synthetic data is for; printed in its card.")
    because: str = Field("", description="Why real data can't be used for it; printed in its card.")
    out: Text | None = Field(None, description="The run folder; default: runs/ and the name of the recipe or data.")

    def to_mapping(self) -> dict[str, Any]:
        """Every key that is set, as it is written in a file."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


def recipe_schema() -> dict[str, Any]:
    """The JSON Schema of recipes, made from the model."""
    schema = Recipe.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "synthwright recipe"}


def published_schema() -> dict[str, Any]:
    """The JSON Schema that ships with the package, for editors."""
    text = (resources.files("synthwright.pipeline") / "recipe.schema.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def default_out(name: str) -> Path:
    """Where a run goes that names no folder: `runs/` and the stem of its recipe or data."""
    stem = Path(name.removeprefix("example:")).name
    for ending in (".gz", ".yaml", ".yml", ".csv", ".tsv", ".parquet", ".jsonl", ".ndjson", ".json"):
        stem = stem.removesuffix(ending) or stem
    return Path("runs") / (stem or "run")
