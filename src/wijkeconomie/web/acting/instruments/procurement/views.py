# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The pages of local procurement for everyone and for the team: what is bought, by which way, who
is invited, who got it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from wijkeconomie.web.accounts.access import Place, Right, needs
from wijkeconomie.web.accounts.access import places as roles_in
from wijkeconomie.web.acting import access, actions, kinds
from wijkeconomie.web.acting.instruments import procurement as buying_kinds
from wijkeconomie.web.acting.instruments.procurement import (
    ASKED,
    AWARD,
    BUYING,
    COMMISSION,
    LOT,
    PUBLIC,
    awards,
    commissions,
    firms,
    forms,
    ocds,
    offers,
)
from wijkeconomie.web.acting.models import Case, Line, Listing
from wijkeconomie.web.acting.pages import (
    SHOWN,
    asker,
    begun,
    frame,
    moving,
    too_often,
    where_and_for,
)
from wijkeconomie.web.context import writes
from wijkeconomie.web.journey import boards
from wijkeconomie.web.journey.access import Asked, signed_in
from wijkeconomie.web.journey.asking import ask as _ask
from wijkeconomie.web.journey.asking import filled as _filled

SEES = (Right.PROCURE, Right.SET_TO_WORK)
_BUYS = Right.PROCURE
_BOUGHT = (COMMISSION.name, LOT.name)  # what is bought by itself, or may be


@signed_in
def all_buyings(request: Asked) -> HttpResponse:
    """Where we buy that I work for."""
    rows = access.listings(request.user, BUYING.name, *SEES)
    begins = [here.municipality for here in roles_in(request.user)
              if Right.SET_TO_WORK in here.rights]  # fmt: skip
    return render(request, "acting/buyings.html", {"rows": rows, "begins": begins})


@writes
@needs(Right.SET_TO_WORK)
def new_buying(request: HttpRequest, here: Place) -> HttpResponse:
    """Begin local procurement in a neighbourhood or in the whole municipality."""

    def act(given: dict[str, Any]) -> str:
        more = {"amounts": given.pop("amounts"), **actions.lottery()}
        return reverse("buying_team", args=[begun(here, BUYING, given, more).pk])

    choices = where_and_for(here, BUYING.name)
    code, name = here.municipality.code, here.municipality.name
    if here.reaches(Right.SET_TO_WORK, code):
        choices["areas"] = [(code, _("All of %(name)s") % {"name": name}), *choices["areas"]]
    form = _filled(request, forms.BuyingForm, **choices)
    return _ask(request, form, act, **frame(_("New local procurement"), BUYING))


# -- for everyone
@never_cache
def buying(request: HttpRequest, key: UUID) -> HttpResponse:
    """What is bought here, who got it, and what stayed?"""
    found = access.shown(key, BUYING.name, "open", "ended")
    rows = _published(found)
    over = [one for one in rows if one.state in ("awarded", "ended")]
    page = {
        "found": found, "title": found.title, "spent": buying_kinds.spent(found),
        "years": found.spendings.order_by("-year"),
        "running": [one for one in rows if one.state in ("open", "elsewhere", "closed")],
        "over": awards.given_each(over[:SHOWN]), "more": max(0, len(over) - SHOWN),
    }  # fmt: skip
    return render(request, "acting/buying.html", page)


def _published(found: Listing) -> list[Listing]:
    rows = commissions.within(found).filter(state__in=PUBLIC, more__has_key="published")
    known = rows.select_related("within__within", "municipality")
    return list(known.order_by("-made_at", "pk"))


def _one(key: UUID) -> Listing:
    found = access.shown(key, _BOUGHT, *PUBLIC)
    if not commissions.published(found):  # it ended before anybody outside saw it
        raise Http404
    return found


