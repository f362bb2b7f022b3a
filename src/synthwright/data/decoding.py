"""A file's text as UTF-8: unzipped, without a byte order mark, whatever encoding it came in."""

from __future__ import annotations

import gzip
import re
import zlib
from pathlib import Path

from synthwright.errors import BadInput

__all__ = ["is_gzip", "read_bytes", "to_utf8"]

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_SAMPLE = 200_000  # bytes around the first one that is not UTF-8: plenty for a guess, small enough to be quick
_WESTERN = ("cp1252", "latin_1")  # what spreadsheets in the West write; preferred where it reads as well as others
_LATIN = (*_WESTERN, "cp1250", "iso8859_2", "cp1254", "cp1257")  # Latin alphabets with a few other letters
_HIGH = re.compile(rb"[\x80-\xff]")
_ALONE = re.compile(rb"(?<![\x80-\xff])[\x80-\xff](?![\x80-\xff])")  # é in José; other alphabets come in runs


def is_gzip(path: Path) -> bool:
    """True if the file begins like a gzip file, whatever it is called."""
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


def read_bytes(path: Path) -> bytes:
    """The whole content, unzipped if it is gzip.

    Raises
    ------
    BadInput
        It is empty, or the gzip file is cut short or damaged.
    """
    content = path.read_bytes()
    if content[:2] == b"\x1f\x8b":
        try:
            content = gzip.decompress(content)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise BadInput(
                f"{path.name} is a damaged gzip file.", evidence=str(error), remedy="Copy or download it again."
            ) from error
    if not content.strip(b" \t\r\n\xef\xbb\xbf"):
        raise BadInput(f"{path.name} is empty.", remedy="Give a file with a header line and rows.")
    return content


def to_utf8(content: bytes, *, name: str) -> tuple[bytes, str]:
    """`content` in UTF-8 and the name of the encoding it was in.

    Raises
    ------
    BadInput
        It holds NUL characters (a binary file, or UTF-16 without a mark), or no encoding fits.
    """
    encoding = next((known for mark, known in _MARKS if content.startswith(mark)), "")
    if encoding == "utf-8-sig":
        content, encoding = content[3:], ""
    if encoding:
        try:
            content = content.decode(encoding).encode()
        except UnicodeDecodeError as error:
            raise BadInput(f"{name} begins as {encoding} but is not.", evidence=str(error)[:200]) from error
    at = content.find(b"\x00")
    if at >= 0:
        raise BadInput(
            f"{name} holds a NUL character.",
            evidence=f"Line {content.count(10, 0, at) + 1}, byte {at:,}.",
            remedy="It is binary, damaged, or UTF-16 without a byte order mark: save it as CSV in UTF-8.",
        )
    if encoding:
        return content, encoding
    try:
        content.decode()
    except UnicodeDecodeError as error:
        encoding = _guess(content, error.start, name)
        return content.decode(encoding, errors="replace").encode(), encoding
    return content, "utf-8"


def _guess(content: bytes, at: int, name: str) -> str:
    from charset_normalizer import from_bytes

    sample = content[max(0, at - _SAMPLE // 2) : at + _SAMPLE // 2]
    western = len(_ALONE.findall(sample)) * 2 >= len(_HIGH.findall(sample))
    matches = from_bytes(sample, cp_isolation=list(_LATIN) if western else None)
    best = matches.best()
    if best is None:
        raise BadInput(
            f"{name} is in no text encoding that could be recognised.",
            evidence=f"Line {content.count(10, 0, at) + 1} is not UTF-8.",
            remedy="Save it as UTF-8.",
        )
    good = {other for match in matches if match.chaos <= best.chaos for other in match.could_be_from_charset}
    for encoding in _WESTERN:
        if encoding in good and _reads(content, encoding):
            return encoding
    return best.encoding


def _reads(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
