# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Charts as SVG text.  A figure is always drawn the same: dot = value, bar = 90 % interval, tick =
the peers' median, ring = the country, hatching = unknown, a broken line where the definition broke.

Pure functions: numbers come in, text comes out; ``fmt`` writes a number with its unit.  Everything
that a chart shows is also in its ``<desc>``, in words.
"""

from wijkeconomie.web.charts.bars import (
    TIE,
    WORDS,
    Fmt,
    Mark,
    describe,
    domain,
    figure_bar,
    key,
    legend,
    margin,
    ranking,
)
from wijkeconomie.web.charts.plans import Due, Share, Span, budget_bar, spans, timeline
from wijkeconomie.web.charts.threads import Line, Node, flow
from wijkeconomie.web.charts.years import Point, quadrant, series, spread_line

__all__ = [
    "TIE", "WORDS", "Due", "Fmt", "Line", "Mark", "Node", "Point", "Share", "Span", "budget_bar",
    "describe", "domain", "figure_bar", "flow", "key", "legend", "margin", "quadrant", "ranking",
    "series", "spans", "spread_line", "timeline",
]  # fmt: skip
