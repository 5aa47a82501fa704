# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The REST API under /api/v1: public figures, read only."""

from __future__ import annotations

from ninja import NinjaAPI

api = NinjaAPI(title="wijkeconomie", version="1.0.0", docs_url=None, openapi_url="/openapi.json")
