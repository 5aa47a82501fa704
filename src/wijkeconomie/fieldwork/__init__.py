# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Step 2: conversations in the neighbourhood, and what they say beside the figures."""
