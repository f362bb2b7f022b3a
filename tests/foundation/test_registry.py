"""A module's path is its method's name; plug-ins join by entry point; a wrong name meets the closest one."""

from importlib.metadata import EntryPoint

import pytest

from synthwright import registry
from synthwright.errors import UnknownName
from synthwright.generators.tabular.independent import Independent
from synthwright.generators.tabular.random_oversample import RandomOversample


def test_names_are_paths_of_modules():
    names = registry.names("generator")
    assert {"tabular.independent", "tabular.random_oversample"} <= set(names)
    assert names == sorted(names)
    assert not any(part.startswith("_") for name in names for part in name.split("."))
    assert registry.find("generator", "tabular.independent") is Independent


def test_names_can_be_chosen_by_their_info():
    keeping = registry.names("generator", keeps_records=True)
    assert "tabular.random_oversample" in keeping
    assert "tabular.honest_trees" not in keeping
    assert sorted([*keeping, *registry.names("generator", keeps_records=False)]) == registry.names("generator")
    assert "tabular.independent" in registry.names("generator", reproducible=("portable", "machine"))
    assert registry.names("generator", kind="image") == []
    assert "tabular.independent" in registry.names("generator", area="tabular", kind="table")
    assert registry.names("generator", area="tab") == []


def test_a_class_and_its_settings_have_the_name_they_are_found_by():
    for method in (Independent, Independent()):
        assert registry.name_of("generator", method) == "tabular.independent"
    assert registry.name_of("generator", object()) == "builtins.object"


def test_a_wrong_name_meets_the_closest_one():
    with pytest.raises(UnknownName) as caught:
        registry.find("generator", "tabular.independant")
    assert caught.value.evidence == "Did you mean 'tabular.independent'?"
    assert caught.value.remedy.startswith("`synthwright list generators` shows all ")
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("name", ["", "tabular", "protocol", "tabular._hidden", "..", "os.path", "x" * 10_000])
def test_what_is_no_method_is_not_imported(name):
    with pytest.raises(UnknownName) as caught:
        registry.find("generator", name)
    assert len(str(caught.value)) < 500


@pytest.fixture
def plugin(monkeypatch):
    value = "synthwright.generators.tabular.random_oversample:RandomOversample"
    point = EntryPoint("other.again", value, "synthwright.generators")
    monkeypatch.setattr(registry, "_plugins", lambda kind: {"other.again": point} if kind == "generator" else {})


@pytest.mark.usefixtures("plugin")
def test_a_plug_in_is_a_method_like_any_other():
    assert "other.again" in registry.names("generator")
    assert registry.names("generator", area="other") == ["other.again"]
    assert registry.find("generator", "other.again") is RandomOversample


@pytest.mark.parametrize("kind", ["generator", "metric"])
def test_every_name_leads_to_a_class_with_info(kind):
    for name in registry.names(kind):
        method = registry.find(kind, name)
        assert isinstance(method, type)
        assert registry.name_of(kind, method) == name
        assert hasattr(method, "info")
