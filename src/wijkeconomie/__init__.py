# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is the economic opgave of every neighbourhood, and how sure are we?

>>> import wijkeconomie
>>> release = wijkeconomie.open_release(Path("var"))  # doctest: +SKIP
>>> wijkeconomie.scan(release, "BU99010501").opgaven  # doctest: +SKIP

These are the functions that the pages and the command line use; each is imported when it is asked
for, so that importing this package costs nothing.
"""

import signal
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wijkeconomie.figures.build import load
    from wijkeconomie.figures.registry import registry
    from wijkeconomie.figures.release import open_release
    from wijkeconomie.figures.sources.files import read
    from wijkeconomie.insight.scan import scan, scan_all
    from wijkeconomie.insight.spread import spread
    from wijkeconomie.insight.wording import sentence

_HOMES = {
    "load": "figures.build",
    "open_release": "figures.release",
    "read": "figures.sources.files",
    "registry": "figures.registry",
    "scan": "insight.scan",
    "scan_all": "insight.scan",
    "sentence": "insight.wording",
    "spread": "insight.spread",
}
__all__ = [
    "load", "open_release", "read", "registry", "scan", "scan_all", "sentence", "spread",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__} has no attribute {name}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def main() -> None:
    """The command line.  Ctrl-C while its modules are still read ends it without a word."""
    waits = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if waits:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    command = import_module(f"{__name__}.cli").main
    if waits:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    command()
