# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What every answer carries, and what must never work."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from django.test import Client

from wijkeconomie.figures.release import Release
from wijkeconomie.web import context

PAGES = [
    "/", "/?zoek=molen", "/zoek/?zoek=molen", "/gebied/GM9901/", "/gebied/WK990101/",
    "/gebied/WK990101/vergelijkbaar/", "/vergelijk/", "/cijfers/", "/cijfers/population/",
    "/gebied/WK990101/cijfer/population/2024/", "/over/", "/toegankelijkheid/", "/programmas/",
    "/gebied/GM0001/", "/nergens/",
]  # fmt: skip
TEMPLATES = Path(__file__).parent.parent.parent / "src/wijkeconomie/web/templates"


@pytest.fixture
def visitor(release: Release) -> Client:
    return Client(headers={"host": "127.0.0.1"})


@pytest.mark.parametrize("page", PAGES)
def test_every_answer_carries_the_headers_that_browsers_obey(visitor: Client, page: str) -> None:
    headers = visitor.get(page).headers
    policy = dict(
        part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == "'self'"
    assert {policy[name] for name in ("script-src", "style-src", "connect-src")} == {"'self'"}
    for name in ("base-uri", "object-src", "frame-ancestors"):
        assert policy[name] == "'none'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "geolocation=()" in headers["Permissions-Policy"]


@pytest.mark.parametrize("page", PAGES)
def test_reading_sets_no_cookie(visitor: Client, page: str) -> None:
    assert not visitor.get(page).cookies


@pytest.mark.parametrize("page", PAGES)
def test_no_page_has_inline_script_or_style(visitor: Client, page: str) -> None:
    html = visitor.get(page).content.decode()
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", html)
    assert not re.search(r"<script(?![^>]*\ssrc=)", html)


ATTACKS = {
    "<script>alert(1)</script>": "&lt;script&gt;alert(1)&lt;/script&gt;",
    '"><img src=x onerror=alert(1)>': "&quot;&gt;&lt;img src=x onerror=alert(1)&gt;",
    "{{7*7}}": "{{7*7}}",
    "';--": "&#x27;;--",
    "molen\x00kade\x1b[31m": "molenkade[31m",
}


@pytest.mark.parametrize(("attack", "shown"), ATTACKS.items())
@pytest.mark.parametrize("field", ["/?zoek=", "/zoek/?zoek=", "/vergelijk/?erbij="])
def test_what_a_visitor_types_comes_back_as_text_and_nothing_else(
    visitor: Client, field: str, attack: str, shown: str
) -> None:
    html = visitor.get(field + quote(attack)).content.decode()
    assert f"“{shown}”" in html
    assert shown == attack or attack not in html
    assert not re.search("[\x00-\x08\x0b-\x1f]", html)


def test_a_foreign_host_name_is_refused(visitor: Client) -> None:
    assert visitor.get("/over/", headers={"host": "evil.example"}).status_code == 400
    assert visitor.get("/over/").status_code == 200  # now it is kept, and still
    assert visitor.get("/over/", headers={"host": "evil.example"}).status_code == 400


def test_names_of_areas_are_never_marked_safe() -> None:
    """Only drawings, which escape what they hold, go unescaped into a page."""
    safe = {
        match
        for path in TEMPLATES.rglob("*.html")
        if "report" not in path.parts
        for match in re.findall(r"\{\{\s*([\w.]+)\s*\|\s*safe", path.read_text("utf-8"))
    }
    assert {name.rsplit(".", 1)[-1] for name in safe} <= {
        "drawing",
        "map",
        "picture",
        "ranking",
        "quadrant",
    }


SENT = ["POST", "PUT", "PATCH", "DELETE", "TRACE"]
READABLE = ["/", "/gebied/GM9901/", "/over/", "/download/indicators.csv", "/beeld/map.svg"]


@pytest.fixture
def stranger(release: Release) -> Client:
    """Who has no token of ours, as whoever sends from elsewhere."""
    return Client(headers={"host": "127.0.0.1"}, enforce_csrf_checks=True)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "words"),
    [("", ("Dit formulier is niet aangenomen", "ander tabblad opnieuw bent ingelogd",
           "niets bewaard", "knop van uw browser")),
     ("/en", ("This form was not taken", "signed in again in another tab", "Nothing was kept",
              "button of your browser"))],
)  # fmt: skip
def test_a_form_that_is_not_trusted_says_why_what_was_kept_and_what_to_do(
    stranger: Client, language: str, words: tuple[str, ...]
) -> None:
    answer = stranger.post(f"{language}/mijn-bijdrage/", {"code": "x"})
    page = answer.content.decode()
    assert (answer.status_code, [one in page for one in words]) == (403, [True] * 4)
    assert "DEBUG" not in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sent", [{"code": "x" * 3_000_000}, {f"a{n}": "1" for n in range(2000)}], ids=["long", "many"]
)
@pytest.mark.parametrize("checks", [True, False])
def test_a_form_that_is_too_large_says_so(sent: dict[str, str], checks: bool) -> None:
    client = Client(headers={"host": "127.0.0.1"}, enforce_csrf_checks=checks)
    client.get("/mijn-bijdrage/")  # a token of ours, so that the form is read
    body, kind = urlencode(sent), "application/x-www-form-urlencoded"
    answer = client.post("/mijn-bijdrage/", body, content_type=kind)
    page = answer.content.decode()
    assert (answer.status_code, "te groot" in page, "Er is niets bewaard" in page,
            "adres" in page.partition("<main")[2].partition("</header>")[0],
            ) == (413, True, True, False)  # fmt: skip


