"""From a table and a method's settings to a model: who sees which column is decided here, once for all methods."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from synthwright import registry
from synthwright.data.arrow_types import type_name
from synthwright.data.dependence import depends_on
from synthwright.data.frames import Origin
from synthwright.data.grid import MINIMUM_ROWS
from synthwright.data.identifiers import Pattern, learn_pattern, pattern_from_text
from synthwright.data.lineage import DEEPEST, lineage_of
from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table
from synthwright.engines.context import Context
from synthwright.errors import BadInput, shorten
from synthwright.generators._constraints.planning import learn_plan, require_keepable
from synthwright.generators.around import Around
from synthwright.generators.gaps import with_gaps
from synthwright.generators.model import Model
from synthwright.generators.personal_fit import learn_personal
from synthwright.generators.protocol import Generator, GeneratorInfo
from synthwright.generators.settings import settings_of
from synthwright.generators.settling import is_settled, settled_margin

__all__ = ["FEWEST_ROWS", "fit_model", "require_keepable"]

FEWEST_ROWS = 10  # twice the smallest cell that may be spoken of: with fewer there is nothing but single persons


def fit_model(reference: Table, generator: Generator[Table], context: Context) -> Model:
    """`generator` has learnt from `reference`, and everything it may not see is handled around it.

    Columns with one value throughout, or none, are settled and not learnt; identifiers are made up by pattern, personal
    data by their content; where they are missing is learnt. Free text is left out (`Model.left_out` says so). The
    schema's constraints are kept around the method (`Model.constraints`): what can be computed or encoded is not
    learnt, the rest is checked when rows are drawn. The
    method works under ``context.at("fit")``.

    Raises
    ------
    BadInput
        Fewer than 10 rows, no column that could be learnt, constraints that contradict each other or most rows.
    """
    info = generator.info
    if info.needs_records and len(reference) < FEWEST_ROWS:
        raise BadInput(
            f"{len(reference)} rows are too few to learn from.",
            evidence=f"{FEWEST_ROWS} are the least; below about 300, expect coarse results.",
            remedy="Bring more rows, or make rows from a schema alone.",
        )
    reference = reference.with_schema(_stored(reference))
    plan = _plan(reference, info)
    made_up = [name for name in (*plan.identifiers, *plan.personal) if name not in plan.learnt]
    wider, gaps = with_gaps(reference, made_up, info)
    constraints, learnt = learn_plan(wider, [*plan.learnt, *gaps.hidden], made_up, plan.left_out, info)
    seen = learnt if info.needs_records else learnt.head(0)
    sampler = generator.fit(seen, context.at("fit"))
    schema = reference.schema.select([name for name in reference.names if name not in plan.left_out])
    return Model(
        schema=schema,
        method=registry.name_of("generator", generator),
        settings=settings_of(generator),
        info=info,
        sampler=sampler,
        around=Around(
            {name: settled_margin(reference, reference.schema[name]) for name in plan.settled},
            {name: _pattern(reference, reference.schema[name], info, name in gaps.of) for name in plan.identifiers},
            learn_personal(reference if info.needs_records else reference.head(0), plan.personal, gaps.of),
            gaps.of,
        ),
        constraints=constraints,
        left_out=plan.left_out,
        frame=_frame(reference.frame, schema),
        depth=min(lineage_of(reference).depth + 1, DEEPEST),
    )


def _stored(reference: Table) -> Schema:
    """The schema with the Arrow types that the columns have here, where it says none: what comes in goes out."""
    types = {field.name: field.type for field in reference.data.schema}
    bare = [column for column in reference.schema if not column.dtype]
    return reference.schema.replacing(*(replace(column, dtype=type_name(types[column.name])) for column in bare))


@dataclass(frozen=True, slots=True)
class _Plan:
    learnt: tuple[str, ...]
    settled: tuple[str, ...]
    identifiers: tuple[str, ...]
    personal: tuple[str, ...]
    left_out: Mapping[str, str]


def _plan(reference: Table, info: GeneratorInfo) -> _Plan:
    learnt, settled, identifiers, personal, left_out = [], [], [], [], {}
    for column in reference.schema:
        reason = _reason_to_leave_out(column, info)
        if not info.needs_records and column.distribution is not None and not _is_counter(reference.schema, column):
            learnt.append(column.name)  # the schema says where its values come from, of whatever kind it is
        elif info.unit == "entity" and column.role in {"group", "key"}:
            learnt.append(column.name)  # which rows belong together is what such a method learns
        elif reason:
            left_out[column.name] = reason
        elif column.content is not None:
            personal.append(column.name)
        elif column.kind == "id":
            identifiers.append(column.name)
        elif info.needs_records and not info.keeps_records and is_settled(reference, column):
            settled.append(column.name)
        else:
            learnt.append(column.name)
    if not learnt and not info.needs_records:  # nothing but counters: then the method counts
        learnt = [name for name in identifiers if reference.schema[name].distribution is not None]
        identifiers = [name for name in identifiers if name not in learnt]
    if not learnt:
        raise BadInput(
            "No column is left to learn from.",
            evidence=_explained(settled, identifiers, personal, left_out),
            remedy="Check the kinds in the schema (`synthwright inspect`): one column at least has to vary.",
        )
    return _Plan(tuple(learnt), tuple(settled), tuple(identifiers), tuple(personal), left_out)


def _explained(settled: list[str], identifiers: list[str], personal: list[str], left_out: dict[str, str]) -> str:
    told = {
        **dict.fromkeys(settled, "one value throughout"),
        **dict.fromkeys(identifiers, "an identifier"),
        **dict.fromkeys(personal, "personal data, made up"),
        **left_out,
    }
    return "; ".join(f"{shorten(name)!r}: {why}" for name, why in list(told.items())[:8])


def _reason_to_leave_out(column: Column, info: GeneratorInfo) -> str:
    if column.kind == "text" and column.content is None:
        return "free text: no method for it was named, and it is never copied"
    if column.kind == "id" and info.unit == "entity":
        return "an identifier of single rows: whole entities are drawn, and only their keys are made up"
    if column.is_discrete and column.kind != "boolean" and not column.categories and not info.keeps_records:
        return f"no value occurs in {MINIMUM_ROWS} rows or more, so none may be emitted"
    return ""


def _is_counter(schema: Schema, column: Column) -> bool:
    """True for a counting identifier that no column depends on: made up around the method, it counts the rows kept."""
    one = column.distribution
    plain = {"start", "step", "prefix", "width"}
    if column.kind != "id" or one is None or one.family != "sequence" or not plain.issuperset(dict(one.settings)):
        return False
    return not any(column.name in depends_on(other.distribution, schema) for other in schema)


def _pattern(reference: Table, column: Column, info: GeneratorInfo, is_learnt: bool) -> Pattern:
    """What a person wrote into the schema; else what the identifiers look like; else plain row numbers."""
    if not info.needs_records and column.distribution is not None:
        return Pattern(**{"step": 1, **dict(column.distribution.settings)})
    if column.pattern is not None:
        found = pattern_from_text(column.pattern)
    else:
        found = learn_pattern((reference if info.needs_records else reference.head(0)).data[column.name])
    return replace(found, missing=0.0) if is_learnt else found


def _frame(frame: Origin | None, schema: Schema) -> Origin | None:
    """What came in, as far as it speaks of the columns that go out."""
    if frame is None:
        return None
    dtypes = tuple(pair for pair in frame.dtypes if pair[0] in schema)
    return replace(frame, dtypes=dtypes, texts=tuple(pair for pair in frame.texts if pair[0] in schema))
