# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Step 1: what is the economic opgave of an area, beside comparable ones, and how sure are we?"""
