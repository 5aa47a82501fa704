# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Ready pages: kept under their release, compressed once, never for someone who is known."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from pathlib import Path
from threading import Event, Semaphore

import brotli
import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from wijkeconomie.figures import store
from wijkeconomie.figures.refusal import Language, Refusal
from wijkeconomie.figures.release import Release
from wijkeconomie.web import cache
from wijkeconomie.web.cache import Kept, Shelf


@pytest.fixture
def visitor(release: Release) -> Client:
    return Client(headers={"host": "127.0.0.1"})


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """What the site that a test asks keeps its pages on."""
    made = Shelf(10**8)
    monkeypatch.setattr(cache, "Shelf", lambda _limit: made)
    return made


def kept(size: int) -> Kept:
    return Kept(headers=(), etag='W/"x"', bodies={"": b"x" * size})


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 5000)), max_size=60))
def test_the_shelf_never_holds_more_than_its_limit(puts: list[tuple[int, int]]) -> None:
    shelf = Shelf(20_000)
    for name, size in puts:
        shelf.put(("release", str(name)), kept(size))
        assert shelf.size <= 20_000
        assert shelf.size == sum(k.size for k in shelf._kept.values())


def test_the_least_recently_asked_is_thrown_out_first() -> None:
    shelf = Shelf(3 * kept(100).size)
    for name in "abc":
        shelf.put(("r", name), kept(100))
    shelf.get(("r", "a"))
    shelf.put(("r", "d"), kept(100))
    assert [name for name in "abcd" if shelf.get(("r", name))] == ["a", "c", "d"]


@pytest.mark.parametrize(
    ("header", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip"),
        ("br;q=0, gzip;q=0.0", ""), ("", ""), ("BR", "br"), ("identity", ""),
    ],
)  # fmt: skip
def test_the_encoding_is_one_that_the_reader_takes(header: str, encoding: str) -> None:
    assert cache.encoding_for(header) == encoding


def test_every_encoding_holds_the_same_page(visitor: Client) -> None:
    plain = visitor.get("/over/").content
    br = visitor.get("/over/", headers={"accept-encoding": "br"})
    gz = visitor.get("/over/", headers={"accept-encoding": "gzip"})
    assert (br["Content-Encoding"], gz["Content-Encoding"]) == ("br", "gzip")
    assert brotli.decompress(br.content) == gzip.decompress(gz.content) == plain
    assert int(br["Content-Length"]) == len(br.content)
    assert br["Vary"] == "Accept-Encoding"


def test_a_page_that_the_reader_has_is_not_sent_again(visitor: Client) -> None:
    etag = visitor.get("/over/")["ETag"]
    again = visitor.get("/over/", headers={"if-none-match": f'"other", {etag}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == etag
    assert visitor.get("/over/", headers={"if-none-match": '"other"'}).status_code == 200
    assert visitor.get("/over/", headers={"if-none-match": "*"}).status_code == 304  # RFC 9110
    assert visitor.get("/nergens/", headers={"if-none-match": "*"}).status_code == 404


def test_each_language_and_query_is_its_own_page(visitor: Client) -> None:
    pages = ("/cijfers/", "/en/cijfers/", "/cijfers/?niveau=buurt", "/cijfers/?niveau=gemeente")
    assert len({visitor.get(page)["ETag"] for page in pages}) == 4


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/gebied/GM9901/?jaar=2022", "/gebied/GM9901/?jaar=2023"),
        ("/gebied/GM9901/?naast=land", "/gebied/GM9901/?naast=vergelijkbaar"),
        ("/gebied/WK990101/cijfer/population/2022/", "/gebied/WK990101/cijfer/population/2023/"),
        ("/download/ranking.csv?gebied=GM9901&jaar=2022",
         "/download/ranking.csv?gebied=GM9901&jaar=2023"),
        ("/vergelijk/?gebied=WK990101", "/vergelijk/?gebied=WK990101&gebied=WK990102"),
    ],
)  # fmt: skip
def test_another_year_or_area_is_another_page(visitor: Client, one: str, other: str) -> None:
    """Asked one after the other, so that a key that forgets it would give the first one again."""
    first, second = visitor.get(one), visitor.get(other)
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.content != second.content
    assert visitor.get(one).content == first.content


SAME_PAGE = [
    ("/over/", "/over/?utm_source=x"), ("/over/", "/over/?niveau=buurt"),
    ("/cijfers/?niveau=buurt", "/cijfers/?x=1&niveau=buurt"),
    ("/cijfers/?niveau=buurt", "/cijfers/?niveau=buurt&niveau=buurt"),
    ("/gebied/GM9901/?niveau=buurt&jaar=2024", "/gebied/GM9901/?jaar=2024&niveau=buurt&gebied=X"),
    ("/en/cijfers/?niveau=buurt", "/en/cijfers/?niveau=+buurt+&indicator="),
]  # fmt: skip


