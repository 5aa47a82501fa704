# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The only way to fetch what belongs to a journey: what is not yours, is not there (404).

What a giver withdrew is left out here, so that no page, search or export has to think of it.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Collection
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache

from wijkeconomie.figures.areas import parent
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.access import (
    RIGHTS,
    Right,
    known,
    lacks_second_step,
    places,
    rights_by,
)
from wijkeconomie.web.accounts.models import AuditLine, Membership, Municipality, Role, User
from wijkeconomie.web.journey.models import (
    Commitment,
    Consent,
    Conversation,
    Device,
    Effort,
    Evidence,
    Finding,
    Giver,
    Journey,
    Observation,
    Photo,
    Plan,
    Purpose,
    Quote,
    Record,
    Recording,
    Version,
    Wording,
)

_CARD = "23456789abcdefghjkmnpqrstuvwxyz"  # nothing that looks like something else
_CARD_LENGTH = 10
_GIVER = "wording__conversation__giver"  # of a quote
CARD = "card"  # a cookie that forgets: whose story is open in this browser
CARD_SECONDS = 30 * 60
_OWN = "answered"  # a cookie that forgets: which code answered in this browser
OWN_SECONDS = 60 * 60

P = ParamSpec("P")
Kept = TypeVar("Kept", bound=Record | Journey)
Found = TypeVar("Found", bound=Record)


class Asked(HttpRequest):
    """A request of someone who signed in; ``rights``: what they may do on the journey it is about,
    so that no page shows a door that is shut; ``roles``: by which roles."""

    user: User
    rights: frozenset[Right]
    roles: tuple[Role, ...]


