# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the software can do is documented, and what is documented is so."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import nbformat
import pytest
import yaml
from nbclient import NotebookClient

from wijkeconomie.cli import cli
from wijkeconomie.figures.registry import read as read_registry
from wijkeconomie.figures.registry import registry

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
REFERENCE = DOCS / "reference"
PAGES = sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md")])
FIRST_SCREEN = 40  # lines of a README that one sees without scrolling far


def text(name: str) -> str:
    return (REFERENCE / name).read_text("utf-8")


def commands(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    yield name, command
    for child, below in getattr(command, "commands", {}).items():
        yield from commands(below, f"{name} {child}")


def settings_in_code() -> set[str]:
    """Every variable of the environment that production code asks for."""
    asked = re.compile(r"environ(?:\.get\(|\[)\s*\"([A-Z0-9_]+)\"")
    code = "\n".join(p.read_text("utf-8") for p in (ROOT / "src").rglob("*.py"))
    return set(asked.findall(code)) - {"DJANGO_SETTINGS_MODULE"}


def test_the_reference_says_what_the_code_does() -> None:
    done = subprocess.run(
        [sys.executable, "tools/docs.py", "--check"], cwd=ROOT, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_indicator_and_column_is_documented() -> None:
    page = text("indicators.md")
    assert [i for i in registry().indicators if f"### `{i}`" not in page] == []
    assert [c for c in registry().columns if f'id="column-{c}"' not in page] == []


def test_every_command_and_every_option_is_documented() -> None:
    page = text("cli.md")
    for name, command in commands(cli, "wijkeconomie"):
        _, found, part = page.partition(f"## `{name}`\n")
        assert found, name
        part = part.partition("\n## ")[0]
        options = [p.opts[0] for p in command.params if isinstance(p, click.Option)]
        assert [option for option in options if f"`{option}`" not in part] == []


def test_every_setting_is_documented() -> None:
    page = text("settings.md")
    assert [name for name in settings_in_code() if f"`{name}`" not in page] == []


def test_no_setting_is_documented_that_nobody_reads() -> None:
    named = set(re.findall(r"^\| `(WIJKECONOMIE_[A-Z_0-9]+)`", text("settings.md"), re.MULTILINE))
    read = set(re.findall(r"WIJKECONOMIE_[A-Z_0-9]+", _code()))
    assert named - read == set()


def _code() -> str:
    folders = (ROOT / "src", ROOT / "tests")
    return "\n".join(p.read_text("utf-8") for f in folders for p in f.rglob("*.py"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    words = page.read_text("utf-8")
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", words):
        path, _, anchor = target.partition("#")
        if path.startswith(("http://", "https://")):
            continue
        there = (page.parent / path) if path else page
        is_page = there.suffix == ".md" and there.exists()
        if not there.exists() or (anchor and is_page and anchor not in _anchors(there)):
            broken.append(target)
    assert broken == []


def _anchors(page: Path) -> set[str]:
    words = page.read_text("utf-8")
    titles = re.findall(r"^#+ (.*)$", words, re.MULTILINE)
    heads = (re.sub(r"[^\w\- ]", "", title.lower()).strip() for title in titles)
    return {head.replace(" ", "-") for head in heads} | set(re.findall(r'id="([^"]+)"', words))


def test_the_first_screen_of_the_readme_has_every_make_target() -> None:
    screen = (ROOT / "README.md").read_text("utf-8").splitlines()[:FIRST_SCREEN]
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert targets
    assert [t for t in targets[1].split() if f"`make {t}`" not in "\n".join(screen)] == []


def test_the_readme_counts_the_indicators() -> None:
    found = re.search(r"(\d+) indicators", (ROOT / "README.md").read_text("utf-8"))
    assert found
    assert int(found[1]) == len(registry().indicators)


def test_every_dependency_has_its_licence_and_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    page = (DOCS / "decisions" / "0009-dependencies.md").read_text("utf-8")
    wanted = {re.split(r"[\[><=~!;]", name)[0] for name in project["dependencies"]}
    assert set(re.findall(r"^\| ([a-z][a-z0-9-]+) \| (?!licence)", page, re.MULTILINE)) == wanted


@pytest.mark.parametrize("page", sorted((DOCS / "decisions").glob("*.md")), ids=lambda p: p.stem)
def test_a_decision_fits_on_a_page_and_says_when_we_return(page: Path) -> None:
    words = page.read_text("utf-8")
    parts = ("**Context.**", "**Decision.**", "**Consequences.**", "**We return to this when**")
    assert [part for part in parts if part not in words] == []
    assert len(words.splitlines()) <= 60


def test_publiccode_is_what_version_0_4_asks() -> None:
    made = yaml.safe_load((ROOT / "publiccode.yml").read_text("utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    needed = {
        "publiccodeYmlVersion", "name", "url", "releaseDate", "platforms", "categories",
        "developmentStatus", "softwareType", "description", "legal", "maintenance", "localisation",
    }  # fmt: skip
    assert needed <= set(made)
    assert made["publiccodeYmlVersion"] == "0.4"
    assert made["legal"]["license"] == project["license"] == "EUPL-1.2"
    assert made["softwareVersion"] == project["version"]
    for words in made["description"].values():
        assert len(words["shortDescription"]) <= 150
        assert 150 <= len(words["longDescription"]) <= 10_000
        assert all(len(feature) <= 100 for feature in words["features"])


def test_the_tutorial_runs() -> None:
    notebook: Any = nbformat.read(DOCS / "tutorial" / "scan.ipynb", as_version=4)
    assert all(not cell.get("outputs") for cell in notebook.cells)  # what it says is made now
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    said = "".join(
        output.get("text", "") for cell in notebook.cells for output in cell.get("outputs", ())
    )
    assert "comparable" in said
    shown = "".join(
        output.get("data", {}).get("text/plain", "")
        for cell in notebook.cells for output in cell.get("outputs", ())
    )  # fmt: skip
    assert ("late" in shown, "(fictief), voorb" in shown) == (True, True)  # words, no bare codes
    assert "was not yet in the table" in said


def test_every_source_file_says_its_licence() -> None:
    ours = [
        *(ROOT / "src").rglob("*.py"),
        *(ROOT / "tests").rglob("*.py"),
        *ROOT.glob("tools/*.py"),
    ]
    filled = [p for p in ours if p.stat().st_size and "migrations" not in p.parts]
    bare = [p for p in filled if "SPDX-License-Identifier" not in p.read_text("utf-8")[:300]]
    assert bare == []


def test_the_contract_on_networks_names_every_module_of_figures_but_the_sources() -> None:
    """A module that it does not name may talk to anyone: of others only the door by which a table
    that somebody uploads comes to the sources."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    (named,) = [
        set(c["source_modules"]) for c in contracts["contracts"]
        if c["name"].startswith("Only figures.sources")
    ]  # fmt: skip
    folder = ROOT / "src/wijkeconomie/figures"
    modules = {
        p.stem for p in folder.iterdir() if p.suffix == ".py" or (p / "__init__.py").exists()
    }
    expected = {
        f"wijkeconomie.figures.{m}" for m in modules - {"__init__", "sources", "table_file"}
    }
    assert expected <= named


def test_the_entry_that_the_how_to_shows_is_understood() -> None:
    text = (ROOT / "docs/how-to/new-indicator.md").read_text("utf-8")
    shown = "\n".join(line[7:] for line in text.splitlines() if line.startswith("       "))
    folder = ROOT / "src/wijkeconomie/figures"
    columns, indicators = (
        (folder / f"{name}.toml").read_text("utf-8") for name in ("columns", "indicators")
    )
    column, _, indicator = shown.partition("\n[market_stalls_per_1000]")
    entry = f"[market_stalls_per_1000]{indicator}"
    found = read_registry(f"{columns}\n{column}", f"{indicators}\n{entry}").indicators
    told = found["market_stalls_per_1000"].description
    assert min(len(told.nl), len(told.en)) > 20


def test_the_readme_and_the_page_of_the_figures_count_the_same_subjects() -> None:
    said = re.findall(r"(\d+) indicators over", (ROOT / "README.md").read_text("utf-8"))
    assert said == [str(len(registry().indicators))]
