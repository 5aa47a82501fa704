# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What we take from a service, what we try again, and what we refuse."""

from __future__ import annotations

import contextlib
import errno
import gzip
import json
import socket
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import urllib3
from hypothesis import given
from hypothesis import strategies as st

from tests.figures.sources.fake_service import TRICKLE, FakeService
from wijkeconomie.figures.refusal import Refusal, WrongUse
from wijkeconomie.figures.sources import http
from wijkeconomie.figures.sources.http import Client, Limits

NOW = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
QUICK = Limits(read=5.0, size=1_000_000)


@pytest.fixture
def service() -> Iterator[FakeService]:
    with FakeService() as running:
        yield running


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def client(slept: list[float]) -> Iterator[Client]:
    with Client(
        limits=QUICK,
        proxies={},
        sleep=slept.append,
        now=lambda: NOW,
        uniform=lambda a, b: (a + b) / 2,
    ) as ready:
        yield ready


def refused(client: Client, url: str) -> Refusal:
    with pytest.raises(Refusal) as caught:
        client.json(url)
    return caught.value


# -- the manifest's paths, one by one


@pytest.mark.parametrize(
    ("path", "code", "asked"),
    [
        ("html200", "service_html", 1),
        ("html_as_json", "service_html", 1),
        ("json_as_html", "service_html", 1),
        ("truncated", "service_incomplete", 4),
        ("short_cl", "service_cut_off", 4),
        ("gzip_cut", "service_cut_off", 4),
        ("chunks_cut", "service_connection_lost", 4),
        ("brotli", "service_encoding", 1),
        ("reset", "service_connection_lost", 4),
        ("redirect_metadata", "redirect_refused", 1),
        ("gzipbomb", "service_too_large", 1),
        ("wfs_exception", "service_says", 1),
        ("429", "service_wait", 1),
        ("wrong_charset", "service_not_utf8", 1),
        ("surrogate", "service_not_utf8", 1),
        ("nan", "service_not_json", 1),
        ("list", "service_not_json", 1),
        ("always503", "service_status", 4),
        ("too_many", "service_says", 4),
        ("absent", "service_not_found", 1),
    ],
)
def test_a_fault_is_refused_and_only_what_may_pass_is_asked_again(
    service: FakeService, client: Client, slept: list[float], path: str, code: str, asked: int
) -> None:
    assert refused(client, f"{service.url}/{path}").notice.code == code
    assert 1 + len(slept) == asked


def test_silence_is_refused_after_the_read_timeout_and_three_more_tries(
    service: FakeService, slept: list[float]
) -> None:
    with Client(limits=Limits(read=0.05), proxies={}, sleep=slept.append) as client:
        assert refused(client, f"{service.url}/hang").notice.code == "service_silent"
    assert len(slept) == 3  # counted here: a busy service may note a request after we gave up
    assert Limits().read == 20.0


def test_503_is_asked_again_after_the_pause_that_the_service_wants(
    service: FakeService, client: Client, slept: list[float]
) -> None:
    assert client.json(f"{service.url}/503").data == {"value": [1]}
    assert slept == [7.0]


def test_429_is_asked_again_after_the_pause_that_the_service_wants(
    service: FakeService, client: Client, slept: list[float]
) -> None:
    assert client.json(f"{service.url}/429_once").data == {"value": [1]}
    assert slept == [45.0]


def test_pauses_double_when_the_service_asks_none(
    service: FakeService, client: Client, slept: list[float]
) -> None:
    refused(client, f"{service.url}/always503")
    assert slept == [1.0, 2.0, 4.0]


def test_an_answer_that_trickles_meets_the_total_deadline(service: FakeService) -> None:
    with Client(limits=Limits(total=0.1, retries=0), proxies={}) as client:
        assert refused(client, f"{service.url}/trickle").notice.code == "service_slow"


