"""synthwright: make synthetic data, measure it, release what passes."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from synthwright import training
    from synthwright.api import (
        ablate,
        advise,
        blend,
        collapse_watch,
        evaluate,
        export_review,
        fit,
        focus_errors,
        fold_rare,
        gain,
        import_review,
        load,
        read,
        resume,
        run,
        split,
        verify,
    )
    from synthwright.data.proposals.proposing import propose_constraints
    from synthwright.data.schema import Column, Schema
    from synthwright.data.sdv.reading import schema_from_sdv
    from synthwright.data.table import Table
    from synthwright.errors import (
        BadInput,
        MissingExtra,
        NotReleased,
        OutOfResource,
        SynthwrightError,
        UnknownName,
        UsageError,
    )
    from synthwright.generators import tabular
    from synthwright.generators.model import Model
    from synthwright.generators.oversampler import Oversampler
    from synthwright.generators.schema_model import sample
    from synthwright.learning.script import Script
    from synthwright.pipeline.evaluated import Report
    from synthwright.pipeline.result import Result

__all__ = [
    "BadInput",
    "Column",
    "MissingExtra",
    "Model",
    "NotReleased",
    "OutOfResource",
    "Oversampler",
    "Report",
    "Result",
    "Schema",
    "Script",
    "SynthwrightError",
    "Table",
    "UnknownName",
    "UsageError",
    "ablate",
    "advise",
    "blend",
    "collapse_watch",
    "evaluate",
    "export_review",
    "fit",
    "focus_errors",
    "fold_rare",
    "gain",
    "import_review",
    "load",
    "propose_constraints",
    "read",
    "resume",
    "run",
    "sample",
    "schema_from_sdv",
    "split",
    "tabular",
    "training",
    "verify",
]

# Where each public name lives: `import synthwright` loads none of it (PEP 562).
_HOMES = {
    "synthwright.api": (
        "ablate",
        "advise",
        "blend",
        "collapse_watch",
        "evaluate",
        "export_review",
        "fit",
        "focus_errors",
        "fold_rare",
        "gain",
        "import_review",
        "load",
        "read",
        "resume",
        "run",
        "split",
        "verify",
    ),
    "synthwright.data.proposals.proposing": ("propose_constraints",),
    "synthwright.data.schema": ("Column", "Schema"),
    "synthwright.data.sdv.reading": ("schema_from_sdv",),
    "synthwright.data.table": ("Table",),
    "synthwright.errors": (
        "BadInput",
        "MissingExtra",
        "NotReleased",
        "OutOfResource",
        "SynthwrightError",
        "UnknownName",
        "UsageError",
    ),
    "synthwright.generators.model": ("Model",),
    "synthwright.generators.oversampler": ("Oversampler",),
    "synthwright.generators.schema_model": ("sample",),
    "synthwright.generators.tabular": ("tabular",),
    "synthwright.learning.script": ("Script",),
    "synthwright.pipeline.evaluated": ("Report",),
    "synthwright.pipeline.result": ("Result",),
    "synthwright.training": ("training",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("synthwright")
    if name not in _HOME_OF:
        raise AttributeError(f"module 'synthwright' has no attribute {name!r}")
    module = import_module(_HOME_OF[name])
    value = module if name in {"tabular", "training"} else getattr(module, name)
    globals()[name] = value  # found once
    return value


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
