# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Pictures of a plan: where the money goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wijkeconomie.web.drawing import Frame, picture, tag, text

_ROW, _BAR, _WORDS = 42.0, 14.0, 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A part of a budget: its name, its size, and that size in words."""

    label: str
    size: int
    words: str
    perspective: str = "context"


def budget_bar(
    shares: Sequence[Share], *, total: int, rest: tuple[str, str], title: str, prefix: str,
    language: str = "nl", standalone: bool = False,
) -> str:  # fmt: skip
    """Every part of *total* as a bar that begins where the one before ended; *rest* says, with its
    size in words, what is left or lacking.

    The width of the picture is *total*, or all parts together where that is more: then a broken
    line stands at *total*.
    """
    spent = sum(share.size for share in shares)
    whole = max(total, spent) or 1
    rows, start = [], 0
    for row, share in enumerate(shares):
        rows.append(_bar(row, share, start / whole, share.size / whole))
        start += share.size
    low, high = sorted((spent, total))
    missing = Share(label=rest[0], size=high - low, words=rest[1])
    rows.append(_bar(len(shares), missing, low / whole, (high - low) / whole, open_=True))
    height = _ROW * len(rows)
    if spent > total:
        x = _percent(total / whole)
        rows.append(tag("line", x1=x, x2=x, y1=0.0, y2=height, class_="land-line"))
    desc = "; ".join(f"{share.label}: {share.words}" for share in (*shares, missing))
    frame = Frame(
        title=title, desc=desc, prefix=prefix, width=480, height=height, language=language,
        shape="fluid", standalone=standalone,
    )  # fmt: skip
    return picture(frame, *rows)


def _bar(row: int, share: Share, start: float, size: float, *, open_: bool = False) -> str:
    top = row * _ROW
    return tag(
        "g",
        text("0%", top + _WORDS, share.label),
        text("100%", top + _WORDS, share.words, text_anchor="end", class_="t-strong"),
        tag("rect", x="0%", width="100%", y=top + 21, height=_BAR, class_="track"),
        tag("rect", x=_percent(start), width=_percent(size), y=top + 21, height=_BAR,
            class_="spread" if open_ else "part"),
        class_=f"p-{share.perspective}",
    )  # fmt: skip


def _percent(share: float) -> str:
    return f"{100 * share:.2f}%"
