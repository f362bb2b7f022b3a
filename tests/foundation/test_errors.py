"""An error says what was asked, what was found, what to do; it keeps its exit code wherever it travels."""

import pickle
import sys

import pytest

from synthwright import errors
from synthwright.errors import (
    BadInput,
    MissingExtra,
    NotReleased,
    OutOfResource,
    SynthwrightError,
    UnknownName,
    UsageError,
    shorten,
)
from synthwright.extras import need


def test_the_three_parts_stand_in_three_lines():
    error = BadInput("The file is empty.", evidence="0 bytes.", remedy="Give another.")
    assert str(error) == "The file is empty.\n  0 bytes.\n  Give another."
    assert str(BadInput("Short.")) == "Short."


@pytest.mark.parametrize(
    ("kind", "code"),
    [(NotReleased, 1), (UsageError, 2), (UnknownName, 2), (MissingExtra, 2), (BadInput, 3), (OutOfResource, 4)],
)
def test_each_problem_has_its_exit_code(kind, code):
    assert kind("x").exit_code == code
    assert issubclass(kind, SynthwrightError)


def test_every_public_error_is_listed():
    kinds = {
        name for name, value in vars(errors).items() if isinstance(value, type) and value.__module__ == errors.__name__
    }
    assert kinds == set(errors.__all__)


def test_an_error_survives_the_way_back_from_a_worker():
    error = pickle.loads(pickle.dumps(OutOfResource("Full.", evidence="0 left.", remedy="Free some.")))  # noqa: S301  # ours
    assert (error.problem, error.evidence, error.remedy) == ("Full.", "0 left.", "Free some.")
    assert error.exit_code == 4


def test_python_code_may_catch_what_python_raises():
    assert issubclass(BadInput, ValueError)
    assert issubclass(UnknownName, LookupError)
    assert issubclass(MissingExtra, ImportError)


def test_an_unknown_name_lists_what_is_known():
    error = UnknownName.among("colour", "grn", ["red", "green"])
    assert str(error) == "There is no colour called 'grn'.\n  Did you mean 'green'?\n  Known: green, red."
    assert UnknownName.among("colour", "zzz", ["red"]).evidence == ""


def test_names_of_100_kb_do_not_flood_a_message():
    assert shorten("a" * 60) == "a" * 60
    assert shorten("a" * 100_000) == "a" * 60 + "…"
    assert len(str(UnknownName.among("column", "b" * 100_000, ["c" * 100_000] * 30))) < 1_600


def test_a_missing_package_comes_with_its_install_line():
    with pytest.raises(MissingExtra, match=r'pip install "synthwright\[neural\]"'):
        need("no_such_package_here.sub", extra="neural", for_="tabular.ctgan")
    assert need("json", extra="none", for_="x").__name__ == "json"


def test_a_package_that_no_group_brings_is_named_itself():
    with pytest.raises(MissingExtra, match=r"pip install no_such_frames$"):
        need("no_such_frames", for_="to_no_such_frames()")


@pytest.mark.parametrize("kind", ["pandas", "polars"])
def test_a_frame_without_its_package_is_told_how_to_install_it(kind, adult, monkeypatch):
    monkeypatch.setitem(sys.modules, kind, None)
    with pytest.raises(MissingExtra, match=f"pip install {kind}"):
        getattr(adult, f"to_{kind}")()
