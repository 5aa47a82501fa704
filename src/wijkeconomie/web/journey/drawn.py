# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The thread of a journey as a picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wijkeconomie.web import charts
from wijkeconomie.web.charts import Line, Node
from wijkeconomie.web.context import language
from wijkeconomie.web.journey.thread import Knot, Strand, Thread, kinds
from wijkeconomie.web.templatetags.journey import page_of, words_of

MOST = 40  # quotes that are drawn one by one; more are counted per finding and direction
_SOURCES = ("figure", "quote", "observation", "statement")


def picture(line: Thread, *, alone: bool = False) -> str:
    """Columns from figures and words to efforts; what is bound to nothing is left out."""
    bound = {key for strand in line.strands for key in (strand.start, strand.end)}
    knots = [knot for knot in line.knots.values() if knot.key in bound]
    quotes = [knot for knot in knots if knot.kind == "quote"]
    grouped = {knot.key for knot in quotes} if len(quotes) > MOST else set()
    sources = [_node(k) for k in knots if k.kind in _SOURCES and k.key not in grouped]
    by_kind = kinds(knots)
    columns = [
        (_("Figures and words"), [*_groups(line, grouped), *sources]),
        (_("Findings"), list(map(_node, by_kind["finding"]))),
        (_("Opgaven"), list(map(_node, by_kind["opgave"]))),
        (_("Goals"), list(map(_node, by_kind["goal"]))),
        (_("Efforts"), list(map(_node, by_kind["effort"]))),
    ]
    counts = "; ".join(f"{name}: {len(nodes)}" for name, nodes in columns)
    return charts.flow(
        columns, list(_lines(line, grouped)), title=_("The thread"), prefix="draad",
        desc=_("From left to right: %(counts)s. The list under it says the same.")
        % {"counts": counts}, language=language(), standalone=alone,
    )  # fmt: skip


def _node(knot: Knot) -> Node:
    words = words_of(knot)
    if knot.chosen is False:
        words = _("(not chosen) %(effort)s") % {"effort": words}
    return Node(
        key=knot.key, words=words, href=page_of(knot), perspective=knot.perspective or "context",
        lines=1 if knot.kind in _SOURCES else 2,
    )  # fmt: skip


def _group(strand: Strand) -> str:
    return f"{strand.end}/{strand.direction}"


def _groups(line: Thread, grouped: set[str]) -> Iterable[Node]:
    counted = Counter(_group(strand) for strand in line.strands if strand.start in grouped)
    for key, count in counted.items():
        words = ngettext("%(n)s time words", "%(n)s times words", count) % {"n": count}
        yield Node(key=key, words=words, lines=1)


def _lines(line: Thread, grouped: set[str]) -> Iterable[Line]:
    seen = set()
    for strand in line.strands:
        start = _group(strand) if strand.start in grouped else strand.start
        if (start, strand.end) not in seen:
            seen.add((start, strand.end))
            perspective = line.knots[strand.end].perspective or "context"
            yield Line(start, strand.end, perspective, strand.direction < 0)
