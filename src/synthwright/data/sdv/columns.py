"""One column of SDV metadata as ours: its sdtype as kind, and the rest as far as we have a word for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from synthwright.data.dependence import check_distribution
from synthwright.data.distributions import Distribution
from synthwright.data.schema import Column, Kind, Scalar, Schema, Unit
from synthwright.errors import BadInput, shorten

__all__ = ["column_of"]

_POOLS = {
    "name": "name",
    "first_name": "first_name",
    "last_name": "last_name",
    "email": "email",
    "phone_number": "phone",
    "address": "address",
    "street_address": "street",
    "city": "city",
    "company": "company",
}
"""Semantic sdtypes that we have pools of words for."""

_SEMANTIC = frozenset(
    {
        "administrative_unit", "bank_country", "bban", "building_number", "company_email", "country", "country_code",
        "credit_card_number", "date_of_birth", "iban", "ipv4_address", "ipv6_address", "job", "latitude",
        "license_plate", "locale", "longitude", "mac_address", "phone", "physical_address", "postcode", "ssn", "state",
        "state_abbr", "street_name", "swift11", "swift8", "uri", "url", "user_agent_string", "user_name", "vin",
    }
)  # fmt: skip
"""Semantic sdtypes that we have no words for: text that no method learns."""

_OLD_SEMANTIC = {"pii_category", "pii_locales"}
_SETTINGS = frozenset(
    {
        "sdtype", "type", "subtype", "pii", "computer_representation", "datetime_format", "format", "regex_format",
        "regex", "order", "order_by", "ref",
    }
) | _OLD_SEMANTIC  # fmt: skip
_UNITS: tuple[tuple[str, Unit], ...] = (
    ("%f", "microsecond"),
    ("%S", "second"),
    ("%M", "minute"),
    ("%H", "hour"),
    ("%I", "hour"),
)
_ISO_PARTS = ("%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.%f")


@dataclass(slots=True)
class _Told:
    """What could not be taken over of one column."""

    name: str
    left_out: list[str]

    def note(self, what: str) -> None:
        self.left_out.append(f"column {shorten(self.name)!r}: {what}")


def column_of(name: str, entry: Any, *, file: str) -> tuple[Column, tuple[str, ...]]:
    """The column, and a sentence for everything that could not be taken over.

    Raises
    ------
    BadInput
        The entry is no object or has no sdtype.
    """
    if not isinstance(entry, Mapping):
        raise BadInput(
            f"{file}: column {shorten(name)!r} is no object.", remedy='Write one such as {"sdtype": "numerical"}.'
        )
    sdtype = entry.get("sdtype", entry.get("type"))
    if not isinstance(sdtype, str) or not sdtype:
        raise BadInput(
            f"{file}: column {shorten(name)!r} has no sdtype.",
            remedy='SDV metadata gives each column one, such as "numerical" or "categorical".',
        )
    told = _Told(name, [])
    column = _column(name, sdtype, entry, told)
    for key in entry:
        if key not in _SETTINGS:
            told.note(f"{shorten(str(key))!r} is not known here")
    return replace(column, reason=f"SDV metadata: sdtype {shorten(sdtype)}."), tuple(told.left_out)


def _column(name: str, sdtype: str, entry: Mapping[str, Any], told: _Told) -> Column:
    match sdtype:
        case "numerical" | "integer" | "float":
            return Column(name=name, kind=_number(sdtype, entry, told), source="data")
        case "boolean":
            return Column(name=name, kind="boolean", source="data")
        case "categorical":
            return _categorical(name, entry, told)
        case "datetime":
            return _datetime(name, entry, told)
        case "id":
            if entry.get("ref") is not None:
                told.note("it refers to another table: linked tables come later")
            return _coded(Column(name=name, kind="id", source="data"), entry, told)
        case "text":
            coded = entry.get("regex_format", entry.get("regex")) is not None
            return _coded(Column(name=name, kind="id" if coded else "text", source="data"), entry, told)
    return _semantic(name, sdtype, entry, told)


def _number(sdtype: str, entry: Mapping[str, Any], told: _Told) -> Kind:
    stored = entry.get("computer_representation", entry.get("subtype", sdtype))
    if not isinstance(stored, str) or not stored.lower().startswith(("int", "uint", "float", "numerical")):
        told.note(f"the representation {shorten(str(stored))!r} is not known here")
        return "float"
    return "integer" if stored.lower().startswith(("int", "uint")) else "float"


def _categorical(name: str, entry: Mapping[str, Any], told: _Told) -> Column:
    if isinstance(old := entry.get("pii_category"), str | list) and entry.get("pii"):
        return _semantic(name, str(old if isinstance(old, str) else old[0] if old else "unknown"), entry, told)
    order = entry.get("order")
    if order is None:
        kind: Kind = "categorical" if entry.get("order_by") is None else "ordinal"
        return Column(name=name, kind=kind, source="data")
    if not isinstance(order, list) or not _are_levels(order):
        told.note("its order is no list of different values")
        return Column(name=name, kind="ordinal", source="data")
    return Column(name=name, kind="ordinal", categories=tuple(order), source="declared")


def _are_levels(order: list[Any]) -> bool:
    plain = all(isinstance(one, Scalar) for one in order)
    return plain and len({str(one) for one in order}) == len(order) > 0 and len({type(one) for one in order}) == 1


def _datetime(name: str, entry: Mapping[str, Any], told: _Told) -> Column:
    pattern = entry.get("datetime_format", entry.get("format"))
    if pattern is None:
        return Column(name=name, kind="datetime", source="data")
    if not isinstance(pattern, str):
        told.note("its datetime_format is no text")
        return Column(name=name, kind="datetime", source="data")
    if pattern.replace("T", " ").removesuffix("Z") not in _ISO_PARTS:
        told.note(f"dates as {shorten(pattern)!r} are not read from text: store them as 2024-05-31, or as dates")
    unit: Unit = next((unit for mark, unit in _UNITS if mark in pattern), "day")
    return Column(name=name, kind="datetime", unit=unit, source="data")


def _coded(column: Column, entry: Mapping[str, Any], told: _Told) -> Column:
    """The column with the pattern of its codes, if it is one that we can draw."""
    regex = entry.get("regex_format", entry.get("regex"))
    if regex is None:
        return column
    try:
        made = replace(column, distribution=Distribution.of({"family": "pattern", "regex": regex}))
        check_distribution(made, Schema((made,)))
    except BadInput as error:
        told.note(f"the pattern {shorten(str(regex))!r} can't be drawn from ({shorten(error.problem, 160)})")
        return column
    return made


def _semantic(name: str, sdtype: str, entry: Mapping[str, Any], told: _Told) -> Column:
    if entry.get("pii") is False and (sdtype in _POOLS or sdtype in _SEMANTIC):
        if sdtype in {"latitude", "longitude"}:
            return Column(name=name, kind="float", source="data")
        return Column(name=name, kind="categorical", source="data")  # its own values may be used again
    column = Column(name=name, kind="text", source="data")
    if sdtype in _POOLS:
        return replace(column, distribution=Distribution.of({"family": _POOLS[sdtype]}))
    if sdtype == "unknown":
        told.note("its sdtype is unknown: left out of synthetic rows until it has another kind or a `distribution:`")
    elif sdtype in _SEMANTIC:
        told.note(f"nothing here makes a {shorten(sdtype)}: left out of synthetic rows until it has a `distribution:`")
    else:
        told.note(f"the sdtype {shorten(sdtype)!r} is not known here: taken for free text")
    return column
