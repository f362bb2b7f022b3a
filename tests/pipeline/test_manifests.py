"""A finished run can be checked, byte by byte."""

from __future__ import annotations

import json

import pytest

from synthwright import files
from synthwright.errors import BadInput
from synthwright.pipeline.manifest import files_below, require_intact, update_manifest, verify, write_manifest


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "run"
    files.make_folder(place / "private")
    files.write_text(place / "a.txt", "first")
    files.write_text(place / "private" / "b.txt", "second")
    write_manifest(place)
    return place


def test_an_untouched_folder_is_intact(folder):
    assert verify(folder) == []


@pytest.mark.parametrize("name", ["a.txt", "private/b.txt"])
def test_one_flipped_byte_is_found(folder, name):
    content = bytearray((folder / name).read_bytes())
    content[0] ^= 1
    files.write_bytes(folder / name, bytes(content))
    (found,) = verify(folder)
    assert (found.file, found.problem) == (name, "changed")
    with pytest.raises(BadInput, match="changed"):
        require_intact(folder)
    require_intact(folder, but=name)


def test_missing_added_and_longer_files_are_found(folder):
    files.remove(folder / "a.txt")
    files.write_text(folder / "private" / "b.txt", "longer than before")
    files.write_text(folder / "new.txt", "")
    assert {(one.file, one.problem) for one in verify(folder)} == {
        ("a.txt", "missing"),
        ("private/b.txt", "changed"),
        ("new.txt", "unlisted"),
    }


def test_a_link_in_place_of_a_file_is_found(folder, tmp_path):
    files.write_text(tmp_path / "a.txt", "first")
    files.remove(folder / "a.txt")
    (folder / "a.txt").symlink_to(tmp_path / "a.txt")
    assert [(one.file, one.problem) for one in verify(folder)] == [("a.txt", "missing")]


def test_an_updated_entry_is_the_only_change(folder):
    before = json.loads((folder / "manifest.json").read_text())
    files.write_text(folder / "a.txt", "drawn again")
    update_manifest(folder, "a.txt")
    after = json.loads((folder / "manifest.json").read_text())
    assert verify(folder) == []
    assert before["files"][1] == after["files"][1]


def test_names_are_relative_sorted_and_slashed(folder):
    assert list(files_below(folder)) == ["a.txt", "manifest.json", "private/b.txt"]


def test_a_folder_without_a_manifest_is_no_result(folder):
    files.remove(folder / "manifest.json")
    with pytest.raises(BadInput, match="not a finished run"):
        verify(folder)


def test_no_folder_is_told(tmp_path):
    with pytest.raises(BadInput, match="no run folder"):
        verify(tmp_path / "nothing")


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        '{"files": [{}]}',
        '{"files": [{"name": "../x", "size": 1, "sha256": ""}]}',
        '{"files": [{"name": "/etc/passwd", "size": 1, "sha256": ""}]}',
        '{"files": [{"name": "a", "size": "1", "sha256": ""}]}',
        "[" * 100_000,
        "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    ],
)
def test_a_hostile_manifest_is_refused(folder, content):
    files.write_bytes(folder / "manifest.json", content.encode("latin-1"))
    with pytest.raises(BadInput):
        verify(folder)
