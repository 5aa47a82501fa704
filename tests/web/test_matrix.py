# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every address × every role, in one's own municipality and in another: what comes back.

The table is ``matrix.txt``.  An address without a row fails: closed by default begins here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from tests.acting.test_picture import photo as red_and_blue
from tests.web.accounts.persons import ELSEWHERE, municipality, signed_in, someone
from tests.web.acting import fairs
from tests.web.acting.lending import a_fund, deposit, lent
from tests.web.journey.jpegs import JPEG
from tests.web.journey.test_guides import REVIEWED
from wijkeconomie.acting.rules import plain, shipped
from wijkeconomie.figures.release import Release
from wijkeconomie.web.accounts import access, actions
from wijkeconomie.web.accounts.models import Membership, Role, User
from wijkeconomie.web.acting import access as counter
from wijkeconomie.web.acting import actions as acting
from wijkeconomie.web.acting import booking, photos, rule_actions
from wijkeconomie.web.acting.instruments import coalition, initiatives, job_market, spaces
from wijkeconomie.web.acting.instruments import covenant as covenants
from wijkeconomie.web.acting.instruments import fund as funds
from wijkeconomie.web.acting.instruments import local_brand as brands
from wijkeconomie.web.acting.instruments import procurement as buying
from wijkeconomie.web.acting.instruments import shop as shops
from wijkeconomie.web.acting.instruments import social_space as social
from wijkeconomie.web.acting.instruments import street as streets
from wijkeconomie.web.acting.instruments.coaching import COACHING, trajectories
from wijkeconomie.web.acting.instruments.coaching import matching as coach_matching
from wijkeconomie.web.acting.instruments.coalition import joining
from wijkeconomie.web.acting.instruments.contact_point import KEPT, POINT, QUESTION
from wijkeconomie.web.acting.instruments.deregulation import OBSTACLE, THEME
from wijkeconomie.web.acting.instruments.fund import loans
from wijkeconomie.web.acting.instruments.initiatives import borrowing, support
from wijkeconomie.web.acting.instruments.job_market import door, meetings, wall
from wijkeconomie.web.acting.instruments.job_market import visits as fair_visits
from wijkeconomie.web.acting.instruments.local_brand import learned, running, sales, seen, spots
from wijkeconomie.web.acting.instruments.procurement import awards, commissions, firms, offers
from wijkeconomie.web.acting.instruments.skill_matching import DESK, profiles
from wijkeconomie.web.acting.instruments.skill_matching import matching as work_matching
from wijkeconomie.web.acting.instruments.spaces import matching, owning
from wijkeconomie.web.acting.models import Case, Involvement, Line, Listing, Party, Pot
from wijkeconomie.web.journey.actions import back, field, listening, plan, sense

HERE = Path(__file__).parent
ACCOUNTS = [role for role in Role if role is not Role.RESIDENT]
WHO = ["anyone", "no_role", *Role, "elsewhere"]  # a resident has a code and no account


@dataclass(frozen=True, slots=True)
class Row:
    route: str
    method: str
    address: str
    expected: dict[str, str]


def rows() -> list[Row]:
    found = []
    for line in (HERE / "matrix.txt").read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            route, method, address, *expected = line.split()
            route = "" if route == "-" else route
            each = expected * len(WHO) if len(expected) == 1 else expected
            found.append(Row(route, method, address, dict(zip(WHO, each, strict=True))))
    return found


def routes() -> Iterator[tuple[str, Any]]:
    """Every address of the site as it is written in ``urls.py``, without the language."""

    def under(patterns: list[Any], before: str) -> Iterator[tuple[str, Any]]:
        for one in patterns:
            here = before + str(one.pattern).removeprefix("nl/").removeprefix("en/")
            if isinstance(one, URLResolver):
                yield from under(one.url_patterns, here)
            elif isinstance(one, URLPattern):
                yield here, one.callback

    return under(get_resolver().url_patterns, "")


@pytest.fixture
def things(db: None, release: Release) -> dict[str, str]:
    """What the addresses name."""
    colleague = someone("collega", Role.CODER)
    holds = Membership.objects.get(user=colleague)
    post = actions.Post(municipality=holds.municipality, role=Role.PLANNER)
    invitation = actions.invite(by=None, email="nieuw@example.org", post=post)
    planted = (_on_a_journey, _at_a_counter, _in_a_shop, _with_a_space, _with_a_covenant,
               _with_a_coach, _with_a_commission, _with_a_fund, _in_a_social_space,
               _with_work, _with_an_initiative, _with_a_brand, _with_a_street,
               _with_a_fair, _on_the_day_of_a_fair)  # fmt: skip
    found = [each for plant in planted for each in plant().items()]
    assert len(dict(found)) == len(found)  # two plants of one name: one of them is not looked at
    return dict(found) | {
        "{person}": str(colleague.pk), "{role}": str(holds.pk), "{invitation}": str(invitation.pk),
        "{link}": actions.link(invitation), "{release}": release.id,
    }  # fmt: skip