def test_what_the_deadline_cut_off_is_called_slow_and_is_not_asked_again(
    slept: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin is cut off before its deadline, and that may pass."""

    def cut(_url: str) -> None:
        time.sleep(0.1)
        raise http._Passing(Refusal("service_cut_off"))

    for total, code, pauses in ((0.01, "service_slow", 0), (60.0, "service_cut_off", 1)):
        slept.clear()
        limits = Limits(total=total, retries=1)
        with Client(limits=limits, proxies={}, sleep=slept.append) as client:
            monkeypatch.setattr(client, "_received", cut)
            assert refused(client, "http://127.0.0.1/").notice.code == code
        assert len(slept) == pauses


def test_an_answer_of_too_many_values_is_refused_though_it_holds_no_objects(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(http, "MOST_VALUES", 3)
    assert http._parse("application/json", b'{"a": [1, 1, 1, 1]}') == {"a": [1, 1, 1, 1]}
    with pytest.raises(Refusal) as caught:
        http._parse("application/json", b'{"a": [1, 1, 1, 1, 1]}')
    assert caught.value.notice.code == "service_too_many_parts"


def test_without_the_deadline_a_trickle_is_read_to_its_end(service: FakeService) -> None:
    """Every piece is in time for the read timeout, so only the deadline ends it."""
    with urllib3.PoolManager(retries=False) as pool:
        response = pool.request("GET", f"{service.url}/trickle", timeout=5.0)
    assert len(response.data) == TRICKLE


DRIPS = ("drip_status", "drip_head", "drip_chunk")


@pytest.mark.parametrize("path", DRIPS)
def test_an_answer_that_drips_before_its_body_meets_the_total_deadline(
    service: FakeService, slept: list[float], path: str
) -> None:
    with Client(limits=Limits(total=0.05), proxies={}, sleep=slept.append) as client:
        began = time.monotonic()
        refusal = refused(client, f"{service.url}/{path}")
    assert (refusal.notice.code, slept) == ("service_slow", [])
    assert time.monotonic() - began < 0.3  # the whole drip takes longer


def test_a_proxy_that_drips_its_leave_meets_the_total_deadline(service: FakeService) -> None:
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        address = f"http://127.0.0.1:{proxy.getsockname()[1]}"
        thread = threading.Thread(target=drip_for_ever, args=(proxy,))
        thread.start()
        with Client(limits=Limits(total=0.1, retries=0), proxies={"https": address}) as client:
            assert refused(client, "https://cbs.invalid/x").notice.code == "service_slow"
        thread.join(5)
    assert not thread.is_alive()


def drip_for_ever(proxy: socket.socket) -> None:
    taken, _ = proxy.accept()
    with taken, contextlib.suppress(OSError):
        taken.sendall(b"HTTP/1.1 200 OK\r\nX-Pad: ")
        while True:
            taken.sendall(b"a")
            time.sleep(0.005)


@pytest.mark.parametrize("path", DRIPS)
def test_twin_without_the_deadline_a_drip_is_waited_for_to_its_end(
    service: FakeService, path: str
) -> None:
    """Every byte is in time for the read timeout: a real one may drip for hours."""
    with urllib3.PoolManager(retries=False) as pool:
        response = pool.request("GET", f"{service.url}/{path}", timeout=2.0)
    assert response.json() == {}


@pytest.mark.parametrize("path", ["nextlink_broken", "nextlink_port", "nextlink_list"])
def test_a_next_link_that_is_no_address_is_refused_with_the_page_it_stands_on(
    service: FakeService, client: Client, tmp_path: Path, path: str
) -> None:
    url = f"{service.url}/{path}"
    with pytest.raises(Refusal) as caught:
        list(http.pages(client, url, within=service.url, folder=tmp_path, name="page"))
    assert caught.value.notice.code == "service_link"
    assert caught.value.notice.fields["url"] == url


def test_a_second_page_that_is_not_there_is_no_table_that_is_not_there(
    service: FakeService, client: Client, tmp_path: Path
) -> None:
    url = f"{service.url}/nextlink_absent"
    with pytest.raises(Refusal) as caught:
        list(http.pages(client, url, within=service.url, folder=tmp_path, name="page"))
    assert caught.value.notice.code == "service_part_missing"
    assert caught.value.notice.fields == {"url": f"{service.url}/no/page"}


@pytest.mark.parametrize("path", ["long_number", "deep"])
def test_json_that_no_reader_can_hold_is_refused(
    service: FakeService, client: Client, path: str
) -> None:
    assert refused(client, f"{service.url}/{path}").notice.code == "service_not_json"


def test_an_answer_of_too_many_parts_is_refused_before_it_is_parsed(
    service: FakeService, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "MOST_OBJECTS", 20)
    monkeypatch.setattr(json, "loads", lambda *_, **__: pytest.fail("parsed"))
    assert refused(client, f"{service.url}/many_objects").notice.code == "service_too_many_parts"


def test_twin_without_the_limit_empty_objects_take_many_times_their_bytes() -> None:
    body = b"[" + b"{}," * 200_000 + b"{}]"
    tracemalloc.start()
    held = json.loads(body)
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(held) == 200_001
    assert taken > 20 * len(body)


def test_a_bomb_is_stopped_at_the_limit_without_unpacking_it(service: FakeService) -> None:
    with Client(limits=Limits(size=3_000_000), proxies={}) as client:
        refusal = refused(client, f"{service.url}/gzipbomb")
    assert refusal.text("en").startswith("Response larger than allowed. The maximum is 3 MB")


def test_without_the_refusal_a_redirect_leads_to_what_was_not_asked(service: FakeService) -> None:
    with urllib3.PoolManager() as pool:
        response = pool.request("GET", f"{service.url}/redirect_inside")
    assert response.json() == {"secret": 1}


def test_a_redirect_is_not_even_followed_to_the_same_host(
    service: FakeService, client: Client
) -> None:
    assert refused(client, f"{service.url}/redirect_inside").notice.code == "redirect_refused"
    assert service.asked == ["/redirect_inside"]


def test_without_strict_decoding_a_name_is_damaged_in_silence(service: FakeService) -> None:
    with urllib3.PoolManager() as pool:
        body = pool.request("GET", f"{service.url}/wrong_charset").data
    assert json.loads(body.decode("utf-8", errors="replace")) == {"value": ["Frysl\ufffdn"]}


def test_packed_answers_are_unpacked(service: FakeService, client: Client) -> None:
    assert client.json(f"{service.url}/gzip").data == {"value": [1]}


def test_we_say_who_we_are(service: FakeService, client: Client) -> None:
    client.json(f"{service.url}/gzip")
    assert all(agent.startswith("wijkeconomie/") for agent in service.agents)


def most_at_once(service: FakeService, ask: Callable[[str], object]) -> int:
    threads = [threading.Thread(target=ask, args=(f"{service.url}/slow",)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(service.asked) == 8
    return service.most_at_once


def test_at_most_two_requests_are_under_way_at_once(service: FakeService, client: Client) -> None:
    assert most_at_once(service, client.json) == 2


def test_without_the_bound_a_service_gets_all_requests_at_once(service: FakeService) -> None:
    with urllib3.PoolManager(maxsize=8) as pool:
        assert most_at_once(service, lambda url: pool.request("GET", url)) > 2


def test_a_secure_connection_that_is_none_is_refused_at_once(
    service: FakeService, client: Client, slept: list[float]
) -> None:
    url = service.url.replace("http:", "https:") + "/gzip"
    assert refused(client, url).notice.code == "service_certificate"
    assert slept == []


def test_a_proxy_of_the_environment_is_used(service: FakeService) -> None:
    with Client(limits=QUICK, proxies={"http": service.url}) as client:
        assert client.json("http://cbs.invalid/gzip").data == {"value": [1]}
    assert service.asked == ["http://cbs.invalid/gzip"]


@given(
    body=st.binary(max_size=200) | st.text(max_size=50).map(lambda t: f'{{"a":"{t}"}}'.encode()),
    kind=st.sampled_from(["application/json", "text/html", "text/xml", ""]),
)
def test_whatever_comes_is_an_object_or_a_refusal(body: bytes, kind: str) -> None:
    try:
        data = http._parse(kind, body)
    except (Refusal, http._Passing):
        return
    assert isinstance(data, dict)
    json.dumps(data, ensure_ascii=False).encode("utf-8")


@given(st.lists(st.binary(max_size=64)))
def test_bytes_that_are_no_gzip_are_cut_off_and_nothing_else(pieces: list[bytes]) -> None:
    with pytest.raises(http._Passing):
        list(http._gunzipped(iter(pieces)))


def test_a_port_where_nothing_listens_is_unreachable(client: Client) -> None:
    with FakeService() as gone:
        url = gone.url
    assert refused(client, url + "/gzip").text() == (
        "De dienst 127.0.0.1 is niet bereikbaar. Controleer de verbinding en de instellingen."
    )


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://cbs.nl/x", "https://", "cbs.nl"])
def test_only_web_addresses_are_asked(client: Client, address: str) -> None:
    with pytest.raises(WrongUse):
        client.json(address)


# -- Retry-After


def test_a_long_wait_is_told_with_its_moment(service: FakeService, client: Client) -> None:
    when = datetime(2026, 1, 5, 13, 0, tzinfo=UTC).astimezone()
    assert (
        refused(client, f"{service.url}/429")
        .text()
        .startswith(f"De dienst vraagt te wachten tot {when:%H:%M %Z (%d-%m-%Y)}.")
    )


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("99999999999999999999", "service_wait_odd"), ("2592001", "service_wait_odd"),
        ("2592000", "service_wait"), ("Thu, 05 Jan 2126 12:00:00 GMT", "service_wait_odd"),
    ],
)  # fmt: skip
def test_a_wait_of_over_a_month_is_called_a_fault(client: Client, header: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        client._asked_wait(header)
    assert refused.value.notice.code == code


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("30", 30.0), ("Mon, 05 Jan 2026 12:00:45 GMT", 45.0), ("0", 0.0), ("soon", None), ("", None)],
)
def test_retry_after_is_read_as_seconds_or_date(
    client: Client, header: str, seconds: float | None
) -> None:
    assert client._asked_wait(header) == seconds


@given(st.text(max_size=40) | st.integers(min_value=0).map(str))
def test_no_retry_after_header_breaks_us(header: str) -> None:
    moment = http._retry_at(header, NOW)
    assert moment is None or moment.tzinfo is not None


# -- next links

BASE = "https://datasets.cbs.nl/odata/v1/CBS/83765NED"


@pytest.mark.parametrize(
    "link",
    [
        "http://169.254.169.254/latest/meta-data/",
        "https://evil.example/odata/v1/CBS/83765NED/Observations?$skip=1",
        "https://datasets.cbs.nl.evil.example/odata/v1/CBS/83765NED/Observations",
        "https://datasets.cbs.nl@evil.example/odata/v1/CBS/83765NED/Observations",
        "https://datasets.cbs.nl:8443/odata/v1/CBS/83765NED/Observations",
        "http://datasets.cbs.nl:8080/odata/v1/CBS/83765NED/Observations",
        "https://datasets.cbs.nl/odata/v1/CBS/83765NED2/Observations",
        "https://datasets.cbs.nl/odata/v1/CBS/83765NED/../../admin",
        "https://datasets.cbs.nl/odata/v1/CBS/83765NED/%2e%2e/%2E%2E/admin",
        "https://datasets.cbs.nl/odata/v1/CBS/83765NED/.%2e/admin",
        "//evil.example/odata/v1/CBS/83765NED/Observations",
        "file:///odata/v1/CBS/83765NED/Observations",
    ],
)
def test_a_next_link_to_elsewhere_is_refused(link: str) -> None:
    with pytest.raises(Refusal) as caught:
        http.next_link({"@odata.nextLink": link}, at=f"{BASE}/Observations", within=BASE)
    assert caught.value.notice.code == "other_server"


def test_a_next_link_may_not_lower_the_scheme_of_a_service_at_a_port_of_its_own() -> None:
    base = "https://localhost:8443/odata"
    with pytest.raises(Refusal) as caught:
        http.next_link(
            {"@odata.nextLink": "http://localhost:8443/odata/T?page=2"}, at=f"{base}/T", within=base
        )
    assert caught.value.notice.code == "other_server"
    following = f"{base}/T?page=2"
    assert http.next_link({"@odata.nextLink": following}, at=f"{base}/T", within=base) == following


@pytest.mark.parametrize(
    ("data", "following"),
    [
        ({"@odata.nextLink": f"{BASE}/Observations?$skip=9"}, f"{BASE}/Observations?$skip=9"),
        ({"odata.nextLink": "Observations?$skip=9"}, f"{BASE}/Observations?$skip=9"),
        (
            {"odata.nextLink": "http://datasets.cbs.nl/OData/v1/CBS/83765NED/Observations?a=1"},
            "https://datasets.cbs.nl/OData/v1/CBS/83765NED/Observations?a=1",
        ),
        (
            {"links": [{"rel": "self", "href": "x"}, {"rel": "next", "href": "?cursor=2"}]},
            f"{BASE}/Observations?cursor=2",
        ),
        ({"links": "none"}, None),
        ({"value": []}, None),
    ],
)
def test_next_links_of_each_service_are_found(
    data: dict[str, object], following: str | None
) -> None:
    assert http.next_link(data, at=f"{BASE}/Observations", within=BASE) == following


# -- pages


@pytest.mark.parametrize(
    ("path", "code"),
    [("nextlink_other_host", "other_server"), ("nextlink_loop", "service_repeats")],
)
def test_links_that_lead_astray_are_refused_and_nothing_is_kept(
    service: FakeService, client: Client, tmp_path: Path, path: str, code: str
) -> None:
    with pytest.raises(Refusal) as caught:
        list(
            http.pages(
                client, f"{service.url}/{path}", within=service.url, folder=tmp_path, name="x"
            )
        )
    assert caught.value.notice.code == code
    assert list(tmp_path.iterdir()) == []


OBSERVATIONS = "/v4/99001NED/Observations"


def read(client: Client, service: FakeService, folder: Path) -> list[str]:
    url = service.url + OBSERVATIONS
    return [
        row["Measure"]
        for page in http.pages(client, url, within=service.url, folder=folder, name="obs")
        for row in page.data["value"]
    ]


def test_after_a_break_only_the_rest_is_asked(
    service: FakeService, client: Client, tmp_path: Path
) -> None:
    service.stop_after = 3
    with pytest.raises(Refusal):
        read(client, service, tmp_path)
    service.stop_after, broken = None, len(service.asked)
    whole = read(client, service, tmp_path)
    assert (len(whole), len(service.asked) - broken) == (39, 10 - 3)
    read(client, service, tmp_path)
    assert len(service.asked) - broken == 10 - 3


def test_a_kept_page_that_changed_on_disk_is_asked_again(
    service: FakeService, client: Client, tmp_path: Path
) -> None:
    whole = read(client, service, tmp_path)
    second = sorted(tmp_path.glob("*.gz"))[1]
    second.write_bytes(second.read_bytes()[:-4])
    before = len(service.asked)
    assert read(client, service, tmp_path) == whole
    assert len(service.asked) == before + 1


def test_a_kept_page_that_was_replaced_by_another_whole_one_is_asked_again(
    service: FakeService, client: Client, tmp_path: Path
) -> None:
    whole = read(client, service, tmp_path)
    names = sorted(tmp_path.iterdir())
    names[1].write_bytes(gzip.compress(b'{"value": []}'))
    assert read(client, service, tmp_path) == whole
    assert sorted(tmp_path.iterdir()) == names  # and what was no page of ours is gone


class Leading(Client):
    """Gives pages without a service: what each leads to, by the number that was asked before."""

    def __init__(self, links: list[str | None], limits: Limits, *, alike: bool) -> None:
        super().__init__(limits=limits, proxies={})
        self.links, self.alike, self.asked = links, alike, list[str]()

    def json(self, url: str) -> http.Answer:
        link = self.links[min(len(self.asked), len(self.links) - 1)]
        self.asked.append(url)
        assert len(self.asked) < 20, "without end"
        data = {"n": 0 if self.alike else len(self.asked), "odata.nextLink": link}
        return http.Answer(json.dumps(data).encode(), data, url)


@pytest.mark.parametrize(
    ("links", "most", "alike", "code", "asked"),
    [
        (["a?2", "a?3", "a?2"], 9, False, "service_repeats", 3),  # with another body each time
        (["a/a"], 9, True, "service_repeats", 2),  # one page, and its link is from where it is
        (["a?2", "a?3", None], 3, False, "", 3),
        (["a?2", "a?3", "a?4", None], 3, False, "service_too_many_pages", 3),
    ],
)
def test_pages_that_go_round_or_are_more_than_the_limit_are_refused(
    tmp_path: Path, links: list[str | None], most: int, alike: bool, code: str, asked: int
) -> None:
    client, told = Leading(links, Limits(pages=most), alike=alike), ""
    try:
        list(http.pages(client, "https://x/d/a", within="https://x/d", folder=tmp_path, name="p"))
    except Refusal as refusal:
        told = refusal.notice.code
    assert (told, len(client.asked)) == (code, asked)


def test_a_page_that_its_reader_refuses_is_not_kept(
    service: FakeService, client: Client, tmp_path: Path
) -> None:
    reading = http.pages(
        client, service.url + OBSERVATIONS, within=service.url, folder=tmp_path, name="obs"
    )
    next(reading)
    next(reading)
    reading.close()
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("limits", [Limits(all_pages=0.0), Limits(all_size=10)])
def test_pages_that_together_take_too_long_or_too_much_room_are_refused(
    service: FakeService, tmp_path: Path, limits: Limits
) -> None:
    with Client(limits=limits, proxies={}) as client, pytest.raises(Refusal) as caught:
        read(client, service, tmp_path)
    assert caught.value.notice.code == "service_no_end"


def test_too_many_pages_are_refused(service: FakeService, tmp_path: Path) -> None:
    with Client(limits=Limits(pages=3), proxies={}) as client, pytest.raises(Refusal) as caught:
        read(client, service, tmp_path)
    assert caught.value.notice.code == "service_too_many_pages"


def test_another_version_has_another_folder_and_the_old_one_goes(tmp_path: Path) -> None:
    first = http.cabinet(tmp_path, "T", url="https://a/T", version="1")
    other = http.cabinet(tmp_path, "T", url="https://b/T", version="1")
    second = http.cabinet(tmp_path, "T", url="https://a/T", version="2")
    assert (first.exists(), other.exists(), second.exists()) == (False, True, True)


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Refusal) as caught:
        http.cabinet(tmp_path / "file", "T", url="u", version="1")
    assert caught.value.notice.code == "cache_unwritable"


def test_a_full_disk_leaves_no_part_of_a_page(
    service: FakeService, client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(Refusal) as caught:
        read(client, service, tmp_path)
    assert caught.value.notice.code == "disk_full"
    assert list(tmp_path.iterdir()) == []