@never_cache
def commission(request: HttpRequest, key: UUID) -> HttpResponse:
    """What is bought, by which way, until when, and who got it?"""
    found = _one(key)
    page = {
        "found": found, "title": found.title, "parts": commissions.lots(found),
        "way": commissions.way(found), "deadline": commissions.deadline(found),
        "given": list(awards.given(found)), "late": not commissions.shut(found, timezone.now()),
        "ended": found.steps.filter(state="ended").first(), "buying": commissions.buying(found),
        "whole": commissions.above(found) if commissions.own(found) else None,
    }  # fmt: skip
    return render(request, "acting/commission.html", page)


def commission_ocds(request: HttpRequest, key: UUID) -> HttpResponse:
    """A commission for other programs."""
    found = _one(key)
    return JsonResponse(ocds.package([found], by=found.municipality.name,
                                     uri=request.build_absolute_uri(request.path)))  # fmt: skip


def buying_ocds(request: HttpRequest, key: UUID) -> HttpResponse:
    """All commissions of a neighbourhood for other programs."""
    found = access.shown(key, BUYING.name, "open", "ended")
    return JsonResponse(ocds.package(_published(found), by=found.municipality.name,
                                     uri=request.build_absolute_uri(request.path)))  # fmt: skip


@writes
@never_cache
def register(request: HttpRequest, key: UUID) -> HttpResponse:
    """I have a firm and could supply."""
    found = access.shown(key, BUYING.name, "open")
    if request.method == "POST" and (refused := too_often(request)):
        return refused

    def act(given: dict[str, Any]) -> str:
        question = actions.Question(
            about="firm", text=given["text"], channel="web", more=form.more(),
            asker=asker({"kind": "organisation"} | given),
        )  # fmt: skip
        made = firms.register(buying=found, key=given["key"], question=question)
        return access.page_of(made)

    form = _filled(request, forms.RegisterForm, areas=areas(found))
    return _ask(request, form, act, "acting/register_firm.html", found=found,
                title=_("Make your firm known"))  # fmt: skip


def areas(found: Listing) -> list[tuple[str, Any]]:
    """Where a firm can be from."""
    return [*boards.areas(found.municipality),
            (buying_kinds.ELSEWHERE, _("In another municipality"))]  # fmt: skip


# -- for the team
@access.on(Listing, *SEES, of=BUYING.name)
def team(request: Asked, found: Listing) -> HttpResponse:
    """Which commissions there are, and which firms made themselves known."""
    buys = _BUYS in request.rights
    rows = commissions.within(found).select_related("within").order_by("-made_at", "pk")
    findable = firms.findable(found, timezone.localdate()).order_by("made_at", "pk")
    known = list(findable[:SHOWN]) if buys else []
    actions.read_all(by=request.user, municipality=found.municipality,
                     parties=[one.party_id for one in known])  # fmt: skip
    page = {
        "found": found, "rows": rows[:SHOWN], "known": known, "buys": buys,
        "more": max(0, rows.count() - SHOWN), "unseen": max(0, findable.count() - SHOWN),
        "spent": buying_kinds.spent(found), "years": found.spendings.order_by("-year"),
        "steps": kinds.steps(found) if Right.SET_TO_WORK in request.rights else (),
    }  # fmt: skip
    return render(request, "acting/buying_team.html", page | frame(found.title, BUYING))


move_buying = writes(access.on(Listing, Right.SET_TO_WORK, of=BUYING.name)(moving))


@writes
@access.on(Listing, _BUYS, of=BUYING.name)
def new_commission(request: Asked, found: Listing) -> HttpResponse:
    """Write a commission."""

    def act(given: dict[str, Any]) -> str:
        made = commissions.begin(by=request.user, buying=found, key=given["key"],
                                 given=form.given())  # fmt: skip
        return reverse("commission_team", args=[made.pk])

    form = _filled(request, forms.CommissionForm)
    return _ask(request, form, act, **frame(_("A new commission"), found))


