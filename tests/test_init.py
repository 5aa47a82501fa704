# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a notebook needs is in the package itself."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

import wijkeconomie

TUTORIAL = Path(__file__).parents[1] / "docs" / "tutorial" / "scan.ipynb"
HOMES = wijkeconomie._HOMES


def test_every_function_that_it_promises_is_listed_and_there() -> None:
    assert dir(wijkeconomie) == sorted(wijkeconomie.__all__) == sorted({*HOMES, "__version__"})
    for name, home in HOMES.items():
        assert callable(getattr(wijkeconomie, name)), home


def test_it_says_its_version() -> None:
    assert wijkeconomie.__version__ == version("wijkeconomie")


def test_what_it_does_not_have_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="module wijkeconomie has no attribute scans"):
        _ = wijkeconomie.scans


def test_to_import_it_reads_nothing_heavy() -> None:
    script = "import sys, wijkeconomie; dir(wijkeconomie); print('polars' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert done.stdout == b"False\n"


def test_the_tutorial_needs_no_other_module_of_ours() -> None:
    cells = json.loads(TUTORIAL.read_text("utf-8"))["cells"]
    code = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "code")
    assert re.findall(r"^(?:from|import) (wijkeconomie\S*)", code, re.MULTILINE) == ["wijkeconomie"]
    used = set(re.findall(r"wijkeconomie\.(\w+)", code))
    assert used <= set(wijkeconomie.__all__)
