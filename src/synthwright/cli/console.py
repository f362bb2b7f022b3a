"""What goes to the terminal: data on standard output, talk and progress on standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from synthwright.errors import shorten
from synthwright.provenance.text import clean_text  # names from files may hold escape sequences of terminals

if TYPE_CHECKING:
    from rich.console import Console

    from synthwright.engines.context import Event

__all__ = ["complain", "data", "json_out", "progress", "say", "table", "verdict_line"]

_COLOURS = {"PASS": "green", "FAIL": "red", "UNDECIDED": "yellow"}


def say(text: str) -> None:
    """Talk: one line or more on standard error, without any markup in it."""
    _talk().print(clean_text(text), markup=False, highlight=False, soft_wrap=True)


def complain(text: str) -> None:
    """An error: its first line stands out where there is colour."""
    from rich.text import Text

    first, _, rest = clean_text(text).partition("\n")
    _talk().print(Text("Error: ", style="bold red") + Text(first), highlight=False, soft_wrap=True)
    if rest:
        say(rest)


def data(text: str) -> None:
    """One line of data on standard output."""
    sys.stdout.write(text + "\n")


def json_out(value: Any) -> None:
    """`value` as JSON on standard output."""
    from synthwright.canonical import to_json

    sys.stdout.write(to_json(value))


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: Sequence[str] = ()) -> None:
    """A table on standard output: boxes on a terminal, tab-separated lines for pipes."""
    from rich.table import Table
    from rich.text import Text

    if not sys.stdout.isatty():
        for row in [columns, *rows]:
            data("\t".join(" ".join(clean_text(cell).split()) for cell in row))
        return
    box = Table(show_edge=False, pad_edge=False, header_style="bold")
    for name in columns:
        box.add_column(name, justify="right" if name in numbers else "left", overflow="fold")
    for row in rows:
        box.add_row(*(Text(clean_text(shorten(cell, 200)), style=_COLOURS.get(cell, "")) for cell in row))
    _out().print(box)


def verdict_line(overall: str, rest: str) -> None:
    """The verdict in its colour, then `rest`, as talk."""
    from rich.text import Text

    _talk().print(
        Text(overall, style=f"bold {_COLOURS.get(overall, '')}") + Text(rest), highlight=False, soft_wrap=True
    )


@contextmanager
def progress() -> Iterator[Callable[[Event], None]]:
    """A callback for events: a bar per stage on a terminal, one quiet line per stage otherwise."""
    console = _talk()
    if not console.is_terminal:
        yield _line_per_stage()
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    with Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        TimeElapsedColumn(),
        TextColumn("{task.fields[note]}", markup=False),
        console=console,
    ) as bars:
        tasks: dict[str, Any] = {}

        def tell(event: Event) -> None:
            if event.stage not in tasks:
                tasks[event.stage] = bars.add_task(event.stage, total=event.total, note="")
            bars.update(tasks[event.stage], completed=event.done, total=event.total, note=shorten(event.note, 80))

        yield tell


def _line_per_stage() -> Callable[[Event], None]:
    told: set[str] = set()

    def tell(event: Event) -> None:
        if event.stage not in told and event.note:
            told.add(event.stage)
            say(f"{event.stage}: {event.note}")

    return tell


def _talk() -> Console:
    from rich.console import Console

    return Console(file=sys.stderr)  # made anew: tests and callers may replace sys.stderr; NO_COLOR is rich's own


def _out() -> Console:
    from rich.console import Console

    return Console(file=sys.stdout)