@access.on(Listing, *SEES, of=_BOUGHT)
def commission_team(request: Asked, found: Listing) -> HttpResponse:
    """By which way, who takes part, what was offered once that may be read, who got it."""
    if (whole := commissions.whole(found)).pk != found.pk:
        return redirect("commission_team", whole.pk)
    buys, parts = _BUYS in request.rights, commissions.lots(found)
    taking = list(offers.taking_part(found)) if buys else []
    offers.read_by(request.user, taking)
    looked = commissions.look(found)
    opened = buys and found.state in ("closed", "awarded")
    page = {
        "found": found, "parts": parts, "buys": buys, "taking": taking, "looked": looked,
        "lots": commissions.apart_each(found, parts, looked),
        "steps": kinds.steps(found) if buys else (),
        "offers": [(one, offers.read(one)) for one in commissions.parts(found) or [found]]
        if opened else [],
        "given": list(awards.given(found).prefetch_related("lines")),
        "asked": list(found.cases.filter(kind=ASKED.name).order_by("made_at")) if buys else [],
        "deadline": commissions.deadline(found), "way": commissions.way(found),
        "late": not commissions.shut(found, timezone.now()),
        "above": commissions.above(found), "chosen": commissions.chosen(found),
    }  # fmt: skip
    return render(request, "acting/commission_team.html", page | framed(found.title, found))


def framed(title: str, found: Listing) -> dict[str, Any]:
    """Title and way back: a commission is inside local procurement, a lot inside a commission."""
    whole = commissions.whole(found)
    return frame(title, commissions.above(whole) if whole.title == title else whole)


@writes
@access.on(Listing, _BUYS, of=COMMISSION.name)
def edit_commission(request: Asked, found: Listing) -> HttpResponse:
    """Change a commission that was not published."""

    def act(_given: dict[str, Any]) -> str:
        commissions.rewrite(by=request.user, commission=found, given=form.given())
        return reverse("commission_team", args=[found.pk])

    form = _filled(request, forms.CommissionForm, initial=_kept(found))
    return _ask(request, form, act, **framed(_("Change the commission"), found))


def _kept(found: Listing) -> dict[str, Any]:
    more = found.more
    weights = {f"w_{name}": more["criteria"].get(name, 0) for name in buying_kinds.CRITERIA}
    money = {name: (found.secret or {}).get(name) for name in commissions.PRICED}
    return {
        "title": found.title, "story": found.story, **weights,
        **{name: more[name] for name in ("by", "kind", "trades", "on", "how")},
        **{name: ", ".join(more[name]) for name in ("cpv", "sbi")},
        **{name: Decimal(cents) / 100 for name, cents in money.items() if cents is not None},
        "deadline": timezone.localtime(commissions.deadline(found)),
    }  # fmt: skip


@writes
@access.on(Listing, _BUYS, of=COMMISSION.name)
def add_lot(request: Asked, found: Listing) -> HttpResponse:
    """Split off a lot by its nature."""

    def act(given: dict[str, Any]) -> str:
        commissions.add_lot(by=request.user, commission=found, key=given["key"], given=given)
        return reverse("commission_team", args=[found.pk])

    return _ask(request, _filled(request, forms.LotForm), act, **framed(_("A lot"), found))


@writes
@access.on(Listing, _BUYS, of=COMMISSION.name)
def move_commission(request: Asked, found: Listing) -> HttpResponse:
    """Fix the way, change it again, or end it without an award."""

    def act(given: dict[str, Any]) -> str:
        if given["to"] == "ended":
            awards.without(by=request.user, commission=found, reason=given["reason"])
        else:
            commissions.move(by=request.user, commission=found, **given)
        return reverse("commission_team", args=[found.pk])

    looked = commissions.look(found)
    form = _filled(request, forms.StepForm, steps=kinds.steps(found),
                   asks=("routed",) if looked.together.warning else ())  # fmt: skip
    page = framed(_("Next step"), found) | {"looked": looked}
    return _ask(request, form, act, "acting/move_commission.html", **page)


