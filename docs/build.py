"""Write the reference pages from the code; with --check, fail where a page is missing or stale.

    python docs/build.py            writes docs/reference/*.md
    python docs/build.py --check    writes nothing; exit 1 and a list of what is wrong
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from synthwright import registry

DOCS = Path(__file__).parent
NOTE = "<!-- written by docs/build.py from the code; do not edit -->\n\n"


def generators_page() -> str:
    rows = [
        "| name | what it does | conditions | same seed, same bytes | keeps training rows | source |",
        "|---|---|---|---|---|---|",
    ]
    for name in registry.names("generator"):
        info = registry.find("generator", name).info
        link = f"[`{name}`](../generators/{name}.md)"
        keeps = "yes" if info.keeps_records else "no"
        rows.append(f"| {link} | {info.summary} | {info.conditions} | {info.reproducible} | {keeps} | {info.source} |")
    return f"{NOTE}# Generators\n\n" + "\n".join(rows) + "\n"


def metrics_page() -> str:
    rows = ["| name | question | gives | needs | source |", "|---|---|---|---|---|"]
    for name in registry.names("metric"):
        info = registry.find("metric", name).info
        needs = ", ".join(sorted(info.needs)) or "-"
        measures = ", ".join(f"`{measure}`" for measure in info.measures)
        rows.append(f"| [`{name}`](../metrics/{name}.md) | {info.question} | {measures} | {needs} | {info.source} |")
    return f"{NOTE}# Metrics\n\n" + "\n".join(rows) + "\n"


def cli_page() -> str:
    from typer.main import get_command

    from synthwright.cli.main import app

    group: Any = get_command(app)
    parts = [f"{NOTE}# Commands\n"]
    for verb, command in group.commands.items():
        options = [_option(parameter) for parameter in command.params if getattr(parameter, "hidden", False) is False]
        usage = " ".join(parameter.make_metavar(_context(command)) for parameter in command.params if _positional(parameter))
        parts.append(f"## synthwright {verb}\n\n    synthwright {verb} {usage} [OPTIONS]\n\n{_help(command.help)}\n")
        parts.append("| parameter | meaning | default |\n|---|---|---|\n" + "\n".join(options) + "\n" if options else "")
    return "\n".join(part for part in parts if part)


def _context(command: Any) -> Any:
    return command.make_context(command.name, [], resilient_parsing=True)


def _positional(parameter: Any) -> bool:
    return bool(parameter.param_type_name == "argument")


def _option(parameter: Any) -> str:
    name = parameter.name.upper() if _positional(parameter) else ", ".join(parameter.opts)
    default = "" if parameter.default in (None, False) or callable(parameter.default) else f"`{parameter.default}`"
    return f"| `{name}` | {' '.join((parameter.help or '').split())} | {default} |"


def _help(text: str | None) -> str:
    return "\n".join(line.strip() for line in (text or "").replace("\b", "").splitlines()).strip()


PAGES = {"generators": generators_page, "metrics": metrics_page, "cli": cli_page}


def main() -> int:
    check = "--check" in sys.argv[1:]
    wrong = []
    for name, make in PAGES.items():
        path, text = DOCS / "reference" / f"{name}.md", make()
        if check and (not path.is_file() or path.read_text(encoding="utf-8") != text):
            wrong.append(f"{path.relative_to(DOCS.parent)} is stale: run `make docs`")
        elif not check:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
    for kind in ("generator", "metric"):
        for name in registry.names(kind):
            if not (DOCS / f"{kind}s" / f"{name}.md").is_file():
                wrong.append(f"docs/{kind}s/{name}.md is missing: every {kind} has a page")
    print("\n".join(wrong) or "documentation is complete")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
