# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whom we heard and what they said: guides, voices, agreement, words beside figures."""
