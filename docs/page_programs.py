"""The Python programs in the pages: one per block, or one of all blocks where a page says `<!-- one program -->`."""

# ruff: noqa: INP001  # beside the documents, not a package
from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["programs"]

ONE = "<!-- one program -->"


def programs(text: str) -> Iterator[tuple[int, str]]:
    """The line a program begins in, from 1, and its code; blank lines stand for the text between its blocks."""
    found = [
        (text[: block.start()].count("\n") + 2, block[1])
        for block in re.finditer(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    ]
    if ONE not in text:
        yield from found
        return
    first, code = found[0][0], ""
    for line, block in found:
        code += "\n" * (line - first - code.count("\n")) + block
    yield first, code