def signed_in(view: Callable[[Asked], HttpResponse]) -> Callable[..., HttpResponse]:
    """A page for anyone who signed in; what it shows is fetched from here."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        user = request.user
        if not known(user):
            return redirect_to_login(request.get_full_path())
        if lacks_second_step(request, user, roles(memberships(user))):
            return redirect("mfa_activate_totp")
        return view(cast("Asked", request))

    return guarded


def rights(user: User, journey: Journey) -> frozenset[Right]:
    """What *user* may do on *journey*: by roles in its municipality, its wijk, or on it alone."""
    return _by_roles(memberships(user), journey)


def memberships(user: User) -> list[Membership]:
    """The roles that *user* holds now, wherever."""
    return list(user.memberships.at(timezone.now()))


def _by_roles(held: list[Membership], journey: Journey) -> frozenset[Right]:
    return _may(_roles_on(held, journey))


def _roles_on(held: list[Membership], journey: Journey) -> tuple[Role, ...]:
    """The roles among *held* that hold on *journey*, each once, in the order of the work."""
    wijk = journey.area if journey.area.startswith("WK") else parent(journey.area)
    here = {
        one.role
        for one in held
        if one.municipality_id == journey.municipality_id
        and one.wijk in ("", wijk)
        and one.journey in ("", str(journey.id))
        and rights_by(one)
    }
    return tuple(role for role in Role if role in here)


def _may(roles: Collection[Role]) -> frozenset[Right]:
    return frozenset[Right]().union(*(RIGHTS[role] for role in roles))


def journeys(user: User, right: Right = Right.COMPARE) -> list[Journey]:
    """The journeys on which *user* has *right*: by default to see where they stand."""
    here = [place.municipality for place in places(user)]
    found = Journey.objects.filter(municipality__in=here).select_related("municipality")
    held = memberships(user)
    return [journey for journey in found if right in _by_roles(held, journey)]


def devices(user: User) -> list[Device]:
    """Phones that *user* may stop: of journeys on which they decide or give out roles."""
    here = [place.municipality for place in places(user)]
    found = Device.objects.filter(journey__municipality__in=here).order_by("-seen_at")
    stops, held = {Right.DECIDE, Right.PEOPLE}, memberships(user)
    return [
        one
        for one in found.select_related("journey__municipality", "made_by", "stopped_by")
        if stops & _by_roles(held, one.journey)
    ]


def partners(journey: Journey) -> list[User]:
    """Who may be the keeper of a promise on *journey*: its partners, by name."""
    held = Membership.objects.at(timezone.now()).filter(municipality=journey.municipality)
    partnering = held.filter(role=Role.PARTNER, user__is_active=True).values("user")
    every: dict[User, list[Membership]] = {}
    for one in held.filter(user__in=partnering).select_related("user").order_by("user__name"):
        every.setdefault(one.user, []).append(one)
    return [user for user, mine in every.items() if Right.PROMISE in _by_roles(mine, journey)]


def promises(user: User, journey: Journey) -> QuerySet[Commitment]:
    """What was promised for the efforts that are done: all of it for the team, for a partner
    their own."""
    made = journey.commitments.filter(effort__choice=Effort.Choice.CHOSEN)
    mine = made if Right.COMPARE in rights(user, journey) else made.filter(keeper=user)
    return mine.select_related("effort", "keeper").order_by("due", "made_at", "pk")


def where(user: User, right: Right) -> list[Municipality]:
    """The municipalities in which *user* has a right."""
    return [place.municipality for place in places(user) if right in place.rights]


def record(user: User, kind: type[Kept], key: UUID, *needed: Right) -> Kept:
    """The journey or record *key*, for who has one of *needed* there.

    Http404 for what belongs to a journey on which *user* has no role; Refusal("role_lacks") when
    their role there may do none of it.
    """
    return _reached(user, memberships(user), kind, key, *needed)[0]


def _reached(
    user: User, held: list[Membership], kind: type[Kept], key: UUID, *needed: Right
) -> tuple[Kept, tuple[Role, ...]]:
    """The same for *user*, who has *held*, with the roles among them that hold there."""
    where = "municipality" if issubclass(kind, Journey) else "journey__municipality"
    every: Any = kind._default_manager.select_related(where)  # noqa: SLF001 -- Django's name for it
    found = every.filter(pk=key).first()
    if found is None:
        raise Http404
    journey: Journey = found if isinstance(found, Journey) else found.journey
    here = _roles_on(held, journey)
    if not here:
        raise Http404
    if not _may(here) & set(needed):
        raise Refusal("role_lacks", municipality=journey.municipality.name)
    if isinstance(found, Observation) and not _may_see(user, found, _may(here)):
        raise Http404
    return cast("Kept", found), here


def goes_by(key: UUID) -> bool:
    """Whether anything on any journey goes by *key*; not what, nor where."""
    every = apps.get_app_config("journey").get_models()
    kinds: Any = [kind for kind in every if issubclass(kind, (Record, Journey))]
    return any(kind._default_manager.filter(pk=key).exists() for kind in kinds)  # noqa: SLF001


def on(
    kind: type[Kept], *needed: Right, post: tuple[Right, ...] = ()
) -> Callable[[Callable[Concatenate[Asked, Kept, P], HttpResponse]], Callable[..., HttpResponse]]:
    """Give a view the *kind* of record that its address names, to who may do one of *needed*; or
    one of *post*, when they send something."""

    def guarding(
        view: Callable[Concatenate[Asked, Kept, P], HttpResponse],
    ) -> Callable[..., HttpResponse]:
        @never_cache
        @wraps(view)
        def guarded(
            request: HttpRequest, key: UUID, *args: P.args, **given: P.kwargs
        ) -> HttpResponse:
            user = request.user
            if not known(user):
                return redirect_to_login(request.get_full_path())
            asked = post if post and request.method == "POST" else needed
            held = memberships(user)
            found, here = _reached(user, held, kind, key, *asked)
            if lacks_second_step(request, user, roles(held)):
                return redirect("mfa_activate_totp")
            asks = cast("Asked", request)
            asks.rights, asks.roles = _may(here), here
            return view(asks, found, *args, **given)

        guarded.needs = needed  # type: ignore[attr-defined]
        return guarded

    return guarding


def roles(held: list[Membership]) -> set[str]:
    """The roles among *held*, wherever they hold."""
    return {one.role for one in held}


def _allowed(purpose: Purpose, giver: str) -> Q:
    """That the last word of the giver at *giver* (a lookup path) on *purpose* was yes."""
    last = Consent.objects.filter(giver=OuterRef(giver), purpose=purpose).order_by("-number")
    return Q(**{f"{giver}__withdrawn_at": None}) & Q(Subquery(last.values("given")[:1]))


def givers(journey: Journey) -> QuerySet[Giver]:
    """Givers of whom we may keep what they said."""
    return journey.givers.filter(keeps())


def keeps() -> Q:
    """Which givers: those of whom we may keep what they said."""
    last = Consent.objects.filter(giver=OuterRef("pk"), purpose=Purpose.NOTE).order_by("-number")
    return Q(withdrawn_at=None) & Q(Subquery(last.values("given")[:1]))


def known_givers(user: User, journey: Journey) -> QuerySet[Giver]:
    """Those whose conversations *user* may read: to nobody else they have a pseudonym here."""
    return givers(journey).filter(conversations__in=legible(user, journey)).distinct()


def conversations(journey: Journey) -> QuerySet[Conversation]:
    """Conversations that we may read: noted with consent, and not withdrawn since."""
    kept = _allowed(Purpose.NOTE, "giver")
    return journey.conversations.filter(kept).select_related("giver")


def checked(journey: Journey) -> QuerySet[Conversation]:
    """Conversations that any coder may read: until then nobody knows what they say of a theme."""
    return conversations(journey).filter(state=Conversation.State.CHECKED)


def legible(user: User, journey: Journey) -> QuerySet[Conversation]:
    """Conversations of *journey* that *user* may read, of those that were not taken back."""
    return conversations(journey).filter(legible_to(user, rights(user, journey)))


def legible_to(user: User, may: Collection[Right]) -> Q:
    """Which conversations who *may* so much reads: their own, and once checked any coder."""
    mine = Q(made_by=user) if {Right.TALK, Right.CODE}.intersection(may) else Q(pk__in=())
    if Right.CODE in may:
        mine |= Q(state=Conversation.State.CHECKED)
    return mine


def readable(user: User, conversation: Conversation) -> Conversation:
    """*conversation*, unless it was taken back, or waits for its check and is of somebody else."""
    kept = legible(user, conversation.journey).filter(pk=conversation.pk).first()
    if kept is None:
        raise Http404
    return kept


def observations(journey: Journey) -> QuerySet[Observation]:
    """What was seen on *journey*, for everyone on it: without what waits until somebody looked
    whether it points at a person."""
    return journey.observations.filter(waits=False)


def seen(user: User, journey: Journey) -> QuerySet[Observation]:
    """The same for *user*, with what they sent or may look at."""
    mine = Q(waits=False) | Q(made_by=user)
    every = Right.CODE in rights(user, journey)
    return journey.observations.all() if every else journey.observations.filter(mine)


def _may_see(user: User, one: Observation, may: Collection[Right]) -> bool:
    return not one.waits or one.made_by_id == user.pk or Right.CODE in may


def beside(by: User, journey: Journey, key: UUID) -> Conversation | Observation | None:
    """What arrived on *journey* under *key* and is still there, to put a photo beside: what was
    seen, or a talk that *by* held."""
    talk = conversations(journey).filter(pk=key, made_by=by).first()
    return talk or seen(by, journey).filter(pk=key).first()


def audible(user: User, recording: Recording) -> Recording:
    """*recording*, for the field team that may read its conversation, while the giver allows it: a
    voice makes somebody known, so it does not go further than who noted it."""
    if recording not in recordings(readable(user, recording.conversation)):
        raise Http404
    return recording


def recordings(talk: Conversation) -> list[Recording]:
    """The voices beside *talk* that its giver still allows."""
    return list(talk.recordings.all()) if allowed(talk.giver)[Purpose.AUDIO] else []


def visible(user: User, photo: Photo) -> Photo:
    """*photo*, unless it is of a talk that *user* may not read, or the giver took it back; or
    beside what waits until somebody looked at it."""
    talk, beside_seen = photo.conversation, photo.observation
    if beside_seen is not None and beside_seen not in seen(user, beside_seen.journey):
        raise Http404
    if talk is not None and not allowed(readable(user, talk).giver)[Purpose.PHOTO]:
        raise Http404
    return photo


def photos(giver: Giver) -> list[Photo]:
    """The photos beside what *giver* told, as long as the giver lets us keep both."""
    now = allowed(giver)
    if giver.withdrawn_at or not (now[Purpose.NOTE] and now[Purpose.PHOTO]):
        return []
    return list(Photo.objects.filter(conversation__giver=giver).order_by("made_at", "pk"))


def standing(quote: str = "") -> Q:
    """That the words of the quote at *quote* (a lookup path with its ``__``) stand in the text, and
    do not wait for a new check: be they replaced or given back, a name may stand in them."""
    return Q(**{
        f"{quote}replaced_by": None, f"{quote}wording__conversation__returned_why": "",
    })  # fmt: skip


def quotes(journey: Journey, purpose: Purpose = Purpose.NOTE) -> QuerySet[Quote]:
    """Quotes of the journey whose givers allow *purpose*, and that stand."""
    kept = _allowed(Purpose.NOTE, _GIVER) & standing()
    if purpose != Purpose.NOTE:
        kept &= _allowed(purpose, _GIVER)
    return journey.quotes.filter(kept)


def with_giver(found: QuerySet[Found], quote: str = "") -> QuerySet[Found]:
    """*found* with who said the quote at *quote* (a lookup path with its ``__``) and when, but not
    all that they said: a whole text, answers and reasons are sealed, and each costs to open."""
    talk = f"{quote}wording__conversation"
    unread = (f"{talk}__{name}" for name in ("noted", "checked_why", "returned_why"))
    return found.select_related(f"{talk}__giver").defer(f"{quote}wording__text", *unread)


def replaced(journey: Journey) -> QuerySet[Quote]:
    """Quotes whose words do not stand in the text any more: what rests on them is looked at again,
    without the words."""
    return journey.quotes.filter(_allowed(Purpose.NOTE, _GIVER)).exclude(replaced_by=None)


def weighing(finding: Finding) -> QuerySet[Evidence]:
    """What a reader still finds under *finding*: no quote that was taken back or waits for a check;
    that words were replaced is told without them."""
    every = (quotes(finding.journey), replaced(finding.journey))
    seen, gone = (some.filter(evidence__finding=finding).values("pk") for some in every)
    return finding.evidence.filter(Q(quote=None) | Q(quote__in=seen) | Q(quote__in=gone))


def taken_back(journey: Journey) -> list[str]:
    """All texts that givers took back, as long as they are there: to look whether anybody typed
    them over."""
    gone = journey.conversations.exclude(pk__in=conversations(journey).values("pk"))
    return list(Wording.objects.filter(conversation__in=gone).values_list("text", flat=True))


def upheld(journey: Journey) -> QuerySet[Quote]:
    """Quotes that their givers still let stand in a plan, also those that wait for a check or that
    the team replaced: whatever else a plan rested on, its giver took back."""
    kept = _allowed(Purpose.NOTE, _GIVER) & _allowed(Purpose.QUOTE, _GIVER)
    ours = Q(replaced_by=None) | Q(replaced_by__made_by__isnull=False)
    return journey.quotes.filter(kept & ours)


def allowed(giver: Giver) -> dict[str, bool]:
    """What the giver allows now, by purpose; what was never asked is a no."""
    said = dict.fromkeys(Purpose.values, False)
    said.update({consent.purpose: consent.given for consent in giver.consents.order_by("number")})
    return said if giver.withdrawn_at is None else dict.fromkeys(Purpose.values, False)


def _keyed(kind: str, text: str) -> bytes:
    key = hashlib.sha256(f"{kind}:{settings.SECRET_KEY}".encode()).digest()
    return hmac.new(key, text.encode(), "sha256").digest()


def card_of(giver: UUID) -> str:
    """The code on the giver's card: follows from our secret, so it is stored nowhere."""
    return _spelled(_keyed("card", giver.hex))