def _on_the_day_of_a_fair() -> dict[str, str]:
    """A job market of today: a tablet, a stand, who comes, who answers on the wall, who leaves."""
    by = someone("deurmeester", Role.AREA_MANAGER)
    fair = fairs.a_fair(by)
    stand, holder = fairs.a_stand(by, fair)
    tablet = door.add_tablet(by=by, market=fair, key=uuid4(), name="Deur")
    visit, writer, chooser = (fairs.a_visit(fair, f"Bezoeker {n}") for n in range(3))
    talk = meetings.meet(stand=stand, badge=visit.more["badge"])
    texts = [wall.write(visit=one, key=uuid4(), text="Ik bak") for one in (writer, chooser)]
    hung = wall.judge(by=by, text=texts[1], to="hanging")
    bid = wall.bid(exhibitor=holder, text=hung, words="Kom")
    return {"{fair_today}": str(fair.pk), "{stand_today}": str(stand.pk),
            "{fair_holder}": counter.link(holder), "{fair_tablet}": counter.link(tablet),
            "{fair_tablet_key}": str(tablet.pk), "{comes_today}": counter.link(visit),
            "{comes_today_key}": str(visit.pk), "{fair_writer}": counter.link(writer),
            "{fair_chooser}": counter.link(chooser),
            "{fair_talk}": str(talk.pk), "{fair_bid}": str(bid.pk),
            "{fair_booking}": str(fairs.booked(visit, stand).pk)}  # fmt: skip


def _with_a_fair() -> dict[str, str]:
    """A job market for which anyone can register, with a stand, a visitor and a group."""
    by = someone("banenmarkt", Role.AREA_MANAGER)
    day = timezone.localdate() + timedelta(days=30)
    more = {"day": day.isoformat(), "where": "Hal", "opens": "10:00", "closes": "12:00",
            "minutes": 15, **acting.lottery()}  # fmt: skip
    made = acting.offer(by=by, municipality=municipality(), key=uuid4(), kind=job_market.MARKET,
                        area="WK990101", title="Banenmarkt", more=more)  # fmt: skip
    market = acting.move(by=by, listing=made, to="open")
    asker = acting.Asker(kind="person", name="Iemand", phone="06")
    stand = job_market.add_stand(
        by=by, market=market, key=uuid4(), holder=asker,
        stand=job_market.Stand(sort="employer", title="Bakker", story="Brood", number=1, x=1, y=1,
                               tables=1),
    )  # fmt: skip
    coming = fair_visits.Coming(wishes=(stand.pk.hex,), since="10:00", until="12:00")
    visit = fair_visits.register(market=market, key=uuid4(), coming=coming, asker=asker)
    group = fair_visits.bring(market=market, key=uuid4(), organisation="Huis", asker=asker)
    holder = stand.cases.get()
    return {"{fair}": str(market.pk), "{stall}": str(stand.pk), "{fair_visit}": str(visit.pk),
            "{my_fair}": counter.link(visit), "{my_group}": counter.link(group),
            "{my_stall}": counter.link(holder)}  # fmt: skip


def _with_an_initiative() -> dict[str, str]:
    """An initiative that goes ahead, with a shift at which somebody helps."""
    by = someone("organiser", Role.AREA_MANAGER)
    desk = acting.offer(by=by, municipality=municipality(), key=uuid4(), kind=initiatives.DESK,
                        area="WK990101", title="Doe mee", story="Samen")  # fmt: skip
    desk = acting.move(by=by, listing=desk, to="open")
    day = timezone.localdate() + timedelta(days=30)
    plan = initiatives.Plan(sort="street", title="Feest", story="Eten", day=day, where="Kade",
                            answers={})  # fmt: skip
    asker = acting.Asker(kind="person", name="Iemand", phone="06")
    case = initiatives.propose(desk=desk, key=uuid4(), plan=plan, asker=asker)
    found = initiatives.decide(by=by, initiative=case.listing, to="open")
    begins = timezone.now() + timedelta(days=3)
    slot = initiatives.add_shift(case=case, key=uuid4(), text="Kramen", begins=begins,
                                 ends=begins + timedelta(hours=1), seats=3)  # fmt: skip
    helper = initiatives.help_at(slot=slot, key=uuid4(), asker=asker)
    thing = borrowing.add(by=by, desk=desk, key=uuid4(), name="Tent")
    found = support.keep_rounds(case=case, rounds={"1": 3})
    pot = Pot.objects.create(municipality=municipality(), made_by=by, listing=desk, bound=9,
                             cents=9, shares=1)  # fmt: skip
    sponsor = support.pledge(initiative=found, key=uuid4(), asker=asker, runner="1", cents=5,
                             most=None)  # fmt: skip
    return {"{desk}": str(desk.pk), "{initiative}": str(found.pk), "{shift}": str(slot.pk),
            "{proposal}": counter.link(case), "{helper}": counter.link(helper),
            "{sponsorcase}": str(sponsor.pk), "{pot}": str(pot.pk),
            "{sponsors}": counter.link(sponsor), "{thing}": str(thing.pk)}  # fmt: skip


