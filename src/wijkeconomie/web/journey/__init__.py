# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Steps 2 and 3 as people live them, on one thread: conversations, findings, opgaven, the plan."""
