# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""One slice each: what it is called, which states it knows, what counts as its result."""
