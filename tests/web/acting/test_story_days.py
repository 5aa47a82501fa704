# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""On whatever day the example is made, what it tells lies on days that fit."""

from __future__ import annotations

from datetime import date, timedelta

from wijkeconomie.acting.permits import holidays_of
from wijkeconomie.acting.recurring import kings_day
from wijkeconomie.web.acting.instruments.coalition.story import office_day
from wijkeconomie.web.acting.instruments.initiatives.story import _day

EVERY = [date(2026, 1, 1) + timedelta(n) for n in range(1500)]


def test_partners_meet_when_offices_are_open() -> None:
    met = [office_day(day) for day in EVERY]
    assert {day.weekday() for day in met} == {1}
    assert [day for day in met if day in holidays_of(day.year)] == []
    assert max(today - day for today, day in zip(EVERY, met, strict=True)) <= timedelta(20)


def test_a_kings_day_market_was_on_the_last_kings_day_and_a_repair_cafe_is_on_a_saturday() -> None:
    for today in EVERY:
        market, cafe = _day("kings_day", today), _day("second_saturday", today)
        assert market == kings_day(market.year)
        assert timedelta(0) < today - market < timedelta(367)
        assert (cafe.weekday(), 8 <= cafe.day <= 14, cafe - today >= timedelta(7)) == (
            5, True, True)  # fmt: skip
