# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What to do: instruments, a choice under a budget, and a budget that residents divide."""
