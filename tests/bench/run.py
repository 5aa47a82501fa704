# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""``make bench``: one line a workload, each against its peer in the same run."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from tests.bench import bench_insight, bench_loan, bench_match, bench_shop, faces, journey, national

Line = tuple[str, float, float]


def lines() -> Iterator[Line]:
    yield faces.bench_help()
    yield faces.bench_page()
    yield from journey.lines()
    yield from bench_insight.lines()
    yield from bench_shop.lines()
    yield from bench_loan.lines()
    yield from bench_match.lines()
    yield national.bench()


def main() -> None:
    short = 0
    for name, ratio, goal in lines():
        short += ratio < goal
        verdict = "ok" if ratio >= goal else "short"
        print(f"bench {name} ratio={ratio:.2f} goal={goal:g} {verdict}", flush=True)
    sys.exit(1 if short else 0)


if __name__ == "__main__":
    main()