def code_of(token: UUID) -> str:
    """The code on paper with which one person answers a round; stored nowhere either."""
    return _spelled(_keyed("token", token.hex))


def sheet_of(giver: UUID) -> str:
    """The code at the top of a paper sheet: leads to the same giver, and opens no card."""
    return _spelled(_keyed("sheet", giver.hex))


def _spelled(secret: bytes) -> str:
    number = int.from_bytes(secret)
    letters = []
    for _ in range(_CARD_LENGTH):
        number, at = divmod(number, len(_CARD))
        letters.append(_CARD[at])
    return "".join(letters)


def own_code(request: HttpRequest) -> str:
    """The seal of the code with which this browser answered a round a little while ago."""
    return request.get_signed_cookie(_OWN, default="", salt=_OWN, max_age=OWN_SECONDS) or ""


def keep_own(response: HttpResponse, code: str) -> HttpResponse:
    """Let this browser alone mend a mistake in what *code* answered, for a little while."""
    response.set_signed_cookie(_OWN, sealed(code), salt=_OWN, max_age=OWN_SECONDS, httponly=True,
                               secure=settings.HTTPS, samesite="Strict")  # fmt: skip
    return response


def sealed(card: str) -> str:
    """What we store of a card, to find its giver by."""
    return _keyed("seal", "".join(card.lower().split()).replace("-", "")).hex()


