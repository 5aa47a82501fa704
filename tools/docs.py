# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Make docs/reference from the code itself: ``python tools/docs.py``; ``--check`` only compares.

The registry, the command line, the settings, the schema of a scan and the API describe themselves,
so these pages can never say anything else than what the software does.
"""

from __future__ import annotations

import ast
import json
import os
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
SRC = ROOT / "src" / "wijkeconomie"
TARGET = ROOT / "docs" / "reference"
HEAD = """<!-- SPDX-FileCopyrightText: The wijkeconomie contributors -->
<!-- SPDX-License-Identifier: EUPL-1.2 -->
<!-- Made by tools/docs.py from the code: do not edit, run `make docs`. -->
"""
# What the command line and the sources read; the site's own are in web/settings.py.
SETTINGS = {
    "WIJKECONOMIE_LANGUAGE": ("nl", "language of the command line, `nl` or `en`"),
    "WIJKECONOMIE_DEBUG": ("", "anything: show a traceback of a fault that we did not foresee"),
    "WIJKECONOMIE_CBS_V4": ("https://datasets.cbs.nl/odata/v1/CBS", "base address of CBS OData v4"),
    "WIJKECONOMIE_CBS_V3": (
        "https://opendata.cbs.nl/ODataFeed/odata",
        "base address of CBS OData v3",
    ),
    "WIJKECONOMIE_CBS_DERDEN": (
        "https://dataderden.cbs.nl/ODataFeed/OData",
        "base address of the tables that CBS publishes for others (OData v3)",
    ),
    "WIJKECONOMIE_CBS_API": ("", "`v4` or `v3`: ask only that version (empty: v4, then v3)"),
    "WIJKECONOMIE_PDOK": ("https://api.pdok.nl/cbs", "base address of PDOK OGC API Features"),
    "WIJKECONOMIE_ADDRESS": ("http://127.0.0.1:8000", "address of the site, in links for people"),
    "HTTPS_PROXY": ("", "proxy for CBS and PDOK; `HTTP_PROXY` and `NO_PROXY` hold too"),
}
SETTINGS_OF_TESTS = {
    "WIJKECONOMIE_SHARED": ("../shared", "folder with real data and bad input for the tests"),
    "CI": ("", "anything: a test that is skipped fails the run"),
}


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def _cell(value: object) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ")


def code(names: Iterable[object]) -> str:
    return ", ".join(f"`{name}`" for name in names)


# -- instruments
def instruments() -> str:
    from wijkeconomie.planning.instruments import library  # noqa: PLC0415

    known = library()
    levels = [(f"`{level}`", words.nl, words.en) for level, words in known.evidence.items()]
    head = (
        HEAD + f"# Instruments\n\n{len(known.instruments)} instruments over four perspectives. "
        "Costs are the makers' estimates in whole euros (low, likely, high), to begin a plan with: "
        "no quotes. Hours are of municipality and partners.\n\n"
        + table(("evidence", "nl", "en"), levels)
    )
    return "\n\n".join([head, *map(_instrument, known.instruments.values())]) + "\n"


def _instrument(entry: Any) -> str:
    rows = [(name, getattr(entry, name).nl, getattr(entry, name).en)
            for name in ("what", "whom", "elements", "conditions", "per")]  # fmt: skip
    sources = "".join(
        f"\n- [{one.title}]({one.link}), read {one.read}: {one.says.nl} / {one.says.en}"
        for one in entry.sources
    )
    searched = f" {entry.searched.nl} / {entry.searched.en}" if entry.searched else ""
    low, likely, high = entry.cost
    return (
        f"## `{entry.id}`\n\n**{entry.name.nl}** / **{entry.name.en}** ({entry.perspective}; "
        f"evidence `{entry.evidence}`)\n\n{table(('', 'nl', 'en'), rows)}\n\n"
        f"Cost {low}, {likely}, {high} euros; {entry.hours} hours; {entry.space} m². "
        f"Sources:{searched}\n{sources}"
    )


# -- rules
def rules() -> str:
    from wijkeconomie.acting.rules import names, shipped  # noqa: PLC0415

    called = names()
    rows = [
        (f"`{one.key}`", called[one.key].nl, called[one.key].en, one.jurisdiction,
         _value(one), one.valid_from,
         one.valid_until or "", f"[{one.source}]({one.link})" if one.link else one.source,
         one.checked_on or "to be confirmed")
        for one in shipped()
    ]  # fmt: skip
    head = ("key", "nl", "en", "of", "value", "from", "up to and including", "source", "checked on")
    return (
        HEAD + f"# Rules\n\n{len(rows)} rules with a date, as they come with the program. Of a "
        "municipality its own rule goes before that of the country (NL) and that of the EU; a row "
        "without an end holds until the next begins. *To be confirmed*: nobody compared it with "
        "its source, so that the municipality does before it counts on it. Where a source does not "
        "say since when it holds, *from* is the day on which we read it.\n\n"
        + table(head, rows) + "\n"
    )  # fmt: skip


def _value(one: Any) -> str:
    if one.unit == "cents":
        return f"€ {one.value / 100:,.2f}".removesuffix(".00")
    return "table" if one.unit == "table" else f"{one.value} {one.unit}"


# -- indicators
def indicators() -> str:
    from wijkeconomie.figures.registry import CONTEXT, PERSPECTIVES, registry  # noqa: PLC0415

    known = registry()
    parts = [
        HEAD + f"# Indicators\n\n{len(known.indicators)} indicators over four perspectives and the "
        "context that chooses comparable areas, made of the columns at the end of this page. An id "
        "never changes meaning.\n\n"
        "**Better** says which side is good; **at least** is the smallest denominator for which we "
        "compute a figure; **lever** says whether a municipality can move it."
    ]
    for perspective in (*PERSPECTIVES, CONTEXT):
        parts.append(f"## {perspective.capitalize()}")
        parts += [_indicator(entry) for entry in known.of_perspective(perspective)]
    parts.append(_wholes(known))
    parts += [_tables(known.tables), _series(known), _columns(known.columns.values())]
    return "\n\n".join(parts) + "\n"


def _indicator(entry: Any) -> str:
    inputs = ", ".join(
        f"{name} = [`{column}`](#column-{column})" for name, column in entry.inputs.items()
    )
    rows = [
        ("unit", f"{entry.unit}, {entry.decimals} decimals"),
        ("better", entry.better),
        ("formula", f"`{entry.formula}`({inputs})"),
        ("years", _years(entry)),
        ("lever", entry.lever),
    ]
    if entry.denominator:
        rows.append(("of", f"`{entry.denominator}`, at least {entry.minimum:g}"))
    if entry.whole:
        rows.append(("counted of", f"`{entry.whole}`"))
    if entry.uncounted:
        rows.append(("no number", f"{entry.uncounted.nl} / {entry.uncounted.en}"))
    if entry.unaveraged:
        rows.append(("not compared", f"{entry.unaveraged.nl} / {entry.unaveraged.en}"))
    if entry.matters:
        rows.append(("matters from", f"{entry.matters:g}"))
    if entry.one:
        rows.append(("one differs by", f"{entry.one:g}"))
    if entry.perspective == "context":
        rows.append(("peers", _peers(entry)))
    rows += [(f"break {b.year}", f"{b.why.nl} / {b.why.en}") for b in entry.breaks]
    return (
        f"### `{entry.id}`\n\n**{entry.label.nl}** / **{entry.label.en}**\n\n"
        f"{entry.description.nl}\n\n{entry.description.en}\n\n" + table(("", ""), rows)
    )


def _wholes(known: Any) -> str:
    rows = [
        (
            f"[`{entry.id}`](#{entry.id})",
            code([entry.inputs.get("part") or next(iter(entry.inputs.values()))]),
            code(column for name, column in entry.inputs.items() if name != "part")
            if "part" in entry.inputs else "published as a rate",
            code([whole.id]) if (whole := known.whole(entry)) else "none",
            entry.uncounted.en if entry.uncounted else _number(entry, known),
        )
        for entry in known.indicators.values()
        if entry.is_rate
    ]  # fmt: skip
    head = ("indicator", "numerator", "divided by", "counted of", "number in an opgave")
    return (
        "## Of whom each rate is\n\nA number of people, homes or firms is the rate times the "
        "count of exactly those whom the source means, in the year of the figure or at most three "
        "years before; never of another group. Where no table gives that count there is no "
        "number. Of a rate that we compute it counts the numerator, so it is right too where that "
        "reaches further than what it is divided by (benefits to the pension age, young people of "
        "15 to 26); the description of the indicator says so.\n\n" + table(head, rows)
    )


def _number(entry: Any, known: Any) -> str:
    from wijkeconomie.insight.opgave import COUNTED, counted  # noqa: PLC0415

    if not entry.judged:
        return "not judged"
    what = counted(entry, known)
    return what if what in COUNTED else f"none: it is about {what}"


def _years(entry: Any) -> str:
    if not entry.since:
        return "those that a table holds"
    return f"{entry.since} to {entry.until}" if entry.until else f"{entry.since} and later"


def _peers(entry: Any) -> str:
    if not entry.weight:
        return "does not choose comparable areas"
    group = f" in group {entry.group}" if entry.group else ""
    return f"weight {entry.weight:g}{group}, scaled {entry.transform}"


def _tables(tables: Iterable[Any]) -> str:
    rows = [(t.year, f"`{t.id}`", "yes" if t.verified else "not yet") for t in tables]
    return (
        "## Tables of CBS\n\nWhich table holds which year is compared with what the table says of "
        "itself before it is read; *seen* means that its metadata were studied for the columns "
        "below.\n\n" + table(("year", "table", "seen"), rows)
    )


def _series(known: Any) -> str:
    rows = [
        (
            f"{series.title.nl} / {series.title.en}",
            series.publisher,
            ", ".join(
                f"`{id_}` ({first})" if first == last else f"`{id_}` ({first} to {last})"
                for id_, (first, last) in series.tables.items()
            ),
            "; ".join(
                f"[`{pick.column}`](#column-{pick.column}) = {pick.measure}"
                + "".join(f", {name} {member}" for name, member in pick.where.items())
                for pick in series.picks
            ),
            series.seen,
        )
        for series in known.series
    ]
    head = ("tables", "of", "table (years)", "what we read", "verified in")
    return (
        "## Related tables\n\nOf these only the figures named here are read. The year of the "
        "areas, the periods, the members and the unit are compared with what the table says of "
        "itself; one that differs is told and left out.\n\n" + table(head, rows)
    )


def _columns(columns: Iterable[Any]) -> str:
    rows = [
        (
            f'<a id="column-{c.id}"></a>`{c.id}`',
            c.unit,
            f"{c.kind} of `{c.of}`" if c.of else c.kind,
            f"{c.rounding:g}",
            *(code(names) for names in (c.codes, c.names, c.mnemonics)),
            "; ".join(c.titles),
            code(c.own),
        )
        for c in columns
    ]
    head = ("column", "unit", "kind", "rounded to", "OData v4", "OData v3", "KWB files, PDOK",
            "StatLine", "own tables")  # fmt: skip
    return (
        "## Columns\n\nUnder which names a column is recognised. Case, accents, punctuation and "
        "the number at the end of an OData v3 name do not matter; an empty place means that this "
        "source does not have the column, or that its name is not known to us.\n\n"
        + table(head, rows)
    )


# -- command line
def command_line() -> str:
    os.environ["WIJKECONOMIE_LANGUAGE"] = "en"
    from wijkeconomie.cli import cli  # noqa: PLC0415 -- after the language is set

    parts = [
        HEAD + "# Command line\n\nAnswers go to standard output, messages to standard error.\n\n"
        + table(("exit code", "meaning"), [
            (0, "done"),
            (1, "data or a service were refused, or no figures were loaded; nothing changed"),
            (2, "wrong use; so is a code, name, level, year, figure or table that is not there"),
            (75, "another process writes this folder"), (130, "interrupted"),
            (141, "the reader of a pipe went away"),
        ])
    ]  # fmt: skip
    parts += list(_commands(cli, "wijkeconomie"))
    return "\n\n".join(parts) + "\n"


def _commands(command: Any, name: str) -> Iterator[str]:
    import click  # noqa: PLC0415 -- only for this page

    context = click.Context(command, info_name=name)
    usage = " ".join([name, *command.collect_usage_pieces(context)])
    options = [p for p in command.params if isinstance(p, click.Option)]
    rows = [(code(p.opts), _values(p), p.help or "") for p in options]
    listed = "\n\n" + table(("option", "values", ""), rows) if rows else ""
    yield f"## `{name}`\n\n{command.help}\n\n    {usage}{listed}"
    for child, below in sorted(getattr(command, "commands", {}).items()):
        yield from _commands(below, f"{name} {child}")


def _values(option: Any) -> str:
    choices = getattr(option.type, "choices", None)
    if choices:
        said = " | ".join(choices)
    else:
        said = "" if option.is_flag else option.metavar or option.type.name
    plain = isinstance(option.default, str | int) and not isinstance(option.default, bool)
    return f"{said} (default {option.default})" if plain else said


# -- settings
def settings() -> str:
    site = ast.get_docstring(ast.parse((SRC / "web" / "settings.py").read_text("utf-8"))) or ""
    rows = [
        tuple(re.split(r"\s{2,}|(?<=\w)\s(?=\d)", line.strip(), maxsplit=2))
        for line in site.splitlines()
        if re.match(r"[A-Z_]{4,} ", line)
    ]
    head = ("variable", "default", "what")
    others = [(f"`{name}`", default, what) for name, (default, what) in SETTINGS.items()]
    tests = [(f"`{name}`", default, what) for name, (default, what) in SETTINGS_OF_TESTS.items()]
    return (
        HEAD + "# Settings\n\nAll settings come from the environment.\n\n## The site\n\n"
        + table(head, [(f"`{row[0]}`", *row[1:]) for row in rows])
        + "\n\n## Command line and sources\n\n" + table(head, others)
        + "\n\n## Tests\n\n" + table(head, tests) + "\n"
    )  # fmt: skip


# -- scan
def scan() -> str:
    schema = json.loads((SRC / "insight" / "scan.schema.json").read_text("utf-8"))
    parts = [
        HEAD + f"# A scan as JSON\n\n{schema['description']}\n\nThe schema itself: "
        "[scan.schema.json](../../src/wijkeconomie/insight/scan.schema.json)."
    ]
    for name, body in schema["$defs"].items():
        rows = [(f"`{key}`", _type(what), what.get("description", "")) for key, what in _keys(body)]
        about = body.get("description", "")
        shown = table(("key", "type", ""), rows) if rows else _type(body)
        parts.append(f"## {name}\n\n" + "\n\n".join(filter(None, (about, shown))))
    return "\n\n".join(parts) + "\n"


def _keys(body: dict[str, Any]) -> Iterable[tuple[str, dict[str, Any]]]:
    return dict(body.get("properties", {})).items()


def _type(what: dict[str, Any]) -> str:
    if "$ref" in what:
        name = what["$ref"].rsplit("/", 1)[-1]
        return f"[{name}](#{name})"
    if "enum" in what:
        return code(what["enum"])
    for choice in ("oneOf", "anyOf"):
        if choice in what:
            return " or ".join(_type(one) for one in what[choice])
    if what.get("type") == "array" and isinstance(what.get("items"), dict):
        return f"list of {_type(what['items'])}"
    kind = what.get("type", "")
    return " or ".join(kind) if isinstance(kind, list) else kind


# -- API
def api() -> str:
    os.environ["DJANGO_SETTINGS_MODULE"] = "wijkeconomie.web.settings"
    with tempfile.TemporaryDirectory() as nowhere:  # the settings make a key there
        os.environ["WIJKECONOMIE_DATA"] = nowhere
        import django  # noqa: PLC0415 -- heavy

        django.setup()
        from wijkeconomie.web import api as site  # noqa: PLC0415 -- after setup

        described = site.api.get_openapi_schema()
    parts = [
        HEAD + "# API\n\nPublic figures, read only, under `/api/v1`. The OpenAPI document is at "
        "`/api/v1/openapi.json`. What is refused comes as `application/problem+json` (RFC 9457)."
    ]
    for path, methods in described["paths"].items():
        parts += [_operation(path, method, body) for method, body in methods.items()]
    return "\n\n".join(parts) + "\n"


def _operation(path: str, method: str, body: dict[str, Any]) -> str:
    rows = [
        (f"`{p['name']}`", p["in"], "yes" if p.get("required") else "", p.get("description")
         or p["schema"].get("description", ""))
        for p in body.get("parameters", ())
    ]  # fmt: skip
    said = "\n\n".join(filter(None, (body.get("summary", ""), body.get("description", ""))))
    listed = "\n\n" + table(("parameter", "in", "needed", ""), rows) if rows else ""
    return f"## {method.upper()} `{path}`\n\n{said}{listed}"


# -- guides
GUIDES = """# Conversation guides

