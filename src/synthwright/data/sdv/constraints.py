"""SDV's constraints as rules of ours, where the language of rules can say them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from synthwright.data.constraints import parse_rule
from synthwright.data.rule_writing import column_text, literal_text
from synthwright.data.schema import Scalar, Schema
from synthwright.errors import BadInput, shorten

__all__ = ["Unsaid", "rules_from"]

_NAMES = ("constraint_class", "constraint_name", "constraint")
Settings = Mapping[str, Any]


class Unsaid(ValueError):
    """A constraint that the language of rules can't say; the text is the reason."""


def rules_from(constraint: Any, schema: Schema) -> tuple[tuple[str, ...], str]:
    """The rules that say `constraint`, checked against `schema`, and the reason why there are none (else empty)."""
    try:
        name, settings = _named(constraint)
        rules = _RULES.get(name, _none)(settings)
        for rule in rules:
            parse_rule(rule, schema)
    except Unsaid as error:
        return (), f"constraint {_told(constraint)}: {error}"
    except BadInput as error:
        return (), f"constraint {_told(constraint)}: {shorten(error.problem, 200)}"
    return tuple(rules), ""


def _named(constraint: Any) -> tuple[str, Settings]:
    """The constraint's class without its module, and its settings: ``constraint_class`` or ``constraint``."""
    if not isinstance(constraint, Mapping):
        raise Unsaid("it is no object")
    name = next((constraint[key] for key in _NAMES if key in constraint), None)
    if not isinstance(name, str):
        raise Unsaid("it names no class")
    inner = constraint.get("constraint_parameters", constraint.get("parameters"))
    if inner is None:
        inner = {key: value for key, value in constraint.items() if key not in _NAMES}
    if not isinstance(inner, Mapping):
        raise Unsaid("its parameters are no object")
    return name.rpartition(".")[2], inner


def _told(constraint: Any) -> str:
    try:
        return shorten(_named(constraint)[0])
    except Unsaid:
        return shorten(repr(constraint))


def _text(settings: Settings, *names: str) -> str:
    """The column that one of these settings names, as a rule spells it."""
    value = next((settings[name] for name in names if name in settings), None)
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if not isinstance(value, str):
        raise Unsaid(f"{names[0]} names no column")
    return column_text(value)


def _texts(settings: Settings) -> list[str]:
    """The columns of a group, as a rule spells them."""
    value = settings.get("column_names", settings.get("columns", settings.get("column_name")))
    value = [value] if isinstance(value, str) else value
    if not isinstance(value, list) or not value or not all(isinstance(one, str) for one in value):
        raise Unsaid("column_names is no list of columns")
    return [column_text(one) for one in value]


def _value(settings: Settings, *names: str) -> str:
    value: Any = next((settings[name] for name in names if name in settings), None)
    if not isinstance(value, Scalar) or isinstance(value, bool):
        raise Unsaid(f"{names[0]} is neither a number nor a date")
    return literal_text(value)


def _below(settings: Settings) -> str:
    strict = settings.get("strict_boundaries", settings.get("strict", False))
    if not isinstance(strict, bool):
        raise Unsaid("strict_boundaries is neither true nor false")
    return "<" if strict else "<="


def _inequality(settings: Settings) -> list[str]:
    low, high = _text(settings, "low_column_name", "low"), _text(settings, "high_column_name", "high")
    return [f"{low} {_below(settings)} {high}"]


def _greater_than(settings: Settings) -> list[str]:
    """`GreaterThan` of SDV 0.x: either end may be a number."""
    scalar = settings.get("scalar")
    low = _value(settings, "low") if scalar == "low" else _text(settings, "low")
    high = _value(settings, "high") if scalar == "high" else _text(settings, "high")
    return [f"{low} {_below(settings)} {high}"]


def _scalar_inequality(settings: Settings) -> list[str]:
    relation = settings.get("relation")
    if relation not in {"<", "<=", ">", ">="}:
        raise Unsaid(f"the relation {shorten(str(relation))!r} is no comparison")
    return [f"{_text(settings, 'column_name')} {relation} {_value(settings, 'value')}"]


def _scalar_range(settings: Settings) -> list[str]:
    sign, column = _below(settings), _text(settings, "column_name")
    return [f"{_value(settings, 'low_value')} {sign} {column} {sign} {_value(settings, 'high_value')}"]


def _range(settings: Settings) -> list[str]:
    sign = _below(settings)
    names = ("low_column_name", "middle_column_name", "high_column_name")
    return [f" {sign} ".join(_text(settings, name) for name in names)]


def _between(settings: Settings) -> list[str]:
    """`Between` of SDV 0.x: its ends are columns or numbers."""
    sign = _below(settings)
    low, high = (
        _value(settings, end) if settings.get(f"{end}_is_scalar", not isinstance(settings.get(end), str))
        else _text(settings, end)
        for end in ("low", "high")
    )  # fmt: skip
    return [f"{low} {sign} {_text(settings, 'constraint_column', 'column')} {sign} {high}"]


def _sided(comparison: str) -> Callable[[Settings], list[str]]:
    def rules(settings: Settings) -> list[str]:
        equal = "" if _below(settings) == "<" else "="
        return [f"{column} {comparison}{equal} 0" for column in _texts(settings)]

    return rules


def _none(settings: Settings) -> list[str]:
    raise Unsaid(f"no rule says it ({', '.join(map(shorten, settings)) or 'no settings'})")


def _group(word: str) -> Callable[[Settings], list[str]]:
    return lambda settings: [f"{word}({', '.join(_texts(settings))})"]


_RULES: Mapping[str, Callable[[Settings], list[str]]] = {
    "Inequality": _inequality,
    "GreaterThan": _greater_than,
    "ScalarInequality": _scalar_inequality,
    "ScalarRange": _scalar_range,
    "Range": _range,
    "Between": _between,
    "Positive": _sided(">"),
    "Negative": _sided("<"),
    "FixedCombinations": _group("combinations"),
    "UniqueCombinations": _group("combinations"),
    "Unique": _group("unique"),
    "OneHotEncoding": _group("one_hot"),
}
