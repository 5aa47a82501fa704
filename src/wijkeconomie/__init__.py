# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is the economic opgave of every neighbourhood, and how sure are we?

>>> import wijkeconomie
>>> release = wijkeconomie.open_release(Path("var"))  # doctest: +SKIP
>>> wijkeconomie.scan(release, "BU99010501").opgaven  # doctest: +SKIP

Figures of CBS for the whole country, or of one municipality:

>>> with wijkeconomie.Client() as client:  # doctest: +SKIP
...     read = wijkeconomie.fetch([2023], gemeente="GM0518", client=client, cache=Path("var/cache"))
...     release = wijkeconomie.load(Path("var"), read)

These are the functions that the pages and the command line use; each is imported when it is asked
for, so that importing this package costs nothing.
"""

import signal
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wijkeconomie.figures.build import load, remove
    from wijkeconomie.figures.demo import tables as example
    from wijkeconomie.figures.export import rows
    from wijkeconomie.figures.registry import registry
    from wijkeconomie.figures.release import open_release
    from wijkeconomie.figures.sources.cbs import fetch
    from wijkeconomie.figures.sources.files import read
    from wijkeconomie.figures.sources.http import Client
    from wijkeconomie.insight.scan import places, scan, scan_all
    from wijkeconomie.insight.spread import change, spread
    from wijkeconomie.insight.wording import sentence, unknown_sentence

    __version__: str

_HOMES = {
    "Client": "figures.sources.http.Client",
    "change": "insight.spread.change",
    "example": "figures.demo.tables",
    "fetch": "figures.sources.cbs.fetch",
    "load": "figures.build.load",
    "open_release": "figures.release.open_release",
    "places": "insight.scan.places",
    "read": "figures.sources.files.read",
    "registry": "figures.registry.registry",
    "remove": "figures.build.remove",
    "rows": "figures.export.rows",
    "scan": "insight.scan.scan",
    "scan_all": "insight.scan.scan_all",
    "sentence": "insight.wording.sentence",
    "spread": "insight.spread.spread",
    "unknown_sentence": "insight.wording.unknown_sentence",
}
__all__ = [
    "Client", "__version__", "change", "example", "fetch", "load", "open_release", "places", "read",
    "registry", "remove", "rows", "scan", "scan_all", "sentence", "spread", "unknown_sentence",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return import_module("importlib.metadata").version(__name__)
    if name not in _HOMES:
        raise AttributeError(f"module {__name__} has no attribute {name}")
    home, _, there = _HOMES[name].rpartition(".")
    return getattr(import_module(f"{__name__}.{home}"), there)


def __dir__() -> list[str]:
    return sorted(__all__)


def main() -> None:
    """The command line.  Ctrl-C while its modules are still read ends it without a word."""
    waits = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if waits:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    command = import_module(f"{__name__}.cli").main
    if waits:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    command()