@writes
@access.on(Listing, _BUYS, of=_BOUGHT)
def publish(request: Asked, found: Listing) -> HttpResponse:
    """Publish it, and invite by turn where firms are invited."""
    way = commissions.way(found)
    private = way in firms.PRIVATE and found.state == "routed"
    turns = firms.turns(found) if private else None
    seen = turns.rows if turns else ()
    actions.read_all(by=request.user, municipality=found.municipality,
                     parties=[one.case.party_id for one in seen])  # fmt: skip

    def act(given: dict[str, Any]) -> str:
        chosen = [UUID(one) for one in given.pop("chosen", ())]
        firms.publish(by=request.user, commission=found, chosen=chosen, **given)
        return reverse("commission_team", args=[found.pk])

    form = _filled(request, forms.PublishForm, found=turns, abroad=way in firms.ABROAD)
    page = framed(_("Publish"), found) | {"turns": turns, "way": way, "found": found}
    return _ask(request, form, act, "acting/publish_commission.html", **page)


@require_POST
@writes
@access.on(Listing, _BUYS, of=_BOUGHT)
def open_offers(request: Asked, found: Listing) -> HttpResponse:
    """Open the offers, once the deadline is past."""
    offers.unseal(by=request.user, commission=found)
    return redirect("commission_team", found.pk)


@writes
@access.on(Case, _BUYS, of=ASKED.name)
def reply_ask(request: Asked, found: Case) -> HttpResponse:
    """Answer a question for everybody who takes part."""

    def act(given: dict[str, Any]) -> str:
        offers.answer(by=request.user, case=found, **given)
        return reverse("commission_team", args=[found.listing_id])

    form = _filled(request, forms.ReplyForm, initial={"asked": found.text})
    return _ask(request, form, act, **framed(_("Answer a question"), found.listing))


@writes
@access.on(Listing, _BUYS, of=(COMMISSION.name, LOT.name))
def award(request: Asked, found: Listing) -> HttpResponse:
    """Who gets it, by points and reasons."""
    rows, whole = offers.read(found), commissions.whole(found)
    offers.read_by(request.user, [one.match for one in rows])

    def act(given: dict[str, Any]) -> str:
        points = {one.match.pk: {of: given[f"p_{of}_{one.match.pk}"] for of in form.criteria}
                  for one in rows}  # fmt: skip
        choice = awards.Choice(
            winner=UUID(given["winner"]), points=points, deliver=given["deliver"], due=given["due"],
            reasons={one.match.pk: given[f"why_{one.match.pk}"] for one in rows},
            above=given.get("above", ""),
        )  # fmt: skip
        awards.award(by=request.user, listing=found, key=given["key"], choice=choice)
        return reverse("commission_team", args=[whole.pk])

    judged = [(one, awards.above(found, one.cents)) for one in rows]
    form = _filled(request, forms.AwardForm, found=rows, criteria=whole.more["criteria"],
                   over=[bool(over) for _one, over in judged])  # fmt: skip
    page = framed(_("Award: %(title)s") % {"title": found.title}, whole)
    over = {rule["key"]: rule for _one, rules in judged for rule in rules}
    page |= {"over": over.values(), "way": commissions.way(whole)}
    return _ask(request, form, act, "acting/award.html", rows=judged, whole=whole, **page)


@writes
@access.on(Line, _BUYS)
def keep_line(request: Asked, found: Line) -> HttpResponse:
    """Whether what was promised was delivered."""
    if found.agreement is None or found.agreement.kind != AWARD.name:
        raise Http404
    whole = commissions.whole(found.agreement.listing)

    def act(given: dict[str, Any]) -> str:
        awards.keep(by=request.user, line=found, **given)
        return reverse("commission_team", args=[whole.pk])

    form = _filled(request, forms.KeptForm, steps=kinds.steps(found))
    return _ask(request, form, act, **framed(_("Was it delivered?"), whole))
