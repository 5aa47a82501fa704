# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The app's label, which is in the names of its tables."""

from django.apps import AppConfig


class Accounts(AppConfig):
    """People who work with the site."""

    name = "wijkeconomie.web.accounts"
    label = "accounts"
