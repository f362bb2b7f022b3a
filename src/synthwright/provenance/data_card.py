"""README.md of a run: the data card, with the front matter that Hugging Face reads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from synthwright.errors import shorten
from synthwright.provenance.facts import RunFacts
from synthwright.provenance.kept_rules import kept_briefly
from synthwright.provenance.mixes import mix_changes, mix_sentences
from synthwright.provenance.numbers import count, interval, middle, moment, plain
from synthwright.provenance.reviewed import reviewed
from synthwright.provenance.told import caution, verdict_sentence, wanting
from synthwright.provenance.wording import direction, signs, title_of

__all__ = ["data_card"]

_SIZES = (
    (1_000, "n<1K"),
    (10_000, "1K<n<10K"),
    (100_000, "10K<n<100K"),
    (1_000_000, "100K<n<1M"),
    (10_000_000, "1M<n<10M"),
)
_UNCODED = str.maketrans({"`": "'", "|": "/", "<": "\u2039", ">": "\u203a"})


def data_card(facts: RunFacts) -> str:
    """The card as Markdown: front matter, then the verdict in the first line, then what a user has to know.

    It holds no rows and no values of real rows, and no categories but those that a sentence about groups names.
    """
    sections = [
        _front_matter(facts),
        f"**{facts.overall or 'NOT JUDGED'}.** {verdict_sentence(facts)}\n{_doubts(facts)}",
        f"# {_text(facts.name or 'Synthetic data')}\n\n{_what_it_is(facts)}",
        f"## How it was made\n\n{_how_made(facts)}",
        f"## What was measured\n\n{_measured(facts)}",
        f"## What experts said\n\n{_experts(facts)}" if facts.review else "",
        f"## The mix\n\n{_mix(facts)}" if facts.record.get("mix") and not facts.withheld else "",
        f"## Intended use\n\n{_use(facts)}",
        f"## Limits and known gaps\n\n{_limits(facts)}",
        f"## How to make it again\n\n{_again(facts)}",
    ]
    return "\n\n".join(section.strip() for section in sections if section) + "\n"


def _front_matter(facts: RunFacts) -> str:
    import yaml

    rows = facts.sizes.get("synthetic")
    target_kind = _kinds(facts).get(str(facts.analysis.get("target")))
    task = "tabular-regression" if target_kind in {"integer", "float"} else "tabular-classification"
    fields: dict[str, Any] = {
        "pretty_name": shorten(_line(facts.name or "Synthetic data"), 80),
        "license": facts.recipe.get("license"),
        "language": facts.recipe.get("language"),
        "annotations_creators": ["machine-generated"],
        "tags": ["synthetic", "tabular", "synthwright"],
        "size_categories": None if rows is None else [next((name for top, name in _SIZES if rows < top), "10M<n<100M")],
        "source_datasets": [f"extended|{shorten(str(source), 80)}" for source in _sources(facts)] or None,
        "task_categories": [task] if facts.analysis.get("target") else None,
        "configs": None
        if facts.withheld or not facts.record.get("method")
        else [{"config_name": "default", "data_files": "synthetic.parquet"}],
    }
    kept = {
        key: _line(value) if isinstance(value, str) else value for key, value in fields.items() if value is not None
    }
    return f"---\n{yaml.safe_dump(kept, sort_keys=False, allow_unicode=True, width=120)}---"


def _doubts(facts: RunFacts) -> str:
    lines = [f"- {_text(signs(reason), 600)}" for reason in facts.reasons]
    if said := caution(facts):
        lines.append(f"- {_text(said, 600)}")
    return "\n" + "\n".join(lines) if lines else ""


def _what_it_is(facts: RunFacts) -> str:
    rows, kinds = count(facts.sizes.get("synthetic")), _kinds(facts)
    columns = f" and {len(kinds)} columns" if kinds else ""
    told = [
        f"A synthetic table of {rows} rows{columns}, made by a program that learnt from real rows.",
        "A row may equal a real one by coincidence; how often it does is measured below where a holdout was declared.",
    ]
    if facts.analysis.get("target"):
        told.append(f"The target is {_code(facts.analysis['target'])}.")
    paragraphs = [" ".join(told)]
    paragraphs += [
        f"{key.capitalize()}: {_text(facts.recipe[key], 600)}"
        for key in ("purpose", "because")
        if facts.recipe.get(key)
    ]
    return "\n\n".join(paragraphs)


def _how_made(facts: RunFacts) -> str:
    record, sizes = facts.record, facts.sizes
    rows = [
        ("Method", _code(record["method"]) if record.get("method") else None),
        ("Seed", _text(record["seed"]) if record.get("seed") is not None else None),
        ("Learnt from", f"{count(sizes.get('train'))} real rows (train)"),
        (
            "Judged against",
            f"{count(sizes.get('holdout'))} real rows that nothing learnt from (holdout)"
            if facts.has_holdout
            else "no holdout",
        ),
        ("Lineage", _lineage(record) if record.get("lineage") else None),
        ("Constraints", _text(_kept(record), 160) if record.get("constraints") else None),
        ("Gates", _text(facts.verdict["preset"]) if facts.verdict.get("preset") else None),
        ("Made", _text(moment(str(record["created"]))) if record.get("created") else None),
        ("synthwright", _text(record["synthwright"]) if record.get("synthwright") else None),
    ]
    return _table(("", ""), [(name, value) for name, value in rows if value is not None])


def _lineage(record: Mapping[str, Any]) -> str:
    """How many generators lie between the rows and real ones, and how many rows of which table are synthetic."""
    lineage = _mapping(record["lineage"])
    learnt_from = _mapping(lineage.get("learnt_from"))
    depth, share = lineage.get("depth"), learnt_from.get("share")
    told = f"depth {_text(depth)}; synthetic share: 100 % of these rows"
    if not isinstance(share, int | float):
        return told
    return f"{told}, {100 * share:.0f} % of those they were learnt from"


def _kept(record: Mapping[str, Any]) -> str:
    """How many constraints are kept how, and what that took."""
    acceptance = _mapping(record.get("acceptance")).get("constraints")
    rules = {str(kind): lines for kind, lines in _mapping(record["constraints"]).items() if isinstance(lines, list)}
    return kept_briefly(rules, acceptance if isinstance(acceptance, float) else None)


def _measured(facts: RunFacts) -> str:
    rows = [
        (
            _text(title_of(m.metric)),
            plain(m.estimate.value),
            interval(m.estimate),
            middle(m.holdout),
            middle(m.baseline),
            direction(m),
        )
        for m in facts.headlines
    ]
    if not rows:
        return "Nothing was measured."
    table = _table(("figure", "value", "interval", "unseen real rows (ceiling)", "no skill (floor)", "better"), rows)
    note = (
        "Unseen real rows score the same figure at the same sizes: as good as honest data gets. "
        "Intervals cover sampling error only. All figures stand in `measurements.json`, pictures in `report.html`."
    )
    words = ", ".join(f"{_text(title_of(metric))} {word}" for metric, word in facts.risks.items())
    told = f"\n\nPrivacy risk in a word, as the gates judged each figure: {words}." if words else ""
    return f"{table}\n\n{note}{told}"


def _mix(facts: RunFacts) -> str:
    """The synthetic share of the rows to train on, by what they were chosen, and what to mind of them."""
    told = _mapping(facts.record["mix"])
    warnings = told["warnings"] if isinstance(told.get("warnings"), list) else []
    lines = [f"- {_text(one, 600)}" for one in mix_sentences(told)]
    lines += [f"- Mind: {_text(one, 600)}" for one in warnings[:20]]
    rows = [(_text(one[0], 60), _text(one[1], 40), *one[2:]) for one in mix_changes(told)[:20]]
    heads = ("groups of", "figure", "real rows", "mix", "difference (95 % interval)")
    return "\n".join(lines) + (f"\n\n{_table(heads, rows)}" if rows else "")


def _experts(facts: RunFacts) -> str:
    told = [(_text(what, 120), _text(figure, 120)) for what, figure in reviewed(facts)]
    note = (
        "Experts judged a sample of the rows. Rows made wrong on purpose were among them, to measure what they catch; "
        "the rates hold for the whole table. `review.json` has all figures."
    )
    return f"{_table(('', ''), told)}\n\n{note}"


def _use(facts: RunFacts) -> str:
    lines = ["- Developing and testing software, teaching, and trying out models before real data may be used."]
    if any(m.metric.startswith("utility.") for m in facts.measurements):
        lines.append("- Training models for the target, within what the utility figures above show.")
    lines.append("- Not for statements about single people, and not as the only ground for decisions about people.")
    return "\n".join(lines)


def _limits(facts: RunFacts) -> str:
    lines = [
        "- Only dependences that the method found are here; rare combinations may be missing or wrong.",
        "- Flaws and biases of the real rows are likely to be here as well.",
    ]
    if any(m.metric in {"privacy.dcr_share", "privacy.nndr"} for m in facts.measurements):
        lines.append("- The DCR share is a figure of similarity, not privacy: it bounds no attack.")
    left_out = facts.record.get("left_out")
    lines += [f"- Left out: {_code(name)}: {_text(why, 200)}" for name, why in _mapping(left_out).items()]
    lines += _made_up(facts) if facts.record.get("method") else []
    lines.append("- No privacy budget (ε, δ) is claimed." if not facts.record.get("epsilon") else "")
    if not facts.has_holdout:
        lines.append("- No holdout was declared: there are no ceilings, and copies can't be told from coincidence.")
    lines += [
        f"- Skipped: {_code(entry.metric)}{f': {_text(entry.reason, 200)}' if entry.reason else ''}"
        for entry in facts.skipped
    ]
    if facts.not_measured:
        lines.append(f"- {wanting(facts)[:-1]}: {', '.join(_code(entry.metric) for entry in facts.not_measured)}.")
    return "\n".join(line for line in lines if line)


def _made_up(facts: RunFacts) -> list[str]:
    """What stands in for values that may not be shown, and which columns come from no method."""
    folded = _mapping(facts.record.get("folded"))
    lines = [f"- Folded: {_code(name)}: {_text(what, 200)}." for name, what in list(folded.items())[:10]]
    lines += [
        f"- In {share:.0%} of the real rows {_code(name)} has a value that fewer than 5 have: listed ones stand in."
        for name, share in list(_mapping(facts.analysis.get("unlisted")).items())[:10]
        if isinstance(share, float) and name not in folded
    ]
    contents = _mapping(facts.analysis.get("contents"))
    names = [name for name, kind in _kinds(facts).items() if kind == "id" or name in contents]
    if names:
        lines.append(f"- Made up, and linked with no other column: {', '.join(map(_code, names[:10]))}.")
    return lines


def _again(facts: RunFacts) -> str:
    record = facts.record
    command = record.get("command")
    told = " ".join(str(part) for part in command) if isinstance(command, list) else str(command or "")
    parts = [f"```\n{shorten(_line(told), 400).replace('```', '')}\n```"] if told else []
    digests = [
        (
            _text(entry.get("name")) + (f" ({count(entry['rows'])} rows)" if entry.get("rows") is not None else ""),
            _code(entry.get("digest")),
        )
        for entry in record.get("inputs") or []
        if isinstance(entry, Mapping)
    ]
    outputs = record.get("digests")
    digests += [(_text(name), _code(digest)) for name, digest in _mapping(outputs).items()]
    if digests:
        parts.append(_table(("content", "SHA-256"), digests))
    parts.append("`record.json` has settings, versions and times; `synthwright verify` re-checks the files of a run.")
    return "\n\n".join(parts)


def _sources(facts: RunFacts) -> list[str]:
    source = facts.recipe.get("data") or facts.record.get("data")
    return [re.split(r"[/\\]", _line(str(source)))[-1]] if source else []


def _kinds(facts: RunFacts) -> Mapping[str, Any]:
    return _mapping(facts.analysis.get("kinds"))


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [heads, ("---",) * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _text(value: Any, limit: int = 80) -> str:
    """A text that can't leave its place in Markdown or turn into HTML; commands in backticks stay as they are."""
    line = shorten(_line(str(value)), limit)
    if line.count("`") % 2:  # a lone one would pair with the next on the page
        line = line.replace("`", "'")
    line = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([\\*\[\]|#!])", r"\\\1", line)


def _code(value: Any) -> str:
    """A name as code, where nothing can be escaped: marks that could end code, cell or text are replaced."""
    return f"`{shorten(_line(str(value)), 80).translate(_UNCODED)}`"


def _line(text: str) -> str:
    return " ".join(text.split())
