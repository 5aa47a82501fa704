# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is at work: its kinds are known before the first request."""

from importlib import import_module

from django.apps import AppConfig

INSTRUMENTS = ("contact_point", "deregulation", "permit_guide")


class Acting(AppConfig):
    """Step 4."""

    name = "wijkeconomie.web.acting"

    def ready(self) -> None:
        """Let each instrument declare its kinds."""
        for one in INSTRUMENTS:
            import_module(f"wijkeconomie.web.acting.instruments.{one}")
