# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What instruments compute: loans, shop days, rent, procurement, and rules with a date."""
