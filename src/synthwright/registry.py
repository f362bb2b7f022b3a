"""Finding methods by name: the path of a module below its package is the method's name.

`generators/tabular/honest_trees.py` is ``"tabular.honest_trees"``; its one public class is listed in ``__all__``.
Third parties add methods through the entry-point groups ``synthwright.generators`` and ``synthwright.metrics``.
"""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType
from typing import Any, Literal

from synthwright.errors import UnknownName

__all__ = ["Kind", "find", "name_of", "names"]

Kind = Literal["generator", "metric"]

# The packages whose sub-packages hold one method per module.
_HOMES: dict[Kind, str] = {"generator": "synthwright.generators", "metric": "synthwright.evaluation"}


def names(kind: Kind, /, **wanted: Any) -> list[str]:
    """Names of all methods of `kind`, sorted; `wanted` keeps those whose ``info`` has these values.

    A tuple in `wanted` means "one of"; ``area="fidelity"`` compares the part of the name before the first dot.
    """
    found = sorted({**_modules(kind), **_plugins(kind)})
    area = wanted.pop("area", None)
    if area is not None:
        found = [name for name in found if name.partition(".")[0] == area]
    return [name for name in found if all(_matches(find(kind, name), key, value) for key, value in wanted.items())]


def find(kind: Kind, name: str) -> Any:
    """The class registered as `name`.

    Raises
    ------
    UnknownName
        No such method; the error names the closest one.
    """
    modules, plugins = _modules(kind), _plugins(kind)
    if name in modules:
        return _public_class(import_module(modules[name]))
    if name in plugins:
        return plugins[name].load()
    raise UnknownName.among(
        kind,
        name,
        {**modules, **plugins},
        listing=f"`synthwright list {kind}s` shows all {len(modules) + len(plugins)}.",
    )


def name_of(kind: Kind, method: Any) -> str:
    """The registered name of a method's class or instance; its import path if it is not registered."""
    cls = method if isinstance(method, type) else type(method)
    home = f"{_HOMES[kind]}."
    if cls.__module__.startswith(home):
        return cls.__module__.removeprefix(home)
    for name, point in _plugins(kind).items():
        if point.value == f"{cls.__module__}:{cls.__qualname__}":
            return name
    return f"{cls.__module__}.{cls.__qualname__}"


@cache
def _modules(kind: Kind) -> dict[str, str]:
    home = import_module(_HOMES[kind])
    return {
        f"{area.name}.{module.name}": f"{home.__name__}.{area.name}.{module.name}"
        for area in pkgutil.iter_modules(home.__path__)
        if area.ispkg and not area.name.startswith("_")
        for module in pkgutil.iter_modules([f"{path}/{area.name}" for path in home.__path__])
        if not module.name.startswith("_")
    }


@cache
def _plugins(kind: Kind) -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=f"synthwright.{kind}s")}


def _public_class(module: ModuleType) -> Any:
    (name,) = module.__all__
    return getattr(module, name)


def _matches(method: Any, key: str, value: Any) -> bool:
    have = getattr(method.info, key)
    return have in value if isinstance(value, tuple) else bool(have == value)
