# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A service on this machine that plays CBS and PDOK, and every way in which they can fail.

``/v4``, ``/v3`` and ``/pdok`` answer as the real ones do, small and fictional; the other paths are
those of the manifest of bad input.  ``FakeService.asked`` lists the paths asked, ``stop_after``
makes it hang up on every request after that many, ``changes`` replaces what a resource holds.
"""

from __future__ import annotations

import contextlib
import gzip
import json
import re
import socket
import struct
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

TABLE = "99001NED"
YEAR = 2017
REGIONS = {
    "NL00": "Nederland",
    "GM9901": "Voorbeeldstad",
    "WK990100": "Wijk 00 Centrum",
    "BU99010000": "Oude haven",
    "BU99010001": "Nieuwe haven",
    "GM9902": "Letterdam",
    "WK9902AA": "Wijk AA Noord",
    "BU9902AA01": "Kanaaldorp",
}
GROUPS = [
    {"Id": "M000352", "Index": 1, "Title": "Bevolking", "ParentId": None},
    {"Id": "T001019", "Index": 2, "Title": "Burgerlijke staat", "ParentId": "M000352"},
    {"Id": "M000218", "Index": 3, "Title": "Energie", "ParentId": None},
    {
        "Id": "M000221_1",
        "Index": 4,
        "Title": "Gemiddeld elektriciteitsverbruik",
        "ParentId": "M000218",
    },
    {"Id": "M000228", "Index": 5, "Title": "Inkomen", "ParentId": None},
    {"Id": "M000230", "Index": 6, "Title": "Inkomen van personen ", "ParentId": "M000228"},
]
# code, v3 key, title, group, unit, type
MEASURES = [
    ("T001036", "AantalInwoners_5", "Aantal inwoners", "M000352", "aantal", "Long"),
    ("1010", "Ongehuwd_13", "Ongehuwd", "T001019", "aantal", "Long"),
    (
        "M000221_2",
        "Stroom_47",
        "Gemiddeld elektriciteitsverbruik totaal",
        "M000221_1",
        "kWh",
        "Long",
    ),
    (
        "M000224",
        "GemiddeldInkomenPerInwoner_72",
        "Gemiddeld inkomen per inwoner\u00a0",
        "M000230",
        "x 1 000 euro",
        "Double",
    ),
    ("D000227x", "PersonenInArmoede_73", "Personen in armoede", "M000230", "%", "Double"),
]
# rows of REGIONS, columns of MEASURES; None is absent, "Impossible" and such are reasons
FIGURES: dict[str, list[Any]] = {
    "NL00": [17_081_507, 8_200_000, 2860, 25.1, None],
    "GM9901": [36_500, 17_000, 2600, 24.0, None],
    "WK990100": [36_500, 17_000, 2600, 24.0, None],
    "BU99010000": [5220, 2600, 2500, 22.4, None],
    "BU99010001": [0, 0, "Impossible", "Confidential", None],
    "GM9902": [8000, 3000, 3100, 27.5, None],
    "WK9902AA": [8000, 3000, 3100, 27.5, None],
    "BU9902AA01": [8000, 3000, 3100, None, None],
}
CHANGE = dict.fromkeys(REGIONS, "1") | {"NL00": ".", "BU99010001": "3"}
JSON = "application/json; charset=utf-8"
TRICKLE = 60  # bytes, one every 5 ms
JSON_HEAD = b"Content-Type: application/json\r\nContent-Length: 2\r\n"
BOMB = gzip.compress(b" " * 20_000_000)


class FakeService:
    """Runs while its ``with`` block does; ``url`` is its address."""

    def __init__(self, *, page: int = 4, table: str = TABLE) -> None:
        self.page = page
        self.table = table
        self.asked: list[str] = []
        self.agents: set[str] = set()
        self.stop_after: int | None = None
        self.changes: dict[str, Any] = {}
        self.related: dict[tuple[str, str], dict[str, list[dict[str, Any]]]] = {}
        self.version = "202011060000"
        self.period = str(YEAR)
        self.title = f"Kerncijfers wijken en buurten {YEAR}"
        self.without_v4 = self.ignores_filter = False
        self.at_once = self.most_at_once = 0
        self.release = threading.Event()
        self.lock = threading.Lock()

    def __enter__(self) -> Self:
        handler = type("Handler", (_Handler,), {"service": self})
        self._server = _Server(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}
        )
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.release.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def data_requests(self) -> list[str]:
        """What was asked of the tables themselves, not of what describes them."""
        parts = ("/Observations", "/TypedDataSet", "/items")
        return [path for path in self.asked if any(part in path for part in parts)]


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """A client that hangs up, as ours does on a bomb, is no error of ours."""


class _Handler(BaseHTTPRequestHandler):
    service: FakeService
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else every answer waits 40 ms for an acknowledgement

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        service = self.service
        with service.lock:
            service.asked.append(self.path)
            service.agents.add(self.headers["User-Agent"])
            service.at_once += 1
            service.most_at_once = max(service.most_at_once, service.at_once)
            stopped = service.stop_after is not None and len(service.asked) > service.stop_after
        try:
            if stopped:
                self._reset(b"")
            else:
                self._answer(urlsplit(self.path))
        finally:
            with service.lock:
                service.at_once -= 1

    def _answer(self, parts: Any) -> None:
        steps = parts.path.strip("/").split("/")
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        related = self.service.related
        match steps:
            case ["v3" | "v4" | "derden" as at, table, resource] if (at, table) in related:
                self._related(related[at, table], resource, query)
            case ["v4", table, resource]:
                self._v4(table, resource, query)
            case ["v3", table, resource]:
                self._v3(table, resource, query)
            case ["pdok", name, "ogc", "v1", "collections", collection, "items"]:
                self._pdok(name, collection, query)
            case ["pdok", name, "ogc", "v1", "collections"]:
                self._collections(name)
            case [name]:
                getattr(self, f"fault_{name}", self._absent)()
            case _:
                self._absent()

    def send(self, body: bytes, *, kind: str = JSON, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        headers.setdefault("Content_Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def send_json(self, data: Any, **more: Any) -> None:
        self.send(json.dumps(data, ensure_ascii=False).encode(), **more)

    def _absent(self) -> None:
        self.send_json({"error": {"code": "404", "message": "Not Found"}}, status=404)

    def _rows(self, resource: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return list(self.service.changes.get(resource, rows))

    # -- CBS OData v4
    def _v4(self, table: str, resource: str, query: dict[str, str]) -> None:
        if table != self.service.table or self.service.without_v4:
            return self._absent()
        if resource == "Properties":
            return self.send_json(
                {
                    "@odata.context": "…",
                    "Identifier": table,
                    "Title": self.service.title,
                    "TemporalCoverage": self.service.period,
                    "Version": self.service.version,
                    "Modified": "2020-11-06T00:00:00+01:00",
                    "License": "https://creativecommons.org/licenses/by/4.0/",
                    "ObservationCount": 35,
                    "DatasetType": "Mixed",
                }
            )
        rows = self._rows(resource, V4[resource])
        if resource == "Observations":
            rows = [row for row in rows if _selected(row, query)]
        first = int(query.get("$skip", 0))
        answer: dict[str, Any] = {"@odata.context": "…"}
        if query.get("$count") == "true":
            answer["@odata.count"] = self.service.changes.get("count", len(rows))
        answer["value"] = rows[first : first + self.service.page]
        if first + self.service.page < len(rows):
            answer["@odata.nextLink"] = self._next(first)
        return self.send_json(answer, kind="application/json; odata.metadata=minimal")

    # -- CBS OData v3
    def _v3(self, table: str, resource: str, query: dict[str, str]) -> None:
        if table != self.service.table or query.get("$format") != "json":
            return self._absent()
        rows = self._rows(f"v3/{resource}", V3[resource])
        if resource == "TableInfos":
            info = {"Modified": self.service.version, "Period": self.service.period}
            info["Title"] = self.service.title
            rows = [row | info for row in rows]
        if resource == "TypedDataSet":
            rows = [row for row in rows if _selected(row, query)]
        first = int(query.get("$skip", 0))
        answer = {"odata.metadata": "…", "value": rows[first : first + self.service.page]}
        if first + self.service.page < len(rows):
            answer["odata.nextLink"] = self._next(first)
        return self.send_json(answer)

    # -- tables that the registry calls related, in either version
    def _related(
        self, table: dict[str, list[dict[str, Any]]], resource: str, query: dict[str, str]
    ) -> None:
        if resource not in table:
            return self._absent()
        if resource == "Properties":
            return self.send_json(table[resource][0])
        rows = [row for row in table[resource] if _selected(row, query)]
        if "$select" in query:
            rows = [{name: row[name] for name in query["$select"].split(",")} for row in rows]
        first = int(query.get("$skip", 0))
        answer: dict[str, Any] = {"value": rows[first : first + self.service.page]}
        if query.get("$count") == "true":
            answer["@odata.count"] = len(rows)
        if first + self.service.page < len(rows):
            link = "odata.nextLink" if "$format" in query else "@odata.nextLink"
            answer[link] = self._next(first)
        return self.send_json(answer)

    def _next(self, first: int) -> str:
        path = re.sub(r"&?\$(skip=\d+|count=true)", "", self.path)
        joint = "&" if "?" in path else "?"
        return f"{self.service.url}{path}{joint}$skip={first + self.service.page}"

    # -- PDOK OGC API Features
    def _collections(self, name: str) -> None:
        if name != f"wijken-en-buurten-{YEAR}":
            return self._absent()
        return self.send_json(
            {"collections": [{"id": id_} for id_ in ("gemeenten", "wijken", "buurten")]}
        )

    def _pdok(self, name: str, collection: str, query: dict[str, str]) -> None:
        if name != f"wijken-en-buurten-{YEAR}":
            return self._absent()
        features = self._rows(collection, PDOK[collection])
        gemeente = query.get("gemeentecode")
        if gemeente and not self.service.ignores_filter:
            features = [f for f in features if f["properties"]["gemeentecode"] == gemeente]
        first = int(query.get("cursor", 0))
        size = min(self.service.page, int(query.get("limit", 10)))
        page = features[first : first + size]
        answer = {
            "type": "FeatureCollection",
            "numberReturned": self.service.changes.get("returned", len(page)),
            "numberMatched": self.service.changes.get("matched", len(features)),
            "links": [{"rel": "self", "href": self.service.url + self.path}],
            "features": page,
        }
        if first + size < len(features):
            path = re.sub(r"&?cursor=\d+", "", self.path)
            link = f"{self.service.url}{path}&cursor={first + size}"
            answer["links"].append({"rel": "next", "href": link})
        return self.send_json(answer, kind="application/geo+json")

    # -- the manifest's faults
    def fault_html200(self) -> None:
        self.send(b"<!DOCTYPE html><html>onderhoud</html>", kind="text/html; charset=utf-8")

    def fault_html_as_json(self) -> None:
        self.send(b"<!DOCTYPE html><html>onderhoud</html>", kind=JSON)

    def fault_json_as_html(self) -> None:
        self.send(b'{"value": []}', kind="text/html")

    def fault_503(self) -> None:
        if self.service.asked.count(self.path) == 1:
            return self.send(b"", status=503, Retry_After="7")
        return self.send_json({"value": [1]})

    def fault_always503(self) -> None:
        self.send(b"", status=503)

    def fault_429_once(self) -> None:
        if self.service.asked.count(self.path) == 1:
            return self.send(b"", status=429, Retry_After="Mon, 05 Jan 2026 12:00:45 GMT")
        return self.send_json({"value": [1]})

    def fault_429(self) -> None:
        self.send(b"", status=429, Retry_After="3600")

    def fault_truncated(self) -> None:
        self.send(b'{"value": ["' + b"x" * 488, Content_Length="1000")
        self.close_connection = True

    def fault_short_cl(self) -> None:
        self.send(b'{"value": [1, 2, 3]}', Content_Length="12")
        self.close_connection = True

    def fault_hang(self) -> None:
        self.service.release.wait(30)
        self.close_connection = True

    def fault_trickle(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", JSON)
        self.send_header("Content-Length", str(TRICKLE))
        self.end_headers()
        with contextlib.suppress(OSError):
            for _ in range(TRICKLE):
                self.service.release.wait(0.005)
                self.wfile.write(b" ")
        self.close_connection = True

    def fault_drip_status(self) -> None:
        self._drip(b"", b"HTTP/1.1 200 OK\r\n", JSON_HEAD + b"\r\n{}")

    def fault_drip_head(self) -> None:
        self._drip(
            b"HTTP/1.1 200 OK\r\n", b"X-Pad: " + b"a" * TRICKLE, b"\r\n" + JSON_HEAD + b"\r\n{}"
        )

    def fault_drip_chunk(self) -> None:
        """The size of a chunk may have any words behind it."""
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
        head += b"Transfer-Encoding: chunked\r\n\r\n"
        self._drip(head, b"2;" + b"a" * TRICKLE, b"\r\n{}\r\n0\r\n\r\n")

    def _drip(self, at_once: bytes, dripped: bytes, then: bytes) -> None:
        with contextlib.suppress(OSError):
            self.wfile.write(at_once)
            for byte in dripped:
                self.service.release.wait(0.005)
                self.wfile.write(bytes([byte]))
            self.wfile.write(then)
        self.close_connection = True

    def fault_many_objects(self) -> None:
        self.send(b'{"value": [' + b"{}," * 50 + b"{}]}")

    def fault_long_number(self) -> None:
        self.send(b'{"value": [' + b"1" * 5_000 + b"]}")

    def fault_deep(self) -> None:
        self.send(b'{"value": ' + b"[" * 200_000 + b"]" * 200_000 + b"}")

    def fault_nextlink_broken(self) -> None:
        self.send_json({"value": [1], "@odata.nextLink": "http://[::1"})

    def fault_nextlink_port(self) -> None:
        self.send_json({"value": [1], "@odata.nextLink": "http://127.0.0.1:x/nextlink_port"})

    def fault_nextlink_list(self) -> None:
        self.send_json({"value": [1], "links": [{"rel": "next", "href": ["/more"]}]})

    def fault_nextlink_absent(self) -> None:
        self.send_json({"value": [1], "odata.nextLink": f"{self.service.url}/no/page"})

    def fault_nextlink_other_host(self) -> None:
        link = "http://169.254.169.254/latest/meta-data/"
        self.send_json({"value": [1], "odata.nextLink": link})

    def fault_nextlink_loop(self) -> None:
        self.send_json({"value": [1], "odata.nextLink": self.service.url + self.path})

    def fault_redirect_metadata(self) -> None:
        self.send(b"", status=302, Location="http://169.254.169.254/")

    def fault_redirect_inside(self) -> None:
        self.send(b"", status=302, Location="/secret")

    def fault_secret(self) -> None:
        self.send_json({"secret": 1})

    def fault_gzipbomb(self) -> None:
        self.send(BOMB, Content_Encoding="gzip")

    def fault_gzip_cut(self) -> None:
        self.send(gzip.compress(b'{"value": [1]}')[:-9], Content_Encoding="gzip")

    def fault_chunks_cut(self) -> None:
        """Chunked, and gone before the last chunk."""
        self.send_response(200)
        self.send_header("Content-Type", JSON)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.write(b'9\r\n{"value":\r\n')
        self.close_connection = True

    def fault_slow(self) -> None:
        self.service.release.wait(0.05)
        self.send_json({"value": []})

    def fault_brotli(self) -> None:
        self.send(b"\x00", Content_Encoding="br")

    def fault_gzip(self) -> None:
        self.send(gzip.compress(b'{"value": [1]}'), Content_Encoding="gzip")

    def fault_wfs_exception(self) -> None:
        self.send(
            b'<?xml version="1.0"?><o:ExceptionReport xmlns:o="http://www.opengis.net/ows/1.1">'
            b'<o:Exception exceptionCode="InvalidParameterValue"><o:ExceptionText>'
            b"Unknown layer.</o:ExceptionText></o:Exception></o:ExceptionReport>",
            kind="text/xml",
        )

    def fault_reset(self) -> None:
        self._reset(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{"
        )

    def fault_wrong_charset(self) -> None:
        self.send('{"value": ["Fryslân"]}'.encode("cp1252"))

    def fault_surrogate(self) -> None:
        self.send(b'{"value": ["\\ud800"]}')

    def fault_nan(self) -> None:
        self.send(b'{"value": [NaN]}')

    def fault_list(self) -> None:
        self.send(b"[1, 2]")

    def fault_too_many(self) -> None:
        said = {"lang": "", "value": "query returns more than 10000 records"}
        self.send_json({"odata.error": {"code": "", "message": said}}, status=500)

    def _reset(self, beginning: bytes) -> None:
        """Hang up with a TCP reset, as a crashing service does."""
        self.wfile.write(beginning)
        self.wfile.flush()
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.connection.close()
        self.close_connection = True


def _selected(row: dict[str, Any], query: dict[str, str]) -> bool:
    """The part of OData's ``$filter`` that we use: ``startswith(dim,'…')`` and ``dim eq '…'``,
    joined with ``or`` into groups, which are joined with ``and``."""
    groups = query["$filter"].split(") and (") if "$filter" in query else []
    return all(
        any(str(row.get(dim, "")).startswith(text) for dim, text in _STARTS.findall(group))
        or any(row.get(dim) == text for dim, text in _EQUALS.findall(group))
        for group in groups
    )


_STARTS = re.compile(r"startswith\((\w+),'([^']*)'\)")
_EQUALS = re.compile(r"(\w+) eq '([^']*)'")


def _observations() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for region, values in FIGURES.items():
        for (code, *_), value in zip(MEASURES, values, strict=True):
            if value is not None:
                reason = isinstance(value, str)
                rows.append(
                    {
                        "Id": len(rows),
                        "Measure": code,
                        "ValueAttribute": value if reason else "None",
                        "Value": None if reason else value,
                        "StringValue": None,
                        "WijkenEnBuurten": region,
                    }
                )
        rows.append(
            {
                "Id": len(rows),
                "Measure": "IND001",
                "ValueAttribute": "None",
                "Value": None,
                "StringValue": CHANGE[region],
                "WijkenEnBuurten": region,
            }
        )
    return rows


def _parent_group(code: str) -> str:
    return code[:2] if code[:2] in ("NL", "GM") else f"GM{code[2:6]}"


V4: dict[str, list[dict[str, Any]]] = {
    "Dimensions": [{"Identifier": "WijkenEnBuurten", "Title": "Wijken", "Kind": "GeoDetail"}],
    "MeasureGroups": GROUPS,
    "MeasureCodes": [
        {
            "Identifier": code,
            "Title": title,
            "MeasureGroupId": group,
            "DataType": kind,
            "Unit": unit,
        }
        for code, _, title, group, unit, kind in MEASURES
    ]
    + [
        {
            "Identifier": "IND001",
            "Title": "Indelingswijziging wijken en buurten",
            "MeasureGroupId": None,
            "DataType": "String",
            "Unit": "code",
        }
    ],
    "WijkenEnBuurtenCodes": [
        {"Identifier": code, "Title": name, "DimensionGroupId": _parent_group(code)}
        for code, name in REGIONS.items()
    ],
    "Observations": _observations(),
}


def _typed() -> list[dict[str, Any]]:
    rows = []
    for number, (region, values) in enumerate(FIGURES.items()):
        gemeente = REGIONS.get(_parent_group(region), "Nederland")
        row = {
            "ID": number,
            "WijkenEnBuurten": region.ljust(10),
            "Gemeentenaam_1": gemeente.ljust(40),
            "SoortRegio_2": "Buurt".ljust(10),
            "Codering_3": region.ljust(10),
            "IndelingswijzigingWijkenEnBuurten_4": CHANGE[region],
        }
        for (_, key, *_), value in zip(MEASURES, values, strict=True):
            row[key] = None if isinstance(value, str) else value
        rows.append(row)
    return rows


def _properties() -> list[dict[str, Any]]:
    numbers = {group["Id"]: number for number, group in enumerate(GROUPS, start=10)}
    groups = [
        {
            "ID": numbers[group["Id"]],
            "ParentID": numbers.get(group["ParentId"]),
            "Type": "TopicGroup",
            "Key": "",
            "Title": group["Title"],
            "Datatype": None,
            "Unit": None,
        }
        for group in GROUPS
    ]
    topics = [
        {
            "ID": 100 + number,
            "ParentID": numbers[group],
            "Type": "Topic",
            "Key": key,
            "Title": title,
            "Datatype": kind,
            "Unit": unit,
        }
        for number, (_, key, title, group, unit, kind) in enumerate(MEASURES)
    ]
    first = {"ID": 0, "ParentID": None, "Type": "GeoDetail", "Key": "WijkenEnBuurten"}
    return [first | {"Title": "Wijken en buurten"}, *groups, *topics]


V3: dict[str, list[dict[str, Any]]] = {
    "TableInfos": [
        {
            "Identifier": TABLE,
            "Title": f"Kerncijfers wijken en buurten {YEAR}",
            "RecordCount": len(REGIONS),
        }
    ],
    "DataProperties": _properties(),
    "WijkenEnBuurten": [
        {"Key": code.ljust(10), "Title": name, "Municipality": "", "DetailRegionCode": code}
        for code, name in REGIONS.items()
    ],
    "TypedDataSet": _typed(),
}


def _square(code: str, number: int) -> dict[str, Any]:
    west, south = 5.0 + 0.01 * number, 52.0
    ring = [
        [west, south],
        [west + 0.01, south],
        [west + 0.01, south + 0.01],
        [west, south + 0.01],
        [west, south],
    ]
    level = {"GM": "gemeente", "WK": "wijk", "BU": "buurt"}[code[:2]]
    return {
        "type": "Feature",
        "id": number,
        "properties": {
            f"{level}code": code,
            f"{level}naam": REGIONS[code],
            "gemeentecode": f"GM{code[2:6]}",
            "gemeentenaam": REGIONS[f"GM{code[2:6]}"],
            "water": "NEE",
            "aantal_inwoners": -99997,
        },
        "geometry": {"type": "MultiPolygon", "coordinates": [[ring]]},
    }


PDOK: dict[str, list[dict[str, Any]]] = {
    collection: [
        _square(code, number) for number, code in enumerate(REGIONS) if code.startswith(prefix)
    ]
    for collection, prefix in (("gemeenten", "GM"), ("wijken", "WK"), ("buurten", "BU"))
}
