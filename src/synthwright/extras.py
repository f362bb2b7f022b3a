"""Optional packages, imported where they are used and missed with the line that installs them."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from synthwright.errors import MissingExtra

__all__ = ["need"]


def need(module: str, *, for_: str, extra: str | None = None) -> ModuleType:
    """Import `module`, which the install group `extra` brings (or it has to itself), for the thing named `for_`.

    Raises
    ------
    MissingExtra
        The package is not installed; the error carries the install line.
    """
    try:
        return import_module(module)
    except ImportError as error:
        raise MissingExtra(
            f"{for_} needs the package {module.partition('.')[0]!r}, which can't be imported.",
            evidence=str(error),
            remedy=f"pip install {module}" if extra is None else f'pip install "synthwright[{extra}]"',
        ) from error