def _at_a_counter() -> dict[str, str]:
    """A contact point that is open, with a question."""
    by = someone("opener", Role.AREA_MANAGER)
    point = acting.offer(by=by, municipality=municipality(), key=uuid4(), kind=POINT,
                         area="WK990101", title="Loket", more={"days": 5})  # fmt: skip
    point = acting.move(by=by, listing=point, to="open")
    asker = acting.Asker(kind="person", name="Iemand")
    question = acting.Question(about="rules", text="Mag dit?", channel="web", asker=asker)
    case = acting.ask(listing=point, kind=QUESTION, key=uuid4(), question=question)
    kept = acting.offer(by=by, municipality=municipality(), key=uuid4(), kind=KEPT, title="Terras",
                        area="GM9901", more={"about": "permit"})  # fmt: skip
    hinders = acting.ask(listing=point, kind=OBSTACLE, key=uuid4(), question=question)
    theme = rule_actions.begin_theme(by=by, case=hinders, key=uuid4(), kind=THEME, title="Terras")
    given = {"unit": "cents", "value": 1, "source": "Wij", "valid_from": date(2026, 1, 1)}
    held = rule_actions.draft(by=by, municipality=municipality(), key=uuid4(),
                              name="loan.microcredit_most", given=given)  # fmt: skip
    rule_actions.put_in_force(by=by, rule=held)
    table = next(plain(one.value) for one in shipped() if one.key == "permits.terrace")
    draft = rule_actions.draft(by=by, municipality=municipality(), key=uuid4(),
                               name="permits.terrace",
                               given=given | {"unit": "table", "value": table})  # fmt: skip
    task = acting.promise(by=by, of=case, key=uuid4(), text="Bel", due=date(2026, 1, 1), user=by)
    return {"{point}": str(point.pk), "{case}": str(case.pk), "{follow}": counter.link(case),
            "{task}": str(task.pk),
            "{obstacle}": str(hinders.pk), "{theme_of}": str(theme.pk),
            "{rule}": str(draft.pk), "{in_force}": str(held.pk),
            "{kept}": str(kept.pk), **_at_a_time(by, point, case)}  # fmt: skip


def _at_a_time(by: User, point: Listing, case: Case) -> dict[str, str]:
    """An appointment, at a time that has a seat for another; and an agenda of who answers."""
    start, answers = timezone.now() + timedelta(days=3), someone("agenda", Role.CLERK)
    times = [(start, start + timedelta(minutes=30))]
    (slot,) = booking.open_slots(by=by, listing=point, times=times, seats=2)
    party = Party.objects.create(municipality=municipality(), kind="person", name="Iemand")
    made = booking.book(slot=slot, wish=booking.Wish(key=uuid4(), party=party, case=case))
    feed = counter.feed(answers, point)
    return {"{slot}": str(slot.pk), "{booking}": str(made.pk), "{feed}": feed}


def _in_a_shop() -> dict[str, str]:
    """A shared shop of which the days were not divided yet, and who wants one."""
    by, today = someone("winkelier", Role.AREA_MANAGER), timezone.localdate().isoformat()
    more = {"shops": 1, "open_on": ["di"], "opens": "10:00:00", "closes": "17:00:00",
            "told_on": today, "first": today, "weeks": 1, "starters": 0,
            **acting.lottery()}  # fmt: skip
    shop = acting.offer(by=by, municipality=municipality(), key=uuid4(), kind=shops.SHOP,
                        area="WK990101", title="Winkel", more=more)  # fmt: skip
    shop = acting.move(by=by, listing=shop, to="applying")
    wish = acting.Question(
        about="food", text="Brood", channel="web", asker=acting.Asker(kind="person", name="Iemand"),
        more={"wishes": ["di"], "seasons": 0, "shown": "Brood", "starter": False},
    )  # fmt: skip
    case = acting.ask(listing=shop, kind=shops.WISH, key=uuid4(), question=wish)
    left = acting.ask(by=by, listing=shop, kind=shops.HANDOVER, key=uuid4(),
                      question=replace(wish, about="end", asker=case.party))  # fmt: skip
    first = timezone.now() + timedelta(days=9)
    (slot,) = booking.open_slots(by=by, listing=shop, times=[(first, first + timedelta(hours=7))])
    return {"{shop}": str(shop.pk), "{wish}": str(case.pk), "{days}": counter.link(case),
            "{shop_slot}": str(slot.pk),
            "{handover}": str(left.pk)}  # fmt: skip


