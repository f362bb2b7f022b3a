"""Options that several verbs share, spelt and explained once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from synthwright.errors import UsageError, shorten

__all__ = [
    "Against",
    "Balance",
    "Cache",
    "Elsewhere",
    "FoldRareLabels",
    "Gates",
    "HoldoutOption",
    "Json",
    "Methods",
    "Metrics",
    "MixRatio",
    "MixSelect",
    "OptionalMethod",
    "OptionalOut",
    "OptionalSeed",
    "PageOut",
    "PredictedTarget",
    "Resume",
    "SchemaFile",
    "Seed",
    "Sensitive",
    "Settings",
    "Source",
    "Target",
    "Workers",
    "balance_of",
    "columns_of",
    "fold_of",
    "given_of",
    "holdout_of",
    "require_out",
    "settings_of_text",
]

Source = Annotated[str, typer.Argument(metavar="DATA", help="CSV (also .gz), Parquet or JSONL, or example:NAME.")]
Target = Annotated[str | None, typer.Option(help="The column a model is to predict; utility is measured on it.")]
Against = Annotated[
    list[str] | None,
    typer.Option(
        "--against", metavar="FILE", help="A benchmark whose rows the synthetic ones must not hold; may be repeated."
    ),
]
Sensitive = Annotated[
    str | None,
    typer.Option(
        "--sensitive",
        metavar="COL[,COL]",
        help="Columns whose groups are compared: the bias figures are taken by them.",
    ),
]
SchemaFile = Annotated[
    Path | None, typer.Option("--schema", help="A schema file, as `inspect -o` writes it and people edit it.")
]
Gates = Annotated[
    str | None,
    typer.Option(help="A preset (default, unless you ask for privacy-first or utility-first) or a gate file."),
]
Workers = Annotated[int, typer.Option(min=1, help="Processes; the numbers do not depend on it.")]
Seed = Annotated[int, typer.Option(min=0, help="Everything random comes from it.")]
OptionalSeed = Annotated[
    int | None, typer.Option("--seed", min=0, help="Everything random comes from it.", show_default="0")
]
OptionalMethod = Annotated[
    str | None,
    typer.Option(
        "--method", help="How rows are made; `list generators` shows all.", show_default="tabular.honest_trees"
    ),
]
Methods = Annotated[
    list[str] | None,
    typer.Option("--method", help="May be repeated; see `list generators`.", show_default="tabular.honest_trees"),
]
Elsewhere = Annotated[
    list[Path] | None, typer.Option("--synthetic", metavar="FILE", help="Rows from elsewhere; may be repeated.")
]
PageOut = Annotated[Path | None, typer.Option("--out", help="Write figures and a page into this new folder.")]
Resume = Annotated[bool, typer.Option("--resume", help="Go on in the folder of --out: only what is new is made.")]
Cache = Annotated[
    Path | None,
    typer.Option(help="Keep what is made here, for later calls.", show_default="the folder private in --out"),
]
PredictedTarget = Annotated[str, typer.Option(help="The column that a model is to predict.")]
Settings = Annotated[
    list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="A setting of the method; may be repeated.")
]
HoldoutOption = Annotated[
    str | None,
    typer.Option(
        "--holdout", metavar="FILE|FRACTION", help="Unseen real rows, or the share to keep.", show_default=".25"
    ),
]
OptionalOut = Annotated[Path | None, typer.Option("--out", help="The run folder; has to be new or empty.")]
Metrics = Annotated[
    list[str] | None, typer.Option("--metric", help="Measure only this; may be repeated. `list metrics` shows all.")
]
MixRatio = Annotated[
    float | None,
    typer.Option("--mix", metavar="RATIO", help="Synthetic rows per real row in private/mixed.parquet."),
]
Balance = Annotated[
    str | None,
    typer.Option(
        "--balance",
        metavar="target|COL[,COL]|CLASS=ROWS[,CLASS=ROWS]",
        help="Make the classes of the target, or the groups of these columns, equally many in the mix.",
    ),
]
MixSelect = Annotated[
    str | None,
    typer.Option(
        "--select",
        metavar="NAME",
        help="Which candidates are mixed in: stratified, density, uncertainty, minority, hard.",
        show_default="stratified",
    ),
]
FoldRareLabels = Annotated[
    str | None,
    typer.Option(
        "--fold-rare",
        metavar="ROWS|COL=ROWS[,COL=ROWS]",
        help="Labels that fewer real rows hold stand as `other`: in every column of labels, or in these.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="JSON on standard output; what went wrong as well, under `error`.")]


def balance_of(text: str | None) -> str | list[str] | None:
    """What a balance names: counts of classes as they are written, otherwise a list of columns."""
    return text if text is None or "=" in text else list(columns_of(text))


def fold_of(text: str | None) -> int | dict[str, int] | None:
    """``"20"`` as a number, ``"carrier=20,tailnum=50"`` as numbers by column."""
    if text is None:
        return None
    pairs = [part.rpartition("=") for part in text.split(",")]
    if not all(rows.strip().isdecimal() and (name.strip() or len(pairs) == 1) for name, _, rows in pairs):
        raise UsageError(
            f"--fold-rare {shorten(text)} names no number of rows.", remedy="Write 20, or COLUMN=20,COLUMN=50."
        )
    if not pairs[0][0]:
        return int(pairs[0][2])
    return {name.strip(): int(rows) for name, _, rows in pairs}


def given_of(texts: list[str] | None) -> dict[str, str] | None:
    """``["age=30..40"]`` by column, as a recipe has it; what is no condition is refused."""
    from synthwright.generators.conditions import parse_given

    parse_given(*(texts or []))
    pairs = [text.partition("=") for text in texts or []]
    return {name: value or "missing" for name, _, value in pairs} or None


def require_out(out: Path | None, *, resume: bool) -> None:
    """There is an `out` to go on in; raises `UsageError` otherwise."""
    if resume and out is None:
        raise UsageError("--resume goes on in the folder of --out, and there is none.", remedy="Name it: --out DIR.")


def columns_of(text: str | None) -> tuple[str, ...]:
    """The column names in ``"sex,race"``; a name with a comma needs a schema file."""
    return tuple(name for part in (text or "").split(",") if (name := part.strip()))


def holdout_of(text: str | None) -> float | str | None:
    """A fraction if `text` is a number, otherwise the name of a file."""
    if text is None:
        return None
    try:
        value = float(text)
    except ValueError:
        return text
    if not 0 < value < 1:
        raise UsageError(
            f"--holdout {shorten(text)} is no share of the rows.", remedy="Give a number between 0 and 1, or a file."
        )
    return value


def settings_of_text(pairs: list[str] | None) -> dict[str, Any]:
    """``["leaf_rows=30"]`` as ``{"leaf_rows": 30}``; values are YAML scalars."""
    from synthwright.data.yaml_file import load_yaml

    found: dict[str, Any] = {}
    for pair in pairs or []:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise UsageError(f"--set {shorten(pair)} sets nothing.", remedy="Write --set NAME=VALUE.")
        found[name] = load_yaml(value, name=f"--set {name}")[0]
    return found
