"""What holds for the source as a whole: who writes to disk, what is never called, what is public, what is light."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import synthwright
from synthwright import registry

ROOT = Path(synthwright.__file__).parent
MODULES = sorted(ROOT.rglob("*.py"))
# The last line of defence, and whatever estimators people bring may raise.
MAY_CATCH_ALL = (ROOT / "cli" / "guard.py", ROOT / "learning" / "estimators.py")
HEAVY = ["torch", "sklearn", "scipy.stats", "pandas", "polars", "lightgbm", "matplotlib"]
WRITING_METHODS = {
    "mkdir", "rename", "replace_file", "rmdir", "symlink_to", "hardlink_to", "touch", "unlink", "write_bytes",
    "write_text", "chmod", "to_csv", "to_parquet", "to_pickle", "write_csv", "write_parquet", "write_ipc", "savetxt",
    "save_file", "tofile", "dump",
}  # fmt: skip
WRITING_OS = {"replace", "rename", "remove", "unlink", "mkdir", "makedirs", "rmdir", "removedirs", "truncate", "link"}
WRITING_MODULES = {"tempfile", "sqlite3", "shelve", "dbm"}
FILLS_WHAT_FILES_HANDS_IT = {"data/writing.py"}  # its `_binary` and `_text` fill the temporary file of `files.write`
FORBIDDEN_MODULES = {"pickle", "cPickle", "_pickle", "dill", "cloudpickle", "marshal", "shelve", "joblib", "random"}
FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__", "print", "input"}


def relative(path):
    return path.relative_to(ROOT).as_posix()


TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in MODULES}


def dotted(node):
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join(reversed([*parts, node.id])) if isinstance(node, ast.Name) else ""


def imports(path):
    for node in ast.walk(TREES[path]):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module


def inside_fills(path):
    """Nodes within the arguments of `files.write(path, fill)`: they fill the temporary file they are handed."""
    for node in ast.walk(TREES[path]):
        if isinstance(node, ast.Call) and dotted(node.func) in {"write", "files.write"}:
            for argument in node.args:
                yield from ast.walk(argument)


def writes(path):
    """Line and name of every call that writes to disk by itself."""
    allowed = set(inside_fills(path))
    for node in ast.walk(TREES[path]):
        if not isinstance(node, ast.Call) or node in allowed:
            continue
        name, last = dotted(node.func), node.func.attr if isinstance(node.func, ast.Attribute) else ""
        place = 0 if last == "open" and name != "os.open" else 1  # where the mode stands
        said = [*node.args[place : place + 1], *(k.value for k in node.keywords if k.arg == "mode")]
        modes = [one.value for one in said if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        changes = any(set(mode) & set("wax+") for mode in modes)
        if (
            ((name == "open" or last == "open") and changes)
            or (last in WRITING_METHODS and not name.startswith(("files.", "json.")))
            or (name.startswith("os.") and last in WRITING_OS)
            or (name.startswith("shutil.") and last != "disk_usage")
            or (name.endswith("OSFile") and changes)
        ):
            yield f"{relative(path)}:{node.lineno} {name or last}"


def test_files_alone_writes_to_disk():
    found = [
        line
        for path in MODULES
        if relative(path) not in {"files.py", *FILLS_WHAT_FILES_HANDS_IT}
        for line in [*writes(path), *(f"{relative(path)} imports {n}" for n in imports(path) if n in WRITING_MODULES)]
    ]
    assert found == []


def test_the_search_for_writes_finds_them(monkeypatch):
    """Each of these lines is found, none of those."""
    bad = [
        "open('x', 'w')", "Path('x').open('ab')", "p.write_text('x')", "p.mkdir()", "os.replace(a, b)",
        "shutil.rmtree(p)", "open(p, mode='x')", "frame.to_csv(p)", "pa.OSFile(p, 'wb')",
    ]  # fmt: skip
    good = [
        "open('x')",
        "p.open('rb')",
        "files.write_text(p, 'x')",
        "write(p, lambda t: t.write_bytes(b''))",
        "s.replace('a', 'b')",
        "open('w')",
    ]
    for lines, expected in ((bad, len(bad)), (good, 0)):
        path = ROOT / "made_up.py"
        monkeypatch.setitem(TREES, path, ast.parse("\n".join(lines)))
        assert len(list(writes(path))) == expected


def test_nothing_is_unpickled_evaluated_or_drawn_from_global_randomness():
    found = []
    for path in MODULES:
        found += [
            f"{relative(path)} imports {name}" for name in imports(path) if name.split(".")[0] in FORBIDDEN_MODULES
        ]
        for node in ast.walk(TREES[path]):
            name = dotted(node.func) if isinstance(node, ast.Call) else ""
            global_random = name.startswith(("np.random.", "numpy.random.")) and name.split(".")[-1] not in {
                "Generator", "Philox", "default_rng",
            }  # fmt: skip
            pickled = any(keyword.arg == "allow_pickle" for keyword in getattr(node, "keywords", []))
            if name in {*FORBIDDEN_CALLS, "torch.load", "np.load"} or global_random or pickled:
                found.append(f"{relative(path)}:{node.lineno} {name}")
    assert found == []


def test_every_module_says_what_is_public():
    for path in MODULES:
        body = TREES[path].body
        assert ast.get_docstring(TREES[path]), f"{relative(path)} has no docstring"
        if path.name == "__init__.py" and len(body) == 1:
            continue  # a package of which nothing but its modules is public
        assigned = [
            target.id
            for node in body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        ]
        annotated = [
            node.target.id for node in body if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
        ]
        assert "__all__" in [*assigned, *annotated], f"{relative(path)} has no __all__"


@pytest.mark.parametrize("kind", ["generator", "metric"])
def test_a_method_module_has_one_public_class(kind):
    for name in registry.names(kind):
        module = sys.modules[registry.find(kind, name).__module__]
        assert len(module.__all__) == 1, f"{name} lists {module.__all__}"


def test_modules_are_short():
    """One idea each: 300 lines are the cap."""
    lengths = {relative(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert {path: lines for path, lines in lengths.items() if lines > 300} == {}


def test_the_source_speaks_of_no_place_and_no_promise():
    """No machine's paths, no marks of unfinished work, no words that promise what evidence can't."""
    for path in [*MODULES, *Path(__file__).parents[1].rglob("*.py")]:
        text = path.read_text(encoding="utf-8")
        for word in ("/wor" + "k/", "TO" + "DO", "FIX" + "ME", "raise NotImpl" + "emented"):
            assert word not in text, f"{path.name} says {word}"
        if path not in MAY_CATCH_ALL:
            assert "except Exc" + "eption" not in text, f"{path.name} catches everything"


@pytest.mark.parametrize("code", ["import synthwright", "import synthwright.api", "import synthwright.cli.main"])
def test_importing_loads_nothing_heavy(code):
    script = f"import sys; {code}; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], check=False, capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_help_loads_nothing_heavy():
    script = (
        "import sys, contextlib, io\nfrom synthwright.cli.main import main\n"
        "sys.argv = ['synthwright', '--help']\n"
        "with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit): main()\n"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], check=False, capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")
