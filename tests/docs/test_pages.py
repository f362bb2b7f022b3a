"""Every method, metric and command has its page; pages keep to one form, and every Python block in them runs."""

import re
import sys
import warnings
from functools import cache
from pathlib import Path

import pytest

from synthwright import registry

DOCS = Path(__file__).parents[2] / "docs"
sys.path.append(str(DOCS))  # at the end: no module of a test is hidden

from page_programs import programs  # noqa: E402  # beside the pages

METRIC_SECTIONS = ["Formula", "Source", "Reading", "Limits", "Example", "Failure"]
GENERATOR_SECTIONS = [
    "Method",
    "Settings",
    "What is saved",
    "Conditions",
    "Same seed, same rows",
    "Limits",
    "Example",
    "Failure",
]
LONGEST = 80  # lines: a page is read in one sitting
PAGES = [
    (kind, name, sections)
    for kind, sections in (("metric", METRIC_SECTIONS), ("generator", GENERATOR_SECTIONS))
    for name in registry.names(kind)
]
NAMES = [name for _, name, _ in PAGES]


@cache
def page(kind, name):
    return (DOCS / f"{kind}s" / f"{name}.md").read_text(encoding="utf-8")


def python_blocks():
    for path in sorted(DOCS.rglob("*.md")):
        for line, code in programs(path.read_text(encoding="utf-8")):
            yield pytest.param(path, line, code, id=f"{path.relative_to(DOCS).as_posix()}:{line}")


@pytest.mark.parametrize(("path", "line", "code"), list(python_blocks()))
def test_every_python_block_runs_and_its_assertions_hold(path, line, code):
    assert "assert " in code, "a block that asserts nothing shows nothing"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        # Blank lines before the code, so that a traceback names the line of the page.
        exec(compile("\n" * (line - 1) + code, str(path), "exec"), {"__name__": "page"})  # noqa: S102  # our own pages


@pytest.mark.parametrize(("kind", "name", "sections"), PAGES, ids=NAMES)
def test_every_page_has_its_sections_in_order_and_an_executed_example(kind, name, sections):
    text = page(kind, name)
    assert text.startswith(f"# {name}\n")
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == sections
    for section in ("Example", "Failure"):
        body = text.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
        assert "```python\n" in body, f"{section} runs nothing"
    assert text.count("\n") <= LONGEST


@pytest.mark.parametrize("name", registry.names("metric"))
def test_every_measure_of_a_metric_is_explained_on_its_page(name):
    for measure in registry.find("metric", name).info.measures:
        assert f"`{measure}`" in page("metric", name).partition("## Reading")[2], measure


@pytest.mark.parametrize("name", registry.names("generator"))
def test_every_setting_of_a_method_is_explained_on_its_page(name):
    settings = vars(registry.find("generator", name)()).keys()
    rows = page("generator", name).partition("## Settings")[2].partition("\n## ")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", rows, re.MULTILINE)) == set(settings)


def test_there_is_no_page_of_something_that_does_not_exist():
    for kind in ("metric", "generator"):
        assert sorted(path.stem for path in (DOCS / f"{kind}s").glob("*.md")) == sorted(registry.names(kind))


def test_links_between_pages_lead_somewhere():
    for path in sorted(DOCS.rglob("*.md")):
        for target in re.findall(r"\]\(([^)#:\s]+)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path.relative_to(DOCS)} links to {target}"


def test_the_reference_lists_the_commands_and_options_that_exist():
    from typer.main import get_command

    from synthwright.cli.main import app

    text = (DOCS / "reference" / "cli.md").read_text(encoding="utf-8")
    commands = {}
    for verb, command in get_command(app).commands.items():
        inner = getattr(command, "commands", None)
        commands |= {verb: command} if inner is None else {f"{verb} {name}": one for name, one in inner.items()}
    assert re.findall(r"^## synthwright (.+)$", text, re.MULTILINE) == list(commands)
    for verb, command in commands.items():
        body = text.partition(f"## synthwright {verb}\n")[2].partition("\n## ")[0]
        for parameter in command.params:
            assert parameter.param_type_name == "argument" or f"`{', '.join(parameter.opts)}`" in body, verb


def test_commands_named_in_the_documents_exist():
    from typer.main import get_command

    from synthwright.cli.main import app

    verbs = set(get_command(app).commands)
    for path in sorted(DOCS.rglob("*.md")):
        for verb in re.findall(r"`synthwright ([a-z]+)", path.read_text(encoding="utf-8")):
            assert verb in verbs, f"{path.relative_to(DOCS)} names `synthwright {verb}`"


def test_modules_and_names_in_the_architecture_exist():
    """`data.cells`, `_copies.keys.Keys`: a module under some package, or a name that its package defines."""
    source = DOCS.parent / "src" / "synthwright"
    modules = {".".join(path.relative_to(source).with_suffix("").parts): path for path in source.rglob("*.py")}
    packages = {name.partition(".")[0] for name in modules} | {path.name for path in source.glob("evaluation/_*")}
    text = (DOCS.parent / "ARCHITECTURE.md").read_text(encoding="utf-8")
    told = [name for name in re.findall(r"`(\w+(?:\.\w+)+)", text) if name.split(".", maxsplit=1)[0] in packages]
    assert len(told) > 20
    for name in told:
        inner, _, last = name.rpartition(".")
        found = [path for module, path in modules.items() if f".{module}".endswith((f".{name}", f".{name}.__init__"))]
        owners = [
            path for module, path in modules.items() if f".{module}".endswith((f".{inner}", f".{inner}.__init__"))
        ]
        owners += [path for module, path in modules.items() if f".{module}".startswith(f".{inner}.")]
        named = any(re.search(rf"\b{re.escape(last)}\b", path.read_text(encoding="utf-8")) for path in owners)
        assert found or named, f"ARCHITECTURE.md names {name}"
