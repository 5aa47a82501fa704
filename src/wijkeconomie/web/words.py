# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Words that only pages use; the others come from the registry and ``insight.wording``."""

from __future__ import annotations

from django.utils.translation import gettext_lazy, pgettext_lazy

from wijkeconomie.figures.missing import Status

DIRECTION = {
    "improving": (gettext_lazy("gains on comparable areas"), "up"),
    "steady": (gettext_lazy("keeps pace with comparable areas"), "steady"),
    "worsening": (gettext_lazy("loses ground on comparable areas"), "down"),
    "unknown": (gettext_lazy("not known"), "unknown"),
}
STATUS = {
    Status.OK: pgettext_lazy("status", "published"),
    Status.MOVED: pgettext_lazy("status", "recalculated for present boundaries"),
    Status.SECRET: pgettext_lazy("status", "secret or too uncertain"),
    Status.LATE: pgettext_lazy("status", "not yet published"),
    Status.ENDED: pgettext_lazy("status", "no longer published"),
    Status.IMPOSSIBLE: pgettext_lazy("status", "cannot occur here"),
    Status.UNKNOWN: pgettext_lazy("status", "unknown, no reason given"),
    Status.TOO_FEW: pgettext_lazy("status", "too few people, homes or firms"),
    Status.BOUNDARY: pgettext_lazy("status", "cannot be recalculated for present boundaries"),
}
FORMULA = {
    "published": gettext_lazy("As the source publishes it."),
    "share": gettext_lazy("The part divided by the whole, times 100."),
    "per_1000": gettext_lazy("The part divided by the whole, times 1,000."),
    "total_of_two": gettext_lazy("Two counts added up."),
    "total_of_three": gettext_lazy("Three counts added up."),
    "share_of_two": gettext_lazy("The part divided by two counts together, times 100."),
    "share_of_three": gettext_lazy("The part divided by three counts together, times 100."),
    "per_1000_of_three": gettext_lazy("The part divided by three counts together, times 1,000."),
    "ratio": gettext_lazy("The part divided by the whole."),
    "density": gettext_lazy("The number divided by the land area in square kilometres."),
    "remainder": gettext_lazy("100 minus the published percentage."),
    "sector_diversity": gettext_lazy(
        "How evenly firms are spread over seven kinds of trade: 0 when all are of one kind, "
        "100 when all kinds have as many (Shannon’s entropy)."
    ),
}
