# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Addresses of what is at work: those of each instrument."""

from importlib import import_module

from wijkeconomie.web.acting.apps import INSTRUMENTS

urlpatterns = [
    one
    for name in INSTRUMENTS
    for one in import_module(f"wijkeconomie.web.acting.instruments.{name}.urls").urlpatterns
]
