# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Of random worlds nobody finds a hidden count by all that is published (decision 0014)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.figures.own_table_worlds import attacked, draw


@pytest.mark.parametrize("seed", [0, 1, 2, 3, 5, 12, 13])
def test_no_world_leaves_a_hidden_count_fewer_than_four_values(seed: int, tmp_path: Path) -> None:
    assert attacked(draw(seed), tmp_path).leaks == {}
