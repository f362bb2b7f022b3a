"""How a finding is told: the claim, what pencil and paper give, what the tool gives, and its version."""

from __future__ import annotations

import importlib.metadata
import json
import sys
import warnings
from collections.abc import Callable
from typing import Any

__all__ = ["main"]

Finding = Callable[[], dict[str, Any]]


def main(package: str, findings: dict[str, Finding]) -> None:
    """Print the findings named on the command line (all, if none is) as JSON lines."""
    warnings.filterwarnings("ignore")
    for name in sys.argv[1:] or list(findings):
        found = findings[name]()
        told = {"finding": name, "package": package, "version": importlib.metadata.version(package)}
        said = " ".join((findings[name].__doc__ or "").split())
        print(json.dumps({**told, "claim": said, **found}), flush=True)
