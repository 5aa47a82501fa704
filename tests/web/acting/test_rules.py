# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A municipality's own rules: written, tried beside what holds, put in force, and never changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.web.journey.conftest import Signed
from wijkeconomie.acting import permit_tables, rules
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.models import AuditLine, Municipality, Role, User
from wijkeconomie.web.acting import access, rule_actions
from wijkeconomie.web.acting.instruments import permit_guide
from wijkeconomie.web.acting.models import Rule

People = Callable[[Role], User]
EVENT, LIMIT = "permits.small_event", "procurement.single_below.works"
TABLE = """
title = { nl = "Klein feest", en = "Small party" }
whom = { nl = "de gemeente", en = "the municipality" }
questions = ["people", "road", "day"]
[[rows]]
when = [{ question = "people", at_most = 50 }, { question = "road", is = false }]
answer = "notify"
before = { amount = 10, unit = "working_days" }
fee = 0
[[rows]]
answer = "permit"
[[examples]]
answers = { people = 50, road = false, day = "2027-04-24" }
answer = "notify"
last = "2027-04-12"
"""


def draft(by: User, here: Municipality, name: str = LIMIT, **given: Any) -> Rule:
    said = {"unit": "cents", "value": 6_000_000, "valid_from": timezone.localdate(),
            "source": "Inkoopbeleid, artikel 4", **given}  # fmt: skip
    return rule_actions.draft(by=by, municipality=here, key=uuid4(), name=name, given=said)


def table(by: User, here: Municipality, text: str = TABLE, **given: Any) -> Rule:
    value = permit_tables.typed(text, "hier")
    more = {"unit": "table", "value": value, "written": text, **given}
    return draft(by, here, EVENT, **more)


def holds(here: Municipality, name: str = LIMIT, unit: str = "cents") -> Any:
    return access.book(here.pk).value(name, timezone.localdate(), unit)


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as said:
        act()
    return said.value.notice.code


def test_a_draft_holds_for_nobody_until_it_is_put_in_force(
    municipality: Municipality, person: People
) -> None:
    by = person(Role.PLANNER)
    made = draft(by, municipality)
    assert isinstance(holds(municipality), rules.Missing)
    rule_actions.put_in_force(by=by, rule=made)
    assert holds(municipality) == 6_000_000
    assert AuditLine.objects.filter(verb="put_in_force").count() == 1


def test_what_was_put_in_force_never_changes_and_a_newer_row_takes_its_place(
    municipality: Municipality, person: People
) -> None:
    by, today = person(Role.PLANNER), timezone.localdate()
    made = rule_actions.put_in_force(
        by=by, rule=draft(by, municipality, valid_from=today - timedelta(days=9))
    )
    acts: list[Callable[[], object]] = [
        lambda: rule_actions.rewrite(by=by, rule=made, given={"value": 1}),
        lambda: rule_actions.put_in_force(by=by, rule=made),
        lambda: rule_actions.drop(by=by, rule=made),
    ]
    assert [refused(act) for act in acts] == ["rule_signed"] * 3
    with pytest.raises(TypeError):
        made.save()
    rule_actions.put_in_force(by=by, rule=draft(by, municipality, value=7_000_000))
    assert holds(municipality) == 7_000_000
    was = access.book(municipality.pk).value(LIMIT, today - timedelta(days=1), "cents")
    assert was == 6_000_000


def test_of_two_rows_from_one_day_the_second_is_refused(
    municipality: Municipality, person: People
) -> None:
    by = person(Role.PLANNER)
    one, other = draft(by, municipality), draft(by, municipality, value=1)
    rule_actions.put_in_force(by=by, rule=one)
    assert refused(lambda: rule_actions.put_in_force(by=by, rule=other)) == "rule_same_day"
    with pytest.raises(IntegrityError), transaction.atomic():
        Rule.objects.filter(pk=other.pk).update(signed_at=timezone.now(), signed_by=by)


