"""Settings from a recipe become the frozen dataclass of a method, or an error that names the key."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

import pytest

from synthwright import registry
from synthwright.errors import BadInput, UnknownName
from synthwright.generators.protocol import GeneratorInfo
from synthwright.generators.settings import make_generator, settings_of
from synthwright.generators.tabular.independent import Independent


@dataclass(frozen=True, kw_only=True)
class Tunable:
    rows: int = 5
    rate: float = 0.5
    mode: Literal["fast", "slow"] = "fast"
    seeds: tuple[int, ...] = ()
    size: tuple[int, float] = (1, 1.0)
    cap: int | None = None
    on: bool = True
    weights: Mapping[str, float] = field(default_factory=dict)
    either: int | str = 1
    info: ClassVar[Any] = GeneratorInfo(summary="Tune.", source="double")

    def __post_init__(self):
        if self.rows < 1:
            raise ValueError(f"rows is {self.rows}, it has to be 1 or more")


@pytest.fixture(autouse=True)
def tunable(monkeypatch):
    real = registry.find
    monkeypatch.setattr(registry, "find", lambda kind, name: Tunable if name == "tabular.tunable" else real(kind, name))


def test_a_registered_name_without_settings_gives_the_defaults():
    assert make_generator("tabular.independent") == Independent()
    assert make_generator("tabular.independent", {}) == Independent()


@pytest.mark.parametrize(
    ("settings", "made"),
    [
        ({"rows": 9}, Tunable(rows=9)),
        ({"rate": 1}, Tunable(rate=1.0)),
        ({"mode": "slow"}, Tunable(mode="slow")),
        ({"seeds": [1, 2]}, Tunable(seeds=(1, 2))),
        ({"size": [2, 3]}, Tunable(size=(2, 3.0))),
        ({"cap": None}, Tunable(cap=None)),
        ({"cap": 0}, Tunable(cap=0)),
        ({"on": False}, Tunable(on=False)),
        ({"weights": {"a": 2}}, Tunable(weights={"a": 2.0})),
        ({"either": "x"}, Tunable(either="x")),
    ],
)
def test_values_are_read_as_the_fields_type(settings, made):
    generator = make_generator("tabular.tunable", settings)
    assert generator == made
    assert make_generator("tabular.tunable", settings_of(generator)) == made


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"rows": "9"}, "rows has to be a whole number"),
        ({"rows": True}, "whole number"),
        ({"rows": 2.0}, "whole number"),
        ({"rate": "fast"}, "rate has to be a number"),
        ({"rate": float("inf")}, "finite"),
        ({"rate": True}, "rate has to be a number"),
        ({"either": None}, "either"),
        ({"mode": "medium"}, "one of 'fast', 'slow'"),
        ({"mode": 1}, "one of"),
        ({"seeds": 3}, "seeds"),
        ({"seeds": [1, "x"]}, "whole number"),
        ({"size": [1]}, "size"),
        ({"cap": "none"}, "whole number"),
        ({"on": 1}, "true or false"),
        ({"weights": [1]}, "weights"),
        ({"either": 1.5}, "either"),
        ({"rows": 0}, "can't have these settings"),
    ],
)
def test_values_of_another_type_are_named(settings, said):
    with pytest.raises(BadInput, match=said):
        make_generator("tabular.tunable", settings)


def test_an_unknown_key_is_met_with_the_closest_one():
    with pytest.raises(UnknownName, match="Did you mean 'rows'"):
        make_generator("tabular.tunable", {"row": 3})
    with pytest.raises(UnknownName, match="has no settings"):
        make_generator("tabular.independent", {"row": 3})


def test_an_unknown_method_is_met_with_the_closest_one():
    with pytest.raises(UnknownName, match=r"Did you mean 'tabular\.independent'"):
        make_generator("tabular.independant")


def test_info_is_no_setting():
    with pytest.raises(UnknownName):
        make_generator("tabular.independent", {"info": 1})
    assert settings_of(Independent()) == {}