def fingerprint(text: str) -> str:
    """Whether two texts are the same, without keeping either."""
    return _keyed("fingerprint", text).hex()


def unasked(user: User, conversation: Conversation) -> list[str]:
    """The purposes on which the giver never answered, for who held the conversation: until they
    are told, they are a no."""
    if conversation.made_by_id != user.pk or Right.TALK not in rights(user, conversation.journey):
        return []
    answered = Consent.objects.filter(giver=conversation.giver_id).values_list("purpose", flat=True)
    return [purpose for purpose in Purpose.values if purpose not in set(answered)]


def held(card: str) -> Giver | None:
    """The giver who holds *card*, if anybody does."""
    try:
        return giver_with(card)
    except Http404:
        return None


def giver_with(card: str) -> Giver:
    """The giver who holds *card*; 404 for any other."""
    found = Giver.objects.select_related("journey__municipality").filter(card=sealed(card)).first()
    if found is None:
        raise Http404
    return found


def open_card(request: HttpRequest) -> Giver | None:
    """Who typed the code on their card in this browser a little while ago; None where that is too
    long ago."""
    card = request.get_signed_cookie(CARD, default="", salt=CARD, max_age=CARD_SECONDS)
    return held(card) if card else None


def keep_card(response: HttpResponse, card: str) -> HttpResponse:
    """Let this browser show the story of who holds *card*: for a little while, and no longer than
    it is open, for others may use it next."""
    response.set_signed_cookie(CARD, card, salt=CARD, httponly=True, secure=settings.HTTPS,
                               samesite="Strict")  # fmt: skip
    return response