def _with_a_covenant() -> dict[str, str]:
    """A covenant that is open, with a partner that signed it and promised something."""
    by = someone("secretaris", Role.AREA_MANAGER)
    made = acting.offer(by=by, municipality=municipality(), key=uuid4(), kind=covenants.COVENANT,
                        area="WK990101", title="Convenant", story="Samen",
                        more=covenants.first_text("Samen"))  # fmt: skip
    made = covenants.open_to_all(by=by, covenant=made, to="open")
    case = covenants.take_in(by=by, covenant=made, key=uuid4(),
                             partner=covenants.Partner(name="Bank"))  # fmt: skip
    covenants.sign(case=case, version=1, name="Iemand", shown=True)
    line = covenants.promise(case=case, key=uuid4(), text="Geld", due=timezone.localdate())
    met = coalition.note_meeting(by=by, covenant=made, key=uuid4(), day=timezone.localdate(),
                                 present=[str(line.agreement_id)], decisions="Door")  # fmt: skip
    asks = joining.ask(covenant=made, key=uuid4(), text="Graag", contact="", sort="", area="",
                       asker=acting.Asker(kind="organisation", name="Kerk", phone="3"))  # fmt: skip
    part = Involvement.objects.create(municipality=municipality(), made_by=by, listing=made,
                                      party=case.party, kind="does")  # fmt: skip
    return {"{joins}": str(asks.pk), "{joinlink}": counter.link(asks), "{part}": str(part.pk),
            "{covenant}": str(made.pk), "{meeting}": str(met.pk),
            "{partner}": str(case.pk), "{line}": str(line.pk),
            "{signs}": counter.link(case)}  # fmt: skip


def _with_a_space() -> dict[str, str]:
    """A register of spaces with one that is vacant, somebody who looks for one, and a proposal."""
    by = someone("makelaar", Role.AREA_MANAGER)
    register = acting.offer(by=by, municipality=municipality(), key=uuid4(), kind=spaces.SPACES,
                            area="WK990101", title="Ruimtes", more={"days": 5})  # fmt: skip
    register = acting.move(by=by, listing=register, to="open")
    more = {"m2": 60, "rent": 50_000, "facilities": {}, "use": "", "owner": "private",
            "shown": True}  # fmt: skip
    unit = spaces.add_unit(by=by, register=register, key=uuid4(), title="Plint", more=more,
                           place={"name": "Plint"}, state="vacant")  # fmt: skip
    wish = acting.Question(
        about="craft", text="Tassen", channel="web", more={"m2_least": 10, "m2_most": 90},
        asker=acting.Asker(kind="person", name="Iemand"),
    )  # fmt: skip
    case = acting.ask(listing=register, kind=spaces.WISH, key=uuid4(), question=wish)
    match = matching.propose(by=by, case=case, unit=unit, why="")
    picture = photos.keep(
        by=by, listing=unit, key=uuid4(), photo=photos.sent(red_and_blue()), caption="P"
    )
    owner = acting.Asker(kind="person", name="Eigenaar")
    mine = spaces.add_unit(by=by, register=register, key=uuid4(), title="Schuur", more=more,
                           place={"name": "Schuur"}, state="vacant")  # fmt: skip
    spaces.note_owner(by=by, unit=mine, key=uuid4(), owner=owner)
    link = owning.give_link(by=by, unit=mine, key=uuid4())
    other = photos.keep(
        by=by, listing=mine, key=uuid4(), photo=photos.sent(red_and_blue()), caption="P"
    )
    return {"{register}": str(register.pk), "{unit}": str(unit.pk), "{space_wish}": str(case.pk),
            "{space_match}": str(match.pk), "{space_link}": counter.link(case),
            "{picture}": str(picture.pk), "{owner}": str(link.pk), "{mine}": str(mine.pk),
            "{owner_link}": counter.link(link), "{my_photo}": str(other.pk)}  # fmt: skip


def _with_a_coach() -> dict[str, str]:
    """A coach whom nobody who asks has the account of: an entrepreneur who has them, and one to
    whom they were proposed."""
    by = someone("coachzoeker", Role.AREA_MANAGER)
    made = acting.offer(by=by, municipality=municipality(), key=uuid4(), kind=COACHING,
                        area="WK990101", title="Coaches", more={"days": 5})  # fmt: skip
    programme = acting.move(by=by, listing=made, to="open")
    more = {"subjects": ["money"], "languages": ["nl"], "most": 5}
    coach = coach_matching.add_coach(by=by, programme=programme, key=uuid4(), name="Iemand",
                                     user=None, more=more)  # fmt: skip
    question = acting.Question(about="idea", text="Hoe?", channel="web", more=more | {"when": ""},
                               asker=acting.Asker(kind="person", name="Iemand"))  # fmt: skip
    coached, asks, needing = (
        coach_matching.ask_for_coach(listing=programme, key=uuid4(), question=question)
        for _ in range(3)
    )
    match = coach_matching.propose(by=by, needing=coached, coach=coach)
    coach_matching.reply(by=by, match=match, yes=True)
    deal = coach_matching.choose(match=match, yes=True)
    assert deal is not None
    goal = trajectories.set_goal(by=by, deal=deal, key=uuid4(), text="Doel", due=date(2030, 1, 1))
    proposed = coach_matching.propose(by=by, needing=asks, coach=coach)
    return {"{coaching}": str(programme.pk), "{coach}": str(coach.pk),
            "{needing}": str(needing.pk), "{coach_match}": str(proposed.pk),
            "{traject}": str(deal.pk), "{coach_goal}": str(goal.pk),
            "{coached}": counter.link(coached), "{coached_key}": str(coached.pk)}  # fmt: skip


