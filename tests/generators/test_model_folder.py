"""A model folder may come from anyone: it loads whole and as it was saved, or ends in one coded error."""

import contextlib
import json
import os
import shutil
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from synthwright.canonical import digest_file
from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table
from synthwright.engines.context import Context
from synthwright.errors import BadInput, SynthwrightError, UsageError
from synthwright.generators.fitting import fit_model
from synthwright.generators.model import Model
from synthwright.generators.tabular.independent import Independent
from synthwright.generators.tabular.random_oversample import RandomOversample
from synthwright.seeding import Streams


def made(generator):
    columns = (
        Column(name="x", kind="float", bounds=(0, 100), decimals=1, missing=True),
        Column(name="sex", kind="categorical", categories=("F", "M")),
        Column(name="one", kind="integer", bounds=(1, 1)),
        Column(name="code", kind="id"),
    )
    x = np.random.default_rng(3).random(60).round(3) * 100
    data = {"x": pa.array(x, mask=x < 10), "sex": ["F", "M", "M"] * 20, "one": np.ones(60, dtype=np.int64)}
    data["code"] = [f"{i * 7919 % 9973:04}-X" for i in range(60)]
    return fit_model(Table(Schema(columns), pa.table(data)), generator, Context(streams=Streams(0)))


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    made(Independent()).save(folder / "independent")
    made(RandomOversample()).save(folder / "rows")
    return folder


@pytest.fixture
def folder(saved, tmp_path):
    shutil.copytree(saved / "independent", tmp_path / "model")
    return tmp_path / "model"


@pytest.fixture
def rows(saved, tmp_path):
    shutil.copytree(saved / "rows", tmp_path / "rows")
    return tmp_path / "rows"


def state_of(folder):
    return json.loads((folder / "model.json").read_text())


def edit(folder, **changes):
    (folder / "model.json").write_text(json.dumps(state_of(folder) | changes))


def resealed(folder):
    """What an attacker can do: the list of files fits the files."""
    files = {
        path.relative_to(folder).as_posix(): {"size": path.stat().st_size, "sha256": digest_file(path)}
        for path in folder.rglob("*")
        if path.is_file() and path.name != "model.json"
    }
    edit(folder, files=files)


def refused(folder, said=None):
    with pytest.raises(BadInput, match=said) as caught:
        Model.load(folder)
    assert caught.value.exit_code == 3
    return caught.value


def test_a_saved_folder_says_nothing_of_time_host_or_place(folder):
    text = (folder / "model.json").read_text()
    assert sorted(p.name for p in folder.rglob("*")) == ["margins.json", "model.json", "sampler"]
    for word in (str(folder.parent), os.uname().nodename, "20"):
        assert f'"{word}' not in text