def page_of(giver: Giver) -> str:
    """What each form of a giver carries, so that it never acts for another whose card was typed
    in the same browser since; it leads to nobody."""
    return _keyed("page", giver.pk.hex).hex()


def _laid(municipality: Municipality) -> QuerySet[AuditLine]:
    """The lines that say which fingerprint a version had; those of before did not."""
    return AuditLine.objects.filter(municipality=municipality, details__has_key="version")


def as_laid(version: Version) -> bool:
    """Is *version* what was laid down?  By its own fingerprint, and by that of its line in the log,
    which the database lets nobody change."""
    lines = _laid(version.plan.journey.municipality).filter(subject=str(version.plan_id))
    line = lines.filter(details__version=str(version.number)).last()
    return version.whole and (line is None or line.details["digest"] == version.digest)


def not_as_laid(
    municipality: Municipality, plan: Plan | None = None
) -> list[tuple[str, int]]:  # fmt: skip
    """Versions that are not what was laid down, or are gone, of *plan* or of all: the key of their
    plan, and their number."""
    lines, versions = _laid(municipality), Version.objects.all()
    if plan is not None:
        lines, versions = lines.filter(subject=str(plan.pk)), versions.filter(plan=plan)
    said = {(line.subject, int(line.details["version"])): line.details["digest"] for line in lines}
    versions = versions.filter(journey__municipality=municipality)
    there = {(str(one.plan_id), one.number): one for one in versions}
    wrong = {at for at, one in there.items()
             if not one.whole or one.digest != said.get(at, one.digest)}  # fmt: skip
    return sorted(wrong | (said.keys() - there.keys()))


def laid_down(plan: Plan) -> Version | None:
    """The version that everyone may read: the last one, unless the plan went back to a draft."""
    last = plan.versions.order_by("number").last()
    return None if last is None or last.state == Plan.State.CONCEPT else last