def _with_work() -> dict[str, str]:
    """People beside work: an employer with work, a resident, and one who said yes to it."""
    by = someone("werkzoeker", Role.AREA_MANAGER)
    made = acting.offer(by=by, municipality=municipality(), key=uuid4(), kind=DESK, title="Werk",
                        area="WK990101", more={"days": 5, "seed": "1"})  # fmt: skip
    desk = acting.move(by=by, listing=made, to="open")
    firm = work_matching.add_employer(by=by, desk=desk, key=uuid4(),
                                      asker=acting.Asker(kind="organisation", name="Firma"),
                                      )  # fmt: skip
    more = {"form": "job", "asks": ["s:a"], "learns": [], "hours": 8, "starts": "", "places": 1,
            "where": "Hier", "pay": "", "pay_why": "cao", "recognised": "no", "proof": "none",
            }  # fmt: skip
    job = work_matching.offer(employer=firm, key=uuid4(),
                              given={"title": "Kok", "story": "Koken", "more": more})  # fmt: skip
    who = acting.Asker(kind="person", name="Iemand")
    asks, agreed = (
        profiles.begin(desk=desk, key=uuid4(), asker=who, more={"can": ["s:a"]}, agreed=["propose"])
        for _ in range(2)
    )
    match = work_matching.propose(by=by, profile=agreed, offer=job)
    work_matching.choose(match=match, yes=True)
    return {"{workdesk}": str(desk.pk), "{firm_at_work}": str(firm.pk), "{job}": str(job.pk),
            "{at_firm}": counter.link(firm), "{seeker_key}": str(asks.pk),
            "{seeker}": counter.link(asks), "{work_match}": str(match.pk)}  # fmt: skip


def _with_a_commission() -> dict[str, str]:
    """Local procurement: a commission that is written, one that is open to all, one that was
    opened with a lot to award and one that was awarded, and a firm."""
    by = someone("inkoper", Role.AREA_MANAGER)
    for key, cents in (("single_below", 5_000_000), ("multiple_most", 15_000_000)):
        given = {"unit": "cents", "value": cents, "source": "Wij", "valid_from": date(2026, 1, 1)}
        rule_actions.put_in_force(by=by, rule=rule_actions.draft(
            by=by, municipality=municipality(), key=uuid4(), name=f"procurement.{key}.services",
            given=given))  # fmt: skip
    place = acting.offer(by=by, municipality=municipality(), key=uuid4(), kind=buying.BUYING,
                         area="WK990101", title="Inkopen",
                         more={"amounts": False, **acting.lottery()})  # fmt: skip
    place = acting.move(by=by, listing=place, to="open")
    firm = acting.ask(listing=place, kind=buying.FIRM, key=uuid4(), question=acting.Question(
        about="firm", text="Groen", channel="web",
        asker=acting.Asker(kind="organisation", name="Groen"),
        more={"kvk": "12345678", "trades": ["green"], "cpv": [], "sbi": [], "size": "any",
              "area": "WK990101"},
    ))  # fmt: skip
    drafted, opened, shut = (_commission(by, place) for _ in range(3))
    lots = [_lot(by, shut), _lot(by, shut)]
    opened, shut = (_published(by, one) for one in (opened, shut))
    asked = offers.ask(case=firm, commission=opened, key=uuid4(), text="Wat?")
    made = {one.pk.hex: {"cents": 100, "words": "Goed"} for one in lots}
    match = offers.offer(case=firm, commission=shut, made=made)
    Listing.objects.filter(pk=shut.pk).update(
        more=shut.more | {"deadline": (timezone.now() - timedelta(hours=1)).isoformat()}
    )
    shut = offers.unseal(by=by, commission=Listing.objects.get(pk=shut.pk))
    choice = awards.Choice(winner=match.pk, points={match.pk: {"price": 9}}, deliver="Het",
                           reasons={match.pk: "Goed"}, due=None)  # fmt: skip
    awards.award(by=by, listing=lots[0], key=uuid4(), choice=choice)
    return {"{buying}": str(place.pk), "{drafted}": str(drafted.pk), "{bought}": str(opened.pk),
            "{shut}": str(shut.pk), "{lot}": str(lots[1].pk), "{asked}": str(asked.pk),
            "{award_line}": str(Line.objects.get(agreement__kind="award").pk),
            "{firm}": counter.link(firm)}  # fmt: skip


def _commission(by: User, place: Listing) -> Listing:
    return commissions.begin(by=by, buying=place, key=uuid4(), given={
        "title": "Plantsoen", "story": "Planten", "by": "", "kind": "services", "trades": ["green"],
        "cpv": [], "sbi": [], "how": "", "cents": 20_000_000, "options": None, "renewals": None,
        "on": timezone.localdate(), "deadline": timezone.now() + timedelta(days=9),
        "criteria": {"price": 100},
    })  # fmt: skip


