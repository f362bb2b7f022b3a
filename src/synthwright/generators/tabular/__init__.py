"""Methods for tables. Their settings classes are attributes here too: ``tabular.HonestTrees(leaf_rows=30)``."""

from __future__ import annotations

from typing import Any

from synthwright import registry

__all__: list[str] = []  # the methods' names are answered by `__getattr__`, so that listing imports none of them


def __getattr__(name: str) -> Any:
    """The settings class called `name`, from whichever module holds it; nothing else is imported."""
    for method in registry.names("generator", area="tabular"):
        if (
            method.partition(".")[2].replace("_", "") == name.lower()
            and registry.find("generator", method).__name__ == name
        ):
            return registry.find("generator", method)
    raise AttributeError(f"there is no method for tables called {name!r}; `synthwright list generators` shows all")


def __dir__() -> list[str]:
    return [registry.find("generator", name).__name__ for name in registry.names("generator", area="tabular")]