def test_saving_twice_gives_the_same_bytes(folder, tmp_path):
    for place in ("a", "b"):
        made(Independent()).save(tmp_path / place)
    for name in ("model.json", "sampler/margins.json"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
        assert (tmp_path / "a" / name).read_bytes() == (folder / name).read_bytes()


def test_the_verdict_travels_with_the_model(tmp_path):
    made(Independent()).judged_by("c" * 64, "PASS").save(tmp_path / "m")
    assert Model.load(tmp_path / "m").judged == {"digest": "c" * 64, "verdict": "PASS"}


def test_an_existing_folder_is_not_overwritten(folder):
    before = (folder / "model.json").read_bytes()
    with pytest.raises(UsageError, match="exists already"):
        made(Independent()).save(folder)
    assert (folder / "model.json").read_bytes() == before


def test_a_folder_that_is_no_model_is_refused(tmp_path):
    refused(tmp_path, "is no model")
    refused(tmp_path / "nowhere", "is no model")
    (tmp_path / "file").write_text("{}")
    refused(tmp_path / "file", "is no model")


@pytest.mark.parametrize("version", [0, 2, "1", None, [1]])
def test_another_version_is_refused(folder, version):
    edit(folder, version=version)
    refused(folder, "format")


@pytest.mark.parametrize("method", ["tabular.nothing", "os.system", "../../etc", "", None, 3, "tabular"])
def test_only_installed_methods_are_loaded(folder, method):
    edit(folder, method=method)
    refused(folder, "not installed here")


def test_a_method_that_is_not_registered_has_to_be_named(folder):
    edit(folder, method="somebodys.module.Method")
    refused(folder, "not installed")
    assert len(Model.load(folder, generator=Independent).sample(3)) == 3


@pytest.mark.parametrize("name", ["evil.pkl", "sampler/weights.pt", "sampler/x.py", "sampler/__init__.py", ".hidden"])
def test_files_of_kinds_that_are_never_written_are_refused(folder, name):
    (folder / name).write_bytes(b"\x80\x04cos\nsystem\n")
    resealed(folder)
    refused(folder, "never writes")


def test_added_missing_and_changed_files_are_refused(folder):
    (folder / "sampler" / "more.json").write_text("{}")
    refused(folder, "not those that were saved")
    (folder / "sampler" / "more.json").unlink()
    margins = folder / "sampler" / "margins.json"
    text = margins.read_text()
    margins.write_text(text.replace("F", "G", 1))
    refused(folder, "not what was saved")
    margins.unlink()
    refused(folder, "not those that were saved")


def test_lying_sizes_are_refused(folder):
    files = state_of(folder)["files"]
    files["sampler/margins.json"]["size"] = 10**15
    edit(folder, files=files)
    refused(folder, "not what was saved")


@pytest.mark.parametrize("target", ["/etc/passwd", "../outside.json"])
def test_links_are_refused(folder, target):
    (folder.parent / "outside.json").write_text("{}")
    margins = folder / "sampler" / "margins.json"
    margins.unlink()
    margins.symlink_to(target)
    refused(folder, "not a plain file")


def test_a_linked_sampler_folder_is_refused(folder):
    (folder / "sampler").rename(folder.parent / "elsewhere")
    (folder / "sampler").symlink_to(folder.parent / "elsewhere")
    refused(folder, "not a plain file")


def test_a_device_is_refused(folder):
    os.mkfifo(folder / "sampler" / "pipe.json")
    refused(folder, "not a plain file")


@pytest.mark.parametrize("name", ["../../outside.json", "/etc/passwd", "sampler/../model.json"])
def test_paths_in_the_list_of_files_are_never_followed(folder, name):
    files = state_of(folder)["files"]
    edit(folder, files=files | {name: {"size": 1, "sha256": ""}})
    refused(folder, "not those that were saved")


@pytest.mark.parametrize("text", ["", "[]", "{", "null", '{"version": 1}', "[" * 100_000, '{"a": NaN}', "\xff\xfe"])
def test_broken_json_is_refused(folder, text):
    (folder / "model.json").write_text(text, encoding="latin-1")
    refused(folder)


def test_numbers_that_json_lacks_are_refused(folder):
    edit(folder, settings={"rate": float("nan")})
    refused(folder, "is not JSON")


def test_too_large_a_file_is_refused_unread(folder):
    with (folder / "model.json").open("ab") as file:
        file.truncate(300 * 1024 * 1024)  # a hole: no disk is used
    refused(folder, "too large")


@pytest.mark.parametrize(
    "changes",
    [
        {"judged": {"digest": "x", "verdict": "SUPER"}},
        {"judged": {"verdict": "PASS"}},
        {"judged": "PASS"},
        {"depth": 0},
        {"depth": True},
        {"frame": {"kind": "excel"}},
        {"frame": 3},
        {"around": {"settled": {"nobody": {"counts": [1], "grid": None}}, "identifiers": {}}},
        {"around": {"settled": {}, "identifiers": {}}},
        {"around": {"settled": {}, "identifiers": {"nobody": "{}"}}},
        {"around": {"settled": 3, "identifiers": {}}},
        {"around": []},
        {"left_out": []},
        {"settings": None},
        {"schema": {"columns": []}},
        {"schema": []},
        {"files": []},
        {"files": {"sampler/margins.json": 3}},
    ],
)
def test_parts_that_do_not_hang_together_are_refused(folder, changes):
    edit(folder, **changes)
    refused(folder)


def test_a_truncated_arrow_file_is_refused(rows):
    data = rows / "sampler" / "rows.arrow"
    content = data.read_bytes()
    for size in range(0, len(content), 97):
        data.write_bytes(content[:size])
        resealed(rows)
        refused(rows)


def test_flipped_bytes_in_an_arrow_file_never_crash(rows):
    """200 single flips: the model is refused, or what it holds is still a table."""
    data = rows / "sampler" / "rows.arrow"
    content, dice = data.read_bytes(), np.random.default_rng(1)
    for _ in range(200):
        broken = bytearray(content)
        broken[dice.integers(len(content))] ^= 1 << dice.integers(8)
        data.write_bytes(broken)
        resealed(rows)
        survives(rows)


def survives(folder):
    with contextlib.suppress(SynthwrightError):
        Model.load(folder).sample(50, seed=1)


HOSTILE = [None, True, -1, 0, 2**70, 1e999, "", "x", [], {}, [[1]], {"a": 1}, "../x", 1e300, ["F", "F"], [[], {}]]


def places(value, path=()):
    """The path of every value inside nested JSON."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from places(one, (*path, key))


def with_value(state, path, value):
    state = json.loads(json.dumps(state))
    spot = state
    for key in path[:-1]:
        spot = spot[key]
    spot[path[-1]] = value
    return state


@pytest.mark.parametrize(
    "spot", [("modulus", 0), ("modulus", 2**70), ("remainder", -1), ("places", [""]), ("places", 3)]
)
def test_hostile_patterns_of_identifiers_are_refused(folder, spot):
    around = state_of(folder)["around"]
    pattern = json.loads(around["identifiers"]["code"])
    pattern["spaces"][0][spot[0]] = spot[1]
    edit(folder, around=around | {"identifiers": {"code": json.dumps(pattern)}})
    refused(folder, "pattern")


@pytest.mark.parametrize("name", ["model.json", "sampler/margins.json"])
def test_no_value_in_any_place_leads_to_a_traceback(folder, name):
    """Every spot of both files, each with three of the hostile values in turn: refused, or harmless."""
    path: Path = folder / name
    good, dice = json.loads(path.read_text()), np.random.default_rng(2)
    spots = [place for place in places(good) if place and "files" not in place]
    for spot in dice.permutation(len(spots))[:300]:
        for value in dice.permutation(len(HOSTILE))[:3]:
            path.write_text(json.dumps(with_value(good, spots[spot], HOSTILE[value])))
            if name != "model.json":
                resealed(folder)
            survives(folder)