def test_twin_without_the_size_a_large_form_is_said_to_be_a_wrong_address(
    monkeypatch: pytest.MonkeyPatch, db: None
) -> None:
    monkeypatch.setattr(context, "_TOO_MUCH", ())
    with pytest.raises(AssertionError):
        test_a_form_that_is_too_large_says_so({"code": "x" * 3_000_000}, checks=False)


UNKEPT = {"conversation", "search", "contribution", "my_contribution", "exchange", "sure",
          "close_round", "print_sheet", "round", "stop_device", "theme", "presented",
          "strike"}  # fmt: skip


def test_every_form_of_a_journey_into_which_somebody_types_stays_when_they_were_signed_out() -> (
    None
):
    """UNKEPT: of buttons, files and words on the page only, or without an account."""
    loose = {
        path.stem
        for path in (TEMPLATES / "journey").glob("*.html")
        for form in re.findall(
            r'<form class="form"[^>]*method="post"[^>]*>', path.read_text("utf-8")
        )
        if "data-kept=" not in form
    }
    assert loose <= UNKEPT


@pytest.mark.parametrize("page", READABLE)
@pytest.mark.parametrize("method", SENT)
def test_what_a_page_cannot_do_is_said_with_what_it_can(
    stranger: Client, method: str, page: str
) -> None:
    answer = stranger.generic(method, page)
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert "nosniff" in answer["X-Content-Type-Options"]
    assert "hier niets veranderen" in answer.content.decode()
    assert "nothing can be sent" in stranger.generic(method, "/en" + page).content.decode()


@pytest.mark.parametrize("page", READABLE)
def test_asked_what_it_can_do_a_page_says_that_and_not_itself(stranger: Client, page: str) -> None:
    answer = stranger.options(page)
    assert (answer.status_code, answer["Allow"]) == (204, "GET, HEAD, OPTIONS")
    assert answer.content == b""


def test_twin_without_that_it_would_be_a_question_of_tokens(
    stranger: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(context.Methods, "process_view", lambda *_: None)
    assert stranger.post("/over/").status_code == 403
    assert b"<h1>" in stranger.options("/over/").content


def test_the_api_answers_for_itself(stranger: Client) -> None:
    answer = stranger.post("/api/v1/indicatoren")
    assert (answer.status_code, answer["Content-Type"]) == (405, "application/problem+json")
    assert answer["Allow"] == "GET, HEAD"


def test_every_form_that_is_sent_carries_a_token() -> None:
    """Without it a browser is refused, which a client of the tests does not see."""
    bare = [
        f"{path.name}: {form[0][:80]}"
        for path in TEMPLATES.rglob("*.html")
        for form in re.finditer(
            r'<form\b[^>]*method="post".*?</form>', path.read_text("utf-8"), re.DOTALL
        )
        if "{% csrf_token %}" not in form[0] and "components/fields.html" not in form[0]
    ]
    assert bare == []
