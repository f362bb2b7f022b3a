"""The Python functions that people call; the only place besides the command line where pipeline and report meet."""

from __future__ import annotations

from synthwright.api.ablating import ablate
from synthwright.api.advising import advise
from synthwright.api.blends import blend
from synthwright.api.collapsing import collapse_watch
from synthwright.api.focusing import focus_errors
from synthwright.api.gains import gain
from synthwright.api.judging import draw_report, evaluate
from synthwright.api.models import fit, load
from synthwright.api.reviews import export_review, import_review
from synthwright.api.runs import plan_recipe, resume, run, run_recipe
from synthwright.api.tables import context, fold_rare, read, require_free, split, write
from synthwright.learning.script import Script
from synthwright.pipeline.manifest import verify

__all__ = [
    "Script",
    "ablate",
    "advise",
    "blend",
    "collapse_watch",
    "context",
    "draw_report",
    "evaluate",
    "export_review",
    "fit",
    "focus_errors",
    "fold_rare",
    "gain",
    "import_review",
    "load",
    "plan_recipe",
    "read",
    "require_free",
    "resume",
    "run",
    "run_recipe",
    "split",
    "verify",
    "write",
]
