"""The command `synthwright`: its verbs, and the only way in and out."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from typing import Annotated, Any

import typer

from synthwright.cli import (
    ablating,
    advising,
    balancing,
    blending,
    checking,
    collapsing,
    demo,
    doctor,
    evaluating,
    gaining,
    listing,
    looking,
    modelling,
    reviewing,
    running,
)
from synthwright.cli.guard import guarded, told_as_json

__all__ = ["app", "main"]

app = typer.Typer(
    name="synthwright",
    help="Make synthetic data for machine learning, measure it against unseen real data, release only what passes.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        from synthwright.provenance.record import version_of

        sys.stdout.write(f"synthwright {version_of('synthwright')}\n")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and stop.")
    ] = False,
) -> None:
    """Make synthetic data for machine learning, measure it against unseen real data, release only what passes."""


_VERBS: dict[str, Callable[..., int]] = {
    "demo": demo.demo,
    "inspect": looking.inspect,
    "init": looking.init,
    "validate": checking.validate,
    "run": running.run,
    "resume": running.resume,
    "verify": checking.verify,
    "fit": modelling.fit,
    "sample": modelling.sample,
    "oversample": balancing.balance,
    "blend": blending.blend,
    "evaluate": evaluating.evaluate,
    "gain": gaining.gain,
    "ablate": ablating.ablate,
    "collapse": collapsing.collapse,
    "advise": advising.advise,
    "report": evaluating.report,
    "list": listing.show_list,
    "doctor": doctor.doctor,
}
for _name, _verb in _VERBS.items():
    app.command(_name)(guarded(_verb))
_MISUSE: Any = typer.BadParameter.__base__  # `UsageError` of whichever click typer carries: a call that can't be read
_review = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Let experts judge a sample of the rows.")
_review.command("export")(guarded(reviewing.export))
_review.command("import")(guarded(reviewing.take_in))
app.add_typer(_review, name="review")


def main(arguments: list[str] | None = None) -> int:
    """Carry out one command line; the exit code: 0 fine, 1 withheld, 2 usage, 3 bad input, 4 resource, 130 stopped."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by the caller (`>&-`): what is said there is lost, the work is done
            setattr(sys, name, io.StringIO())
    asked = sys.argv[1:] if arguments is None else arguments
    try:
        return app(args=asked, prog_name="synthwright", standalone_mode=False) or 0
    except _MISUSE as error:
        error.show()
        if "--json" in asked:
            told_as_json(error.exit_code, error.format_message(), remedy="`--help` shows every option.")
        return int(error.exit_code)