@pytest.mark.parametrize(("address", "other"), SAME_PAGE)
def test_what_a_page_does_not_read_makes_no_new_page(
    shelf: Shelf, visitor: Client, address: str, other: str
) -> None:
    first = visitor.get(address)
    kept = shelf.size
    assert visitor.get(other).content == first.content
    assert shelf.size == kept > 0


@pytest.mark.parametrize(("address", "other"), SAME_PAGE)
def test_twin_by_its_whole_address_every_addition_is_a_page_more(
    shelf: Shelf, visitor: Client, monkeypatch: pytest.MonkeyPatch, address: str, other: str
) -> None:
    monkeypatch.setattr(cache, "_address", lambda request, _view: request.get_full_path())
    visitor.get(address)
    kept = shelf.size
    visitor.get(other)
    assert shelf.size > kept


@pytest.mark.parametrize("page", ["/?zoek=molen", "/zoek/?zoek=molen", "/vergelijk/?erbij=molen"])
def test_what_someone_typed_is_not_kept(shelf: Shelf, visitor: Client, page: str) -> None:
    assert visitor.get(page)["ETag"]
    assert shelf.size == 0


def test_a_kept_page_asks_no_view(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    first = visitor.get("/over/").content
    monkeypatch.setattr("wijkeconomie.web.views.render", None)
    assert visitor.get("/over/").content == first


def test_a_kept_page_is_refused_to_a_foreign_host_name_too(shelf: Shelf, visitor: Client) -> None:
    """As one that is not kept yet is: 400."""
    foreign = {"host": "elders.example"}
    before = visitor.get("/over/", headers=foreign)
    assert (before.status_code, shelf.size) == (400, 0)
    assert visitor.get("/over/").status_code == 200
    after = visitor.get("/over/", headers=foreign)
    assert (after.status_code, shelf.size > 0) == (400, True)


def test_unasked_a_kept_page_would_be_given_under_any_host_name(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin."""
    visitor.get("/over/")
    monkeypatch.setattr(HttpRequest, "get_host", lambda _request: "elders.example")
    assert visitor.get("/over/", headers={"host": "elders.example"}).status_code == 200


def test_a_new_release_is_seen_at_the_next_request(
    visitor: Client, demo_data: Path, tmp_path: Path, settings: Settings
) -> None:
    """The twin: without the release in the key the old page would stay."""
    before = visitor.get("/").content
    old = (demo_data / "current").read_text().strip()
    new = tmp_path / "releases" / "2026-01-01-new"
    new.parent.mkdir()
    new.symlink_to(demo_data / "releases" / old)
    manifest = (new / "manifest.json").read_text()
    new.unlink()
    new.mkdir()
    for file in (demo_data / "releases" / old).iterdir():
        (new / file.name).symlink_to(file)
    for name in ("manifest.json", "manifest.sha256"):
        (new / name).unlink()
    (new / "manifest.json").write_text(manifest.replace(old, new.name))
    (tmp_path / "current").write_text(new.name)
    settings.DATA = tmp_path
    after = visitor.get("/").content
    assert new.name.encode() in after
    assert old.encode() in before
    assert old.encode() not in after


def test_errors_and_the_api_and_known_people_are_not_kept(
    visitor: Client, settings: Settings
) -> None:
    assert "ETag" not in visitor.get("/nergens/").headers
    visitor.cookies[settings.SESSION_COOKIE_NAME] = "someone"
    assert "ETag" not in visitor.get("/over/").headers


def test_what_could_not_be_read_is_refused_beside_a_kept_page_and_is_never_kept(
    shelf: Shelf, visitor: Client, settings: Settings
) -> None:
    """What the page does not read is no part of its key, so these have one; the twin is kept."""
    many = "&".join(f"x{n}=1" for n in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1))
    assert visitor.get(f"/over/?{many}").status_code == 400
    assert shelf.size == 0
    assert visitor.get("/over/?x1=1").status_code == 200
    assert shelf.size > 0
    assert visitor.get(f"/over/?{many}").status_code == 400


def answering(response: HttpResponse) -> Callable[[HttpRequest], HttpResponse]:
    return lambda _request: response


@pytest.mark.parametrize("kind", ["as it is", "no-store", "cookie", "varies", "too large"])
def test_only_what_is_the_same_for_everyone_and_not_too_large_is_kept(
    release: Release, shelf: Shelf, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """The first is the twin: without what is named it is kept."""
    monkeypatch.setattr(cache, "LARGEST", 1000)
    response = HttpResponse(b"x" * (1001 if kind == "too large" else 1000))
    if kind == "no-store":
        response["Cache-Control"] = "private, no-store"
    if kind == "varies":  # what made it looked at the session
        response["Vary"] = "Accept-Encoding, Cookie"
    if kind == "cookie":
        response.set_cookie("whose", "mine")
    site = cache.ReleaseCache(answering(response))
    answer = site(RequestFactory().get("/over/", headers={"host": "127.0.0.1"}))
    assert (shelf.size > 0) is (kind == "as it is")
    assert ("ETag" in answer.headers) is (kind in ("as it is", "too large"))
    assert answer.headers.get("Cache-Control") == {
        "as it is": "public, no-cache", "too large": "public, no-cache",
        "no-store": "private, no-store",
    }.get(kind)  # fmt: skip
    assert ("whose" in answer.cookies) is (kind == "cookie")


def test_a_head_request_finds_the_kept_page(visitor: Client) -> None:
    etag = visitor.get("/over/")["ETag"]
    assert visitor.head("/over/")["ETag"] == etag


# --- two at once ---


class Slow:
    """A view that takes until it is let go, and counts how often it is asked."""

    def __init__(self) -> None:
        self.inside, self.go, self.count = Semaphore(0), Event(), 0

    def __call__(self, _request: HttpRequest) -> HttpResponse:
        self.count += 1
        self.inside.release()
        self.go.wait(30)
        return HttpResponse("made")


def both(site: cache.ReleaseCache, ready: Callable[[], None]) -> list[bytes]:
    """Two readers who ask the same at once; *ready* returns when the view may go on."""

    def ask() -> bytes:
        response = site(RequestFactory().get("/over/", headers={"host": "127.0.0.1"}))
        assert isinstance(response, HttpResponse)
        return response.content

    with ThreadPoolExecutor(2) as readers:
        asked = [readers.submit(ask) for _ in range(2)]
        ready()
        return [one.result() for one in asked]


@pytest.mark.parametrize("largest", [cache.LARGEST, 1])
def test_what_two_ask_at_once_is_made_once_also_if_it_is_too_large_to_keep(
    release: Release, monkeypatch: pytest.MonkeyPatch, largest: int
) -> None:
    monkeypatch.setattr(cache, "LARGEST", largest)
    view, arrived, turn = Slow(), Semaphore(0), cache._Turns.turn

    @contextmanager
    def seen(turns: cache._Turns, key: tuple[str, str]) -> Iterator[list[cache.Kept]]:
        arrived.release()
        with turn(turns, key) as made:
            yield made

    def ready() -> None:
        assert all(arrived.acquire(timeout=30) for _ in range(2))
        view.go.set()

    monkeypatch.setattr(cache._Turns, "turn", seen)
    site = cache.ReleaseCache(view)
    assert both(site, ready) == [b"made", b"made"]
    assert view.count == 1
    assert site._turns._waiting == {}


def test_without_turns_it_would_be_made_twice(
    release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin."""
    view = Slow()

    def ready() -> None:
        assert all(view.inside.acquire(timeout=30) for _ in range(2))
        view.go.set()

    monkeypatch.setattr(cache._Turns, "turn", lambda _turns, _key: nullcontext([]))
    assert both(cache.ReleaseCache(view), ready) == [b"made", b"made"]
    assert view.count == 2


def test_who_waited_for_one_that_failed_tries_again(release: Release) -> None:
    answers = iter([ValueError("broken"), HttpResponse("made")])

    def view(_request: HttpRequest) -> HttpResponse:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    site = cache.ReleaseCache(view)
    asked = RequestFactory().get("/over/", headers={"host": "127.0.0.1"})
    with pytest.raises(ValueError, match="broken"):
        site(asked)
    assert site(asked).status_code == 200


def test_a_report_asked_again_is_not_made_again(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from wijkeconomie.web import report

    made: list[str] = []
    build = report.build

    def counted(release: Release, code: str, language: Language, year: int | None) -> report.Report:
        made.append(code)
        return build(release, code, language, year)

    monkeypatch.setattr(report, "build", counted)
    first, second = (visitor.get("/rapport/BU99010501.html") for _ in range(2))
    assert first.content == second.content
    assert made == ["BU99010501"]


def test_a_page_is_made_again_when_another_load_was_refused(
    visitor: Client, demo_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = visitor.get("/cijfers/")["ETag"]
    try:
        store.keep_refused(demo_data, ["one.csv"], Refusal("only_header"))
        one = visitor.get("/cijfers/")["ETag"]
        store.keep_refused(demo_data, ["two.csv"], Refusal("only_header"))
        two = visitor.get("/cijfers/")["ETag"]
        monkeypatch.setattr(cache, "refused_mark", lambda _data: 0)  # the twin
        assert visitor.get("/cijfers/")["ETag"] == before
    finally:
        store.forget_refused(demo_data)
    assert len({before, one, two}) == 3