def _lot(by: User, commission: Listing) -> Listing:
    return commissions.add_lot(by=by, commission=commission, key=uuid4(), given={
        "title": "Deel", "story": "Planten", "nature": "part", "cents": 10_000_000,
        "options": None, "renewals": None,
    })  # fmt: skip


def _published(by: User, commission: Listing) -> Listing:
    fixed = commissions.move(by=by, commission=commission, to="routed", reason="Anders")
    return firms.publish(by=by, commission=fixed)


def _with_a_fund() -> dict[str, str]:
    """A fund with money, a request, and a loan that was paid out and is to be written off."""
    by = someone("lener", Role.COMMITTEE)
    fund = a_fund(municipality(), someone("fondsbeheer", Role.PLANNER), "WK990101")
    deposit(fund, by)
    asker = acting.Asker(kind="person", name="Iemand")
    more = {"amount": 300_000, "purpose": "stock", "income": 200_000, "costs": 100_000, "debts": 0}
    question = acting.Question(about="loan", text="Voorraad", channel="web", asker=asker, more=more)
    request, other = (acting.ask(listing=fund, kind=funds.REQUEST, key=uuid4(), question=question)
                      for _ in range(2))  # fmt: skip
    loan = lent(other, by)
    loans.ask_write_off(by=by, loan=loan, key=uuid4(), reason="Gestopt")
    task = Line.objects.create(municipality=municipality(), agreement=loan, text="Bel",
                               more={"number": 1, "days": 7})  # fmt: skip
    return {"{fund}": str(fund.pk), "{request}": str(request.pk), "{loan}": str(loan.pk),
            "{fund_task}": str(task.pk), "{my_request}": counter.link(request),
            "{my_loan}": counter.link(other)}  # fmt: skip


def _in_a_social_space() -> dict[str, str]:
    """A social space that everyone sees, with a count."""
    by, today = someone("beheerder", Role.AREA_MANAGER), timezone.localdate()
    more = {"criteria": "Voor de buurt", "cents": 100, "paid_by": "De gemeente",
            "review_on": today.isoformat()}  # fmt: skip
    made = acting.offer(by=by, municipality=municipality(), key=uuid4(), kind=social.SPACE,
                        area="WK990101", title="Huiskamer", more=more)  # fmt: skip
    made = social.judge(by=by, space=made, to="going")
    count = social.keep(by=by, space=made, key=uuid4(), what="visits", how="Lijst", why_not="",
                        count=social.Count(first=today, last=today, number=1))  # fmt: skip
    return {"{social_space}": str(made.pk), "{space_count}": str(count.pk)}


def _with_a_brand() -> dict[str, str]:
    """A brand that everyone sees, with a maker who allows everything, and a piece."""
    by, today = someone("merkbeheerder", Role.AREA_MANAGER), timezone.localdate()
    more = {"owner": "Coalitie", "phone": "", "for_brand": 10, "for_stall": 5, "days": 10}
    brand = acting.offer(by=by, municipality=municipality(), key=uuid4(), kind=brands.BRAND,
                         area="WK990101", title="Gemaakt hier", more=more)  # fmt: skip
    brand = acting.move(by=by, listing=brand, to="open")
    asker = acting.Asker(kind="person", name="Iemand")
    question = acting.Question(about="maker", text="Tassen", channel="web", asker=asker,
                               more={"shown": "Ans"})  # fmt: skip
    maker = brands.join(brand=brand, key=uuid4(), question=question)
    maker = brands.answer(by=by, maker=maker, to="making")
    brands.consent(maker=maker, says=dict.fromkeys(brands.PURPOSES, True))
    product = brands.make_product(
        by=by, brand=brand, key=uuid4(), title="Tas", story="Een tas",
        more={"cents": 100, "gtin": "04006381333931", "materials": []},
    )  # fmt: skip
    (piece,) = brands.make_pieces(by=by, product=product, key=uuid4(), maker=maker, many=1,
                                  made_on=today)  # fmt: skip
    return {"{brand}": str(brand.pk), "{maker}": str(maker.pk), "{product}": str(product.pk),
            "{piece}": piece.name, "{my_story}": counter.link(maker),
            **_of_a_brand(by, brand, maker, product)}  # fmt: skip


