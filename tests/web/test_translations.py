# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the site says in other languages is complete, current and compiled."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from django.utils import translation

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT / "tools"))

import messages  # noqa: E402


def test_every_message_has_dutch_and_the_catalogue_is_compiled() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "tools/messages.py", "--check"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    told = "".join(f"{code} translations current\n" for code in messages.PLURALS)
    assert (done.stdout, done.returncode) == (told, 0), done.stderr


def test_what_is_written_reads_back_equal() -> None:
    catalogue = {
        messages.Message("", 'a "quoted"\nline'): ("één \\ twee",),
        messages.Message("status", "known"): ("bekend",),
        messages.Message("", "{n} area", "{n} areas"): ("{n} gebied", "{n} gebieden"),
    }
    assert messages.read(messages.write(catalogue)) == catalogue


@pytest.mark.parametrize(
    ("english", "dutch"),
    [("{n} of {m}", "{n} van"), ("%(a)s here", "%(b)s hier"), ("plain", "")],
)
def test_dutch_with_other_fields_or_none_is_lacking(english: str, dutch: str) -> None:
    assert messages.lacking({messages.Message("", english): (dutch,)}) == [english]


ONE, MANY = "{n} place", "{n} places"


@pytest.mark.parametrize(
    ("code", "said", "wrong"),
    [
        ("pl", ("{n} miejsce", "{n} miejsca", "{n} miejsc"), False),
        ("pl", ("{n} miejsce", "{n} miejsc"), True),
        ("ar", ("لا مكان", "مكان", "مكانان", "{n} أماكن", "{n} مكانًا", "{n} مكان"), False),
        ("ar", ("لا مكان", "مكان", "مكانان", "{n} أماكن", "{n} مكانًا", "مكان"), True),
        ("uk", ("{m} місце", "{n} місця", "{n} місць"), True),
        ("nl", ("plek", "{n} plekken"), True),
    ],
)
def test_a_language_says_each_of_its_plurals(code: str, said: tuple[str, ...], wrong: bool) -> None:
    found = messages.lacking({messages.Message("", ONE, MANY): said}, code)
    assert found == ([ONE] if wrong else [])


def test_a_message_of_a_template_is_found_with_its_plural() -> None:
    from django.utils.translation.template import templatize

    source = (
        "{% blocktranslate count n=x %}{{ n }} wijk"
        "{% plural %}{{ n }} wijken{% endblocktranslate %}"
    )
    assert messages._of_template(templatize(source)) == {
        messages.Message("", "%(n)s wijk", "%(n)s wijken")
    }


def test_dutch_is_spoken_without_a_prefix_and_english_with() -> None:
    with translation.override("nl"):
        assert translation.gettext("Search") == "Zoek"
        assert translation.ngettext("{n} strength", "{n} strengths", 2) == "{n} krachten"
    with translation.override("en"):
        assert translation.gettext("Search") == "Search"
