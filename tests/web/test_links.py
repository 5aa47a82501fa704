# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""An address that a source gives becomes a link only when it is one of the web."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template import Context, Template

from wijkeconomie import web
from wijkeconomie.web.templatetags.figures import safe_link

HARMFUL = ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//evil.example", ""]
TEMPLATES = Path(web.__file__).parent / "templates"


@pytest.mark.parametrize("url", ["https://www.cbs.nl/x", "http://opendata.cbs.nl/x"])
def test_an_address_of_the_web_is_a_link(url: str) -> None:
    assert safe_link(url)


@pytest.mark.parametrize("url", [*HARMFUL, "JAVASCRIPT:alert(1)", " https://a.nl", "httpsx://a.nl"])
def test_any_other_address_is_none(url: str) -> None:
    assert not safe_link(url)


def test_without_the_check_a_link_would_run_a_script() -> None:
    """Escaping does not help: the harm is in the scheme."""
    made = Template('<a href="{{ url }}">').render(Context({"url": HARMFUL[0]}))
    assert made == '<a href="javascript:alert(1)">'


def test_no_template_links_to_an_address_of_a_source_without_the_check() -> None:
    found = []
    for path in TEMPLATES.rglob("*.html"):
        text = path.read_text("utf-8")
        for name in re.findall(r'href="{{ ([\w.]*origin\.url) }}"', text):
            before = text[: text.index(f'href="{{{{ {name} }}}}"')]
            found.append(before.endswith(f"{{% if {name}|safe_link %}}<a "))
    assert found == [True, True]