def test_twin_without_that_bound_nobody_knows_any_more_what_holds(
    municipality: Municipality, person: People
) -> None:
    by, (bound,) = person(Role.PLANNER), [
        one for one in Rule._meta.constraints if one.name == "rule_one_from_a_day"
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX {bound.name}")
    for value in (1, 2):
        made = draft(by, municipality, value=value)
        Rule.objects.filter(pk=made.pk).update(signed_at=timezone.now(), signed_by=by)
    assert refused(lambda: holds(municipality)) == "rules_overlap"


def test_a_row_ends_after_it_begins_and_is_put_in_force_by_somebody(
    municipality: Municipality, person: People
) -> None:
    made = draft(person(Role.PLANNER), municipality)
    for wrong in ({"valid_until": made.valid_from - timedelta(days=1)},
                  {"signed_at": timezone.now()}):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            Rule.objects.filter(pk=made.pk).update(**wrong)


def test_own_goes_before_what_comes_with_the_program_from_its_day_on(
    municipality: Municipality,
) -> None:
    today = timezone.localdate()
    own = rules.rule({"jurisdiction": "GM0312", "key": EVENT, "unit": "table", "source": "Bij ons",
                      "valid_from": today + timedelta(days=3),
                      "value": permit_tables.typed(TABLE, "hier")})  # fmt: skip
    book = rules.Book(rules.beside([own], rules.shipped()), "GM0312")
    then = [book.find(EVENT, today + timedelta(days=n), "table") for n in (2, 3)]
    assert [getattr(one, "source", "") for one in then] == [
        "Gemeente Bunnik: pagina over kleine evenementen", "Bij ons",
    ]  # fmt: skip


def test_a_table_is_tried_on_cases_before_and_after(
    municipality: Municipality, person: People
) -> None:
    by = person(Role.PLANNER)
    rule_actions.put_in_force(
        by=by, rule=table(by, municipality, valid_from=timezone.localdate() - timedelta(days=1))
    )
    wider = TABLE.replace("at_most = 50", "at_most = 100")
    made = table(by, municipality, wider)
    made = rule_actions.keep_tests(by=by, rule=made, tests=[
        {"answers": {"people": "80", "road": "no"}, "verdict": "notify"},
        {"answers": {"people": "101"}, "verdict": "permit"},
    ])  # fmt: skip
    first, second = rule_actions.tried(made)[:2]
    assert (first.before.outcome.verdict, first.after.outcome.verdict) == ("permit", "notify")
    assert (first.changed, first.right, second.changed, second.right) == (True, True, False, True)


def test_a_table_that_fails_a_kept_case_is_put_in_force_with_a_reason_only(
    municipality: Municipality, person: People
) -> None:
    by = person(Role.PLANNER)
    made = table(by, municipality)
    rule_actions.keep_tests(by=by, rule=made, tests=[
        {"answers": {"people": "60", "road": "no"}, "verdict": "notify"},
    ])  # fmt: skip
    assert refused(lambda: rule_actions.put_in_force(by=by, rule=made)) == "rule_tests_fail"
    done = rule_actions.put_in_force(by=by, rule=made, reason="De raad wil 50.")
    assert (done.reason, bool(done.signed_at)) == ("De raad wil 50.", True)


def test_the_page_asks_why_where_a_kept_case_fails(
    municipality: Municipality, person: People, signed: Signed
) -> None:
    made = table(person(Role.PLANNER), municipality)
    rule_actions.keep_tests(by=person(Role.PLANNER), rule=made, tests=[
        {"answers": {"people": "60", "road": "no"}, "verdict": "notify"},
    ])  # fmt: skip
    client, there = signed(Role.PLANNER), reverse("rule", args=[made.pk])
    told = client.post(there, {"reason": ""})
    assert (told.status_code, "De regel geldt nog niet." in told.content.decode()) == (422, True)
    assert client.post(there, {"reason": "De raad wil 50."}).status_code == 302
    assert "De raad wil 50." in client.get(there).content.decode()


def test_the_next_draft_begins_with_the_cases_that_were_kept(
    municipality: Municipality, person: People
) -> None:
    by, kept = person(Role.PLANNER), [{"answers": {"people": "9"}, "verdict": "notify"}]
    rule_actions.keep_tests(by=by, rule=table(by, municipality), tests=kept)
    assert table(by, municipality).tests == kept


def test_what_is_wrong_with_a_typed_table_is_said_with_its_line_or_row(
    municipality: Municipality, person: People, signed: Signed
) -> None:
    by = person(Role.PLANNER)
    client, there = signed(Role.PLANNER), reverse("new_rule", args=[municipality.pk, EVENT])
    sent = {"key": uuid4(), "valid_from": "2026-12-01", "source": "Verordening"}
    torn = client.post(there, {**sent, "value": TABLE.replace("at_most = 50 }", "at_most = 50")})
    assert (torn.status_code, "regel 6 van de tekst" in torn.content.decode()) == (422, True)
    other = TABLE.replace('answer = "permit"', 'answer = "maybe"')
    wrong = client.post(there, {**sent, "value": other})
    assert (wrong.status_code, "rij 2" in wrong.content.decode()) == (422, True)
    assert not Rule.objects.exists()
    assert by.pk


def test_a_row_that_comes_with_the_program_is_confirmed_and_everyone_sees_it(
    municipality: Municipality, signed: Signed
) -> None:
    client, name = signed(Role.PLANNER), "permits.terrace"
    there = reverse("confirm_rule", args=[municipality.pk, name])
    assert client.get(there).status_code == 200
    sent = {"key": uuid4(), "checked_on": f"{timezone.localdate()}", "source": "APV", "link": ""}
    assert client.post(there, sent).status_code == 302
    now = access.book(municipality.pk).find(name, timezone.localdate(), "table")
    assert isinstance(now, rules.Rule)
    assert (now.jurisdiction, now.source, now.confirmed) == (municipality.pk, "APV", True)
    page = Client().get(reverse("guide_answer", args=[municipality.pk, "terrace"]))
    assert "gecontroleerd bij de bron op" in page.content.decode()


def test_numbers_are_changed_row_by_row_without_the_text(
    municipality: Municipality, person: People, signed: Signed
) -> None:
    made = table(person(Role.PLANNER), municipality)
    sent = {"r1w0": "75", "r1answer": "notify", "r1amount": "3", "r1unit": "weeks",
            "r1fee": "12,50", "r2answer": "permit", "r2fee": ""}  # fmt: skip
    got = signed(Role.PLANNER).post(reverse("edit_rows", args=[made.pk]), sent)
    assert got.status_code == 422  # the example in the table still says 12 April
    made = rule_actions.rewrite(by=made.made_by, rule=made, given={
        "value": permit_tables.typed(TABLE.split("[[examples]]", maxsplit=1)[0], "hier"),
    })  # fmt: skip
    got = signed(Role.PLANNER).post(reverse("edit_rows", args=[made.pk]), sent)
    assert got.status_code == 302, got.content.decode()
    made.refresh_from_db()
    first = made.value["rows"][0]
    assert (first["when"][0]["at_most"], first["before"], first["fee"]) == (
        75, {"amount": 3, "unit": "weeks"}, 1250,
    )  # fmt: skip
    assert permit_tables.typed(made.written, "hier") == made.value


def test_a_table_is_typed_as_it_is_written_and_reads_back_the_same() -> None:
    for one in rules.shipped():
        if one.unit == "table":
            value = rules.plain(one.value)
            assert permit_tables.typed(permit_tables.written(value), "hier") == value


def test_who_plans_for_one_wijk_writes_no_rule_and_another_municipality_sees_none(
    municipality: Municipality, person: People, signed: Signed
) -> None:
    made = draft(person(Role.PLANNER), municipality)
    assert signed(Role.CLERK).get(reverse("rule", args=[made.pk])).status_code == 403
    planner = person(Role.PLANNER)
    planner.memberships.update(wijk="WK990101")
    client = Client()
    client.force_login(planner)
    assert client.get(reverse("rules", args=[municipality.pk])).status_code == 200
    assert client.get(reverse("new_rule", args=[municipality.pk, LIMIT])).status_code == 403
    assert client.get(reverse("rule", args=[made.pk])).status_code == 404


def test_however_many_rows_the_list_asks_the_database_the_same(
    municipality: Municipality, person: People, signed: Signed
) -> None:
    client, by = signed(Role.PLANNER), person(Role.PLANNER)
    there, counts = reverse("rules", args=[municipality.pk]), []
    for _many in range(2):
        for n in range(3):
            day = date(2026, 1, 1) + timedelta(days=Rule.objects.count())
            made = draft(by, municipality, valid_from=day, value=n)
            rule_actions.put_in_force(by=by, rule=made)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(there).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 8


def test_the_guide_answers_with_the_own_table(municipality: Municipality, person: People) -> None:
    by = person(Role.PLANNER)
    rule_actions.put_in_force(by=by, rule=table(by, municipality))
    told = permit_guide.ask(municipality.pk, "small_event", {"people": "40", "road": "no",
                                                             "day": "2027-04-24"})  # fmt: skip
    assert (told.verdict, told.decision and told.decision.last and told.decision.last.day) == (
        "notify", date(2027, 4, 12),
    )  # fmt: skip