def _of_a_brand(by: User, brand: Listing, maker: Case, product: Listing) -> dict[str, str]:
    """A piece that is kept, one that was sold, a certificate, and who runs it."""
    today = timezone.localdate()
    first, second = brands.make_pieces(by=by, product=product, key=uuid4(), maker=maker, many=2,
                                       made_on=today)  # fmt: skip
    sale = sales.sell(by=by, piece=first, key=uuid4(), cents=100, where="stall", day=today)
    asker = acting.Asker(kind="person", name="Koper", phone="06-1")
    question = acting.Question(about="piece", text="", channel="web", asker=asker)
    kept = sales.reserve(product=product, key=uuid4(), question=question)
    paper = learned.give(by=by, maker=maker, key=uuid4(), what="Naaien", hours=1, until=today,
                         guide="Meester")  # fmt: skip
    who = acting.Asker(kind="organisation", name="Stichting")
    runs = running.appoint(by=by, brand=brand, role="operator", key=uuid4(), asker=who, reason="Zo")
    spot = spots.begin(by=by, brand=brand, key=uuid4(), title="Kraam", address="Kade",
                       more={"use": "stall", "guide": ""})  # fmt: skip
    slots = spots.open_days(by=by, spot=spot, seats=2, times=spots.days(
        today + timedelta(days=3), 1, time(10), time(16)))  # fmt: skip
    seat = spots.take(maker=maker, slot=str(slots[0].pk), key=uuid4())
    shot = photos.sent(red_and_blue())
    seen.show(maker=maker, key=uuid4(), photo=shot, words="Iemand")
    picture = photos.keep(by=by, listing=product, key=uuid4(), photo=shot, caption="Tas")
    shared = learned.share(case=paper, on=True).more["shared"]
    share = Line.objects.filter(agreement=sale).first()
    assert share is not None
    return {"{brand_spot}": str(spot.pk), "{sale}": str(sale.pk), "{share}": str(share.pk),
            "{kept_piece}": str(kept.pk),
            "{my_piece}": counter.link(kept), "{certificate}": counter.link(paper),
            "{brand_day}": str(slots[0].pk), "{brand_seat}": str(seat.pk),
            "{product_photo}": str(picture.pk), "{real_certificate}": f"{paper.pk}/{shared}",
            "{my_brand}": counter.link(runs), "{sold}": str(second.pk)}  # fmt: skip


def _with_a_street() -> dict[str, str]:
    """A street that everyone sees, with a point on which something was agreed."""
    by = someone("straatmanager", Role.AREA_MANAGER)
    made = acting.offer(by=by, municipality=municipality(), key=uuid4(), kind=streets.STREET,
                        area="WK990101", title="Kade", more={"days": 10})  # fmt: skip
    street = acting.move(by=by, listing=made, to="open")
    asker = acting.Asker(kind="organisation", name="Bakker")
    question = acting.Question(about="clean", text="Karton", channel="web", asker=asker)
    point = streets.note(street=street, key=uuid4(), question=question)
    line = streets.agree(by=by, point=point, key=uuid4(), text="Vegen", due=timezone.localdate())
    return {"{street}": str(street.pk), "{street_point}": str(point.pk),
            "{street_line}": str(line.pk), "{my_point}": counter.link(point)}  # fmt: skip


def _on_a_journey() -> dict[str, str]:
    """One of each thing of a journey, made by someone who left."""
    by, key = someone("verteller", Role.AREA_MANAGER), uuid4
    wijk, said = "WK990101", "Het is hier te duur."
    journey = plan.begin(by=by, municipality=municipality(), key=key(), name="Reis", area=wijk,
                         starts_on=date(2026, 3, 1))  # fmt: skip
    heard = listening.Heard(key=key(), text=said, held_at=datetime(2026, 3, 2, tzinfo=UTC),
                            allows=frozenset({"note", "audio"}))  # fmt: skip
    talk = listening.hear(by=by, journey=journey, heard=heard)
    listening.check(by=by, conversation=talk)
    seen = listening.observe(by=by, journey=journey, key=key(), place="Kade", note="Leeg",
                             seen_at=datetime(2026, 3, 2, tzinfo=UTC))  # fmt: skip
    held = listening.observe(by=by, journey=journey, key=key(), place="Kade",
                             note="Bel 06-12345678",
                             seen_at=datetime(2026, 3, 2, tzinfo=UTC))  # fmt: skip
    photo = field.keep_photo(by=by, beside=seen, key=key(), data=JPEG)
    asked = field.add_guide(by=by, journey=journey, content=REVIEWED)
    voice = field.keep_sound(by=by, talk=talk, key=key(), data=b"OggS")
    theme = sense.add_theme(by=by, journey=journey, key=key(), name="Huur", perspective="space")
    quote = sense.quote(by=by, wording=talk.wordings.get(), start=0, end=6)
    coding = sense.code(by=by, quote=quote, theme=theme)
    finding = sense.find(by=by, journey=journey, key=key(), claim="Duur", perspective="space")
    quoted = sense.quote_figure(by=by, journey=journey, figure={
        "release": "r1", "area": wijk, "indicator": "shop_vacancy", "year": 2024, "value": 9.1,
        "unit": "percent", "gap": {},
    })  # fmt: skip
    opgave = plan.set_opgave(by=by, journey=journey, key=key(), sentence="Ruimte", assumption="Ja",
                             perspective="space", findings=[finding])  # fmt: skip
    goal = plan.set_goal(by=by, opgave=opgave, key=key(), sentence="Plek", year=2030, sign="Zie")
    effort = plan.propose(
        by=by, goal=goal, key=key(), title="Winkel", instrument="day_shop",
        perspective="space", costs=(1, 2, 3), hours=1, assumption="Ja",
    )  # fmt: skip
    figure = sense.quote_figure(by=by, journey=journey, figure={
        "release": "r", "area": wijk, "indicator": "shop_vacancy", "year": 2024, "value": 9.0,
        "unit": "%", "gap": {},
    })  # fmt: skip
    evidence = sense.weigh(by=by, finding=finding, thing=figure, direction=1)
    plan.decide(by=by, effort=effort, choice="chosen", reason="")
    promised = plan.promise(by=by, effort=effort, key=key(), partner="Bank", what="Geld",
                            due=date(2027, 1, 1))  # fmt: skip
    round_ = back.begin_round(
        by=by, journey=journey, key=key(), kind="statements", title="Klopt dit"
    )
    item = back.add_statement(by=by, round_=round_, key=key(), finding=finding, heard="Duur",
                              asked="Het is duur")  # fmt: skip
    back.make_codes(by=by, round_=round_, key=key(), count=1)
    back.open_round(by=by, round_=round_)
    made = plan.draw_up(by=by, journey=journey, key=key(), title="Plan", budget=9, hours=9)
    phone = key()
    field.alive(by=by, journey=journey, key=phone, waiting=0, label="")
    by.memberships.all().delete()
    return {
        "{device}": str(phone),
        "{journey}": str(journey.pk), "{giver}": str(talk.giver_id), "{talk}": str(talk.pk),
        "{finding}": str(finding.pk), "{opgave}": str(opgave.pk), "{goal}": str(goal.pk),
        "{effort}": str(effort.pk), "{plan}": str(made.pk), "{photo}": str(photo.pk),
        "{recording}": str(voice.pk), "{guide}": str(asked.pk),
        "{theme}": str(theme.pk), "{quote}": str(quote.pk), "{coding}": str(coding.pk),
        "{evidence}": str(evidence.pk), "{commitment}": str(promised.pk),
        "{ground}": str(opgave.grounds.get().pk), "{aim}": str(effort.aims.get().pk),
        "{seen}": str(seen.pk), "{held}": str(held.pk), "{figure}": str(quoted.pk),
        "{round}": str(round_.pk), "{slug}": round_.slug, "{item}": str(item.pk),
    }  # fmt: skip


