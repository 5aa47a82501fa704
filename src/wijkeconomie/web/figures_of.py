# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""From findings and figures to pictures: the same drawing on a page, in a file and in a report."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import polars as pl
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from wijkeconomie.figures.areas import COUNTRY
from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.refusal import Language
from wijkeconomie.figures.registry import Indicator, registry
from wijkeconomie.figures.release import Release
from wijkeconomie.insight import wording
from wijkeconomie.insight.results import Finding, Scan
from wijkeconomie.web import charts

Years = dict[int, tuple[float | None, Status]]
