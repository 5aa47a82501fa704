# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A fund in the invented municipality."""

from typing import Any


def tell(*, code: str, by: Any) -> None:
    """Later."""