@pytest.fixture
def browsers(db: None, release: Release) -> dict[str, list[Client]]:
    """Whose browser; ``elsewhere`` is every role in another municipality."""
    made = {"anyone": [signed_in(None)], "no_role": [signed_in(someone("niemand"))],
            Role.RESIDENT: [signed_in(None)]}  # fmt: skip
    made |= {role: [signed_in(someone(role.value, role))] for role in ACCOUNTS}
    others = [someone(f"elders-{role.value}", role, ELSEWHERE) for role in ACCOUNTS]
    return made | {"elsewhere": [signed_in(user) for user in others]}


def status(client: Client, row: Row, things: dict[str, str]) -> str:
    address = row.address
    for name, value in things.items():
        address = address.replace(name, value)
    return str(client.generic(row.method, address).status_code)


def test_every_address_has_a_row_and_every_row_an_address(release: Release) -> None:
    written = {(row.route, row.method) for row in rows()}
    site = {(route, "GET") for route, _view in routes()}
    site |= {(route, "POST") for route, view in routes() if getattr(view, "writes", False)}
    assert written == site


def _names(patterns: list[Any], before: str = "") -> Iterator[tuple[str, str]]:
    """The name of each address outside a namespace, and the address without its language."""
    for one in patterns:
        here = (before + str(one.pattern)).removeprefix("nl/").removeprefix("en/")
        if isinstance(one, URLResolver):
            yield from () if one.namespace else _names(one.url_patterns, here)
        elif one.name:
            yield one.name, here


def test_a_name_belongs_to_one_address() -> None:
    """Two instruments once had a page called theme: links to the one led to the other."""
    every = set(_names(get_resolver().url_patterns))
    assert len(every) == len({name for name, _address in every})


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row.method} {row.route or '-'}")
def test_every_role_gets_what_the_table_says(
    row: Row, things: dict[str, str], browsers: dict[str, list[Client]], settings: Any
) -> None:
    settings.ACCOUNT_RATE_LIMITS = False  # they all send from one address
    got = {
        who: {status(client, row, things) for client in clients}
        for who, clients in browsers.items()
    }
    assert got == {who: {expected} for who, expected in row.expected.items()}


def test_twin_without_the_question_of_rights_the_table_would_not_hold(
    things: dict[str, str], browsers: dict[str, list[Client]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access.Place, "rights", frozenset(access.Right))
    (row,) = [one for one in rows() if (one.route, one.method) == PEOPLE]
    assert row.expected[Role.CODER] == "403"
    assert status(browsers[Role.CODER][0], row, things) == "200"


PEOPLE = ("gemeente-beheer/<str:gemeente>/", "GET")


def test_every_guarded_address_says_which_right_it_needs() -> None:
    """The other way round: an address of a municipality that asks for no right is open to all."""
    bare = [
        route
        for route, view in routes()
        if "<str:gemeente>" in route and not hasattr(view, "needs")
    ]
    assert bare == []
