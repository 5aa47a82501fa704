# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is at work: its kinds are known before the first request."""

from importlib import import_module
from typing import Any

from django.apps import AppConfig

INSTRUMENTS = (
    "contact_point",
    "deregulation",
    "permit_guide",
    "coaching",
    "fund",
    "procurement",
    "spaces",
    "shop",
    "covenant",
    "coalition",
    "initiatives",
    "social_space",
    "skill_matching",
    "local_brand",
    "street",
)
DECLARING = (  # kinds that stand in a module of their own
    "local_brand.learned",
    "local_brand.running",
    "local_brand.sales",
    "local_brand.spots",
)
STORIES = (
    "contact_point",
    "permit_guide",
    "shop",
    "spaces",
    "covenant",
    "initiatives",
    "coaching",
    "procurement",
    "fund",
    "social_space",
    "skill_matching",
    "local_brand",
    "street",
    "coalition",
)  # in this order: one goes on where another ended


class Acting(AppConfig):
    """Step 4."""

    name = "wijkeconomie.web.acting"

    def ready(self) -> None:
        """Let each instrument declare its kinds."""
        for one in (*INSTRUMENTS, *DECLARING):
            import_module(f"wijkeconomie.web.acting.instruments.{one}")


def tell(*, code: str, by: Any) -> None:
    """Tell what is at work in the invented municipality *code*, as the user *by* would: once."""
    for one in STORIES:
        import_module(f"wijkeconomie.web.acting.instruments.{one}.story").tell(code=code, by=by)