What we take of [XLSForm](https://xlsform.org). A cell that would change what is asked and that we
do not take is refused, with sheet, row and cell; one that changes nothing is left and told.

## Kinds of question

{kinds}

Left and told, because the app notes it or we do not want it: {left}. Every other type is refused,
also `calculate`, repeats, `rank`, `audio` and lists from a file.

## Columns

{columns}

The columns {texts} have a language: `label::Nederlands (nl)`. The code may be left out of
{languages}.

## Consent

A consent is a `select_one` of only `yes` and `no`, before all questions, called `consent_` and its
purpose, with the purpose in `{purpose}` and the version of its text in `{version}`. Purposes:
{purposes}. It has a text in every language of the guide. No answer means no. Languages that no
native speaker checked stand in the sheet settings, in `{unchecked}`.

## Conditions

{conditions}

Functions: {functions}.

## Bounds

{bounds}
"""


def guides() -> str:
    from wijkeconomie.fieldwork import condition, sheets, xlsform  # noqa: PLC0415 -- heavy
    from wijkeconomie.fieldwork.guide import KINDS, PURPOSES  # noqa: PLC0415 -- heavy

    kinds = {kind: [name for name, to in xlsform.TYPES.items() if to == kind] for kind in KINDS}
    kinds["group"] = ["begin_group", "end_group"]
    said = (condition.__doc__ or "").strip().replace(":data:`FUNCTIONS`", "the functions below")
    columns = [
        (f"`{name}`", code(known), code(sheets.REFUSED[name]))
        for name, known in sheets.KNOWN.items()
    ]
    return HEAD + GUIDES.format(
        kinds=table(("kind", "type in survey"), [(f"`{k}`", code(t)) for k, t in kinds.items()]),
        left=code(xlsform.KEPT_ANYWAY),
        columns=table(("sheet", "taken", "refused when a cell is filled"), columns),
        texts=code(sheets.TEXTS),
        languages=code(name for names in sheets.LANGUAGES.values() for name in names),
        purpose=sheets.PURPOSE, version=sheets.VERSION, unchecked=sheets.UNCHECKED,
        purposes=code(PURPOSES),
        conditions=said.replace("``", "`"),
        functions=code(condition.FUNCTIONS),
        bounds=table(("what", "most"), _bounds()),
    )  # fmt: skip


def _bounds() -> list[tuple[str, int]]:
    from wijkeconomie.fieldwork import checks, condition, sheets, xlsform  # noqa: PLC0415 -- heavy

    return [
        ("questions", checks.MOST_QUESTIONS),
        ("choices of a question", checks.MOST_CHOICES),
        ("groups within each other", checks.MOST_DEEP),
        ("characters of a text", checks.MOST_CHARACTERS),
        ("characters of a condition", condition.MOST_CHARACTERS),
        ("brackets and functions within each other", condition.MOST_DEEP),
        ("rows of a sheet", sheets.MOST_ROWS),
        ("columns of a sheet", sheets.MOST_COLUMNS),
        ("bytes of a file", xlsform.MOST_BYTES),
        ("bytes of a file, unpacked", xlsform.MOST_UNPACKED),
    ]


def pages() -> dict[Path, str]:
    made = {
        "indicators": indicators, "instruments": instruments, "cli": command_line,
        "settings": settings, "scan": scan, "api": api, "guides": guides, "rules": rules,
    }  # fmt: skip
    return {TARGET / f"{name}.md": make() for name, make in made.items()}


def main() -> None:
    made = pages()
    stale = [path for path, text in made.items() if not path.exists() or path.read_text() != text]
    if "--check" in sys.argv:
        for path in stale:
            print(f"stale: {path.relative_to(ROOT)}; run `make docs`")
        print(f"docs: {len(made)} pages of reference, {len(stale)} stale")
        sys.exit(bool(stale))
    TARGET.mkdir(parents=True, exist_ok=True)
    for path in stale:
        path.write_text(made[path], "utf-8")
        print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
