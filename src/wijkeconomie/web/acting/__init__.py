# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Step 4: the instruments at work, on one kernel.

A party offers or needs something, at a place; in a case people talk about it until it is decided.
An instrument is a kind of these, declared in ``instruments``, with pages in its own words.
"""
