# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""How long what somebody asked is kept: who it was and the words go, that it was asked stays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta
from functools import partial, reduce
from operator import or_
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from wijkeconomie.figures.registry import Text
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.models import Municipality
from wijkeconomie.web.accounts.retention import Term
from wijkeconomie.web.acting import kinds
from wijkeconomie.web.acting.models import (
    Agreement,
    Booking,
    Case,
    Contact,
    Involvement,
    Line,
    Listing,
    Mark,
    Match,
    Party,
    Picture,
    Place,
    Seconding,
    Step,
    Voice,
)
from wijkeconomie.web.acting.photos import clear, silence
from wijkeconomie.web.journey.pictures import LARGE, SMALL, VOICES
from wijkeconomie.web.journey.retention import Files, stray, sweep

# Kinds of cases with a term of their own, also while nothing is answered; and once it is.
OWN = ("supplier", "space_wish", "space_owner", "work_profile", "certificate",
       "fair_visit", "fair_group", "fair_exhibitor")  # fmt: skip
LONGER = ("coaching_need", *OWN)
# Agreements with a term of their own; a loan of which no money went is none.
LASTING = Q(kind="award") | Q(kind="loan", transfers__isnull=False)


def _known(before: datetime) -> QuerySet[Case]:
    """Those of which somebody is still known: that were answered, or that belong to something that
    ended, such as the season of a shop."""
    over = Listing.objects.filter(steps__state="ended", steps__made_at__lte=before)
    ended = Q(closed_at=None, listing__in=over.filter(state="ended").values("pk"))
    found = Case.objects.filter(Q(closed_at__lte=before) | ended).exclude(party=None)
    return found.exclude(pk__in=_paid().values("pk"))


def _answered(before: datetime) -> QuerySet[Case]:
    return _known(before).exclude(kind__in=LONGER)


def _coached(before: datetime) -> QuerySet[Case]:
    return _known(before).filter(kind="coaching_need")


def _removed(before: datetime) -> QuerySet[Case]:
    """Certificates that who learned it does not want any more; no others ever."""
    return Case.objects.filter(kind="certificate", closed_at__lte=before).exclude(party=None)


def _coaches(before: datetime) -> QuerySet[Party]:
    """Who coached in a programme that ended."""
    over = Step.objects.filter(listing__kind="coaching", listing__state="ended", state="ended",
                               made_at__lte=before)  # fmt: skip
    programmes = over.values("listing")
    return Party.objects.filter(involvements__kind="coach",
                                involvements__listing__within__in=programmes)  # fmt: skip


def _forget_coaches(parties: QuerySet[Party]) -> None:
    for code, count in Counter(parties.values_list("municipality", flat=True)).items():
        audit.note(Municipality.objects.get(pk=code), "destroy", by=None, kind="coaches",
                   count=str(count))  # fmt: skip
    Party.objects.filter(pk__in=list(parties.values_list("pk", flat=True))).delete()


def _firms(before: datetime) -> QuerySet[Case]:
    """Firms that stopped, or did not say that it still holds; none that takes part in something
    that runs."""
    gone = Q(closed_at__lte=before) | Q(due__lte=timezone.localdate(before))
    running = Match.objects.filter(listing__state__in=("open", "closed"))
    return (
        Case.objects.filter(gone, kind="supplier")
        .exclude(party=None)
        .exclude(pk__in=running.values("case"))
    )


def _awards(before: datetime) -> QuerySet[Agreement]:
    """Awards whose firm is still named."""
    day = timezone.localdate(before)
    return Agreement.objects.filter(kind="award", signed_on__lte=day).exclude(title="")


def _unname(awards: QuerySet[Agreement]) -> None:
    """Who got it and the words go; that it was awarded, for how much and whether to a firm from
    here, stays, so that what was counted stays right."""
    keys = list(awards.values_list("pk", flat=True))
    for code, count in Counter(awards.values_list("municipality", flat=True)).items():
        audit.note(Municipality.objects.get(pk=code), "destroy", by=None, kind="awards",
                   count=str(count))  # fmt: skip
    Step.objects.filter(Q(agreement__in=keys) | Q(line__agreement__in=keys)).update(reason="")
    Line.objects.filter(agreement__in=keys).update(text="", party=None)
    for one in Agreement.objects.filter(pk__in=keys):
        if "above" in one.more:
            one.more["above"]["reason"] = ""
            one.save(update_fields=("more",))
    Agreement.objects.filter(pk__in=keys).update(title="")
    given = Agreement.objects.filter(pk__in=keys).values("case")
    wholes = Q(listing__agreements__in=keys) | Q(listing__inside__agreements__in=keys)
    _keep_won(Match.objects.filter(wholes, case__in=given).distinct())


def _keep_won(matches: QuerySet[Match]) -> None:
    """Of what a firm offered, and why it won or lost, only that for which it is named as the one
    that got it; of a firm that got nothing, nothing."""
    for one in matches:
        got = Agreement.objects.filter(kind="award", case=one.case_id).exclude(title="")
        won = {key.hex for key in got.values_list("listing", flat=True) if key}
        kept = {name: {key: said for key, said in one.more.get(name, {}).items() if key in won}
                for name in ("offers", "outcome")}  # fmt: skip
        one.more = one.more | kept if kept["offers"] else {}
        one.save(update_fields=("more",))


def _offers(before: datetime) -> QuerySet[Listing]:
    """Commissions that were decided, of which it is still kept what others offered."""
    over = Step.objects.filter(listing__kind__in=("commission", "lot"), made_at__lte=before,
                               state__in=("awarded", "ended"))  # fmt: skip
    own = Q(kind="commission") | Q(kind="lot", more__has_key="own")
    found = Listing.objects.filter(own, state__in=("awarded", "ended"))
    return found.filter(pk__in=over.values("listing")).exclude(more__has_key="offers_gone")


def _unoffer(commissions: QuerySet[Listing]) -> None:
    """What was offered by who did not get it goes, with why, also for a lot of the same commission;
    that they took part stays."""
    for code, count in Counter(commissions.values_list("municipality", flat=True)).items():
        audit.note(Municipality.objects.get(pk=code), "destroy", by=None, kind="offers",
                   count=str(count))  # fmt: skip
    for one in list(commissions):
        _keep_won(one.matches.all())
        one.more = one.more | {"offers_gone": True}
        one.save(update_fields=("more",))


def _nameless(before: datetime) -> QuerySet[Case]:
    """Questions about a commission, which name nobody but tell something: once it was decided."""
    over = Step.objects.filter(listing__kind__in=("commission", "lot"), made_at__lte=before,
                               state__in=("awarded", "ended"))  # fmt: skip
    found = Case.objects.filter(kind="commission_ask", listing__in=over.values("listing"))
    return found.exclude(text="")


def _met(before: datetime) -> QuerySet[Case]:
    """Meetings of a coalition that ended, of which it is still kept what was decided."""
    over = Step.objects.filter(listing__kind="covenant", state="ended", made_at__lte=before)
    return Case.objects.filter(kind="coalition_meeting", listing__in=over.values("listing"),
                               listing__state="ended").exclude(text="")  # fmt: skip


def _paid() -> QuerySet[Case]:
    """Of which a loan was paid out: the law on keeping accounts is about money that went."""
    return Case.objects.filter(agreements__kind="loan", agreements__transfers__isnull=False)


def _lent(before: datetime) -> QuerySet[Case]:
    """Those of which a loan that was paid out ended."""
    return _paid().filter(closed_at__lte=before).exclude(party=None).distinct()


def _forget_loans(cases: QuerySet[Case]) -> None:
    """Whose they were, what was agreed and why go; what the ledger says stays, and tells of
    nobody."""
    _unlend(cases)
    forget(cases, kind="loans")


def _unlend(cases: QuerySet[Case]) -> None:
    mine = Agreement.objects.filter(case__in=list(cases.values_list("pk", flat=True)))
    Line.objects.filter(agreement__in=mine).update(text="", more={})
    Seconding.objects.filter(agreement__in=mine).update(reason="", said="")
    Step.objects.filter(Q(agreement__in=mine) | Q(line__agreement__in=mine)).update(reason="")
    mine.update(title="", more={})


def forget(cases: QuerySet[Case], kind: str = "questions") -> None:
    """What it was about, when and how it went stay, so that what was counted stays right."""
    keys = list(cases.values_list("pk", flat=True))
    parties = list(cases.values_list("party", flat=True))
    for code, count in Counter(cases.values_list("municipality", flat=True)).items():
        audit.note(Municipality.objects.get(pk=code), "destroy", by=None, kind=kind,
                   count=str(count))  # fmt: skip
    Contact.objects.filter(case__in=keys).update(text="")
    clear(Picture.objects.filter(case__in=keys))
    silence(Voice.objects.filter(case__in=keys))
    lasting = Agreement.objects.filter(LASTING, case__in=keys).values("pk")
    agreed = Agreement.objects.filter(case__in=keys).exclude(pk__in=lasting)
    of_lines = (Q(case__in=keys), Q(agreement__in=agreed))
    of_steps = (Q(case__in=keys), Q(booking__case__in=keys), Q(match__case__in=keys),
                Q(line__case__in=keys), Q(agreement__in=agreed),
                Q(line__agreement__in=agreed))  # fmt: skip
    Step.objects.filter(reduce(or_, of_steps)).update(reason="")
    Match.objects.filter(case__in=keys).update(more={})
    Line.objects.filter(reduce(or_, of_lines)).update(text="", party=None, more={})
    Seconding.objects.filter(agreement__in=agreed).update(reason="", said="")
    agreed.update(title="", more={})
    _unword(keys)
    Mark.objects.filter(case__in=keys).delete()
    Booking.objects.filter(case__in=keys).update(where="", party=None)
    forgotten = Case.objects.filter(pk__in=keys)
    forgotten.update(text="", party=None)
    forgotten.filter(part_of=None).update(more={})  # hours and euros that add up tell of nobody
    gone = Party.objects.filter(pk__in=parties).exclude(cases__isnull=False)
    gone.exclude(involvements__kind="owner").delete()  # who owns a space goes with that


def _unword(cases: Collection[UUID]) -> None:
    """What those proposed that everyone would have read, where it never came to that."""
    shown = Step.objects.filter(listing__kind="initiative", state="open").values("listing")
    never = Listing.objects.filter(kind="initiative", cases__in=cases).exclude(pk__in=shown)
    keys = list(never.values_list("pk", flat=True))
    Step.objects.filter(listing__in=keys).update(reason="")
    Place.objects.filter(listings__in=keys).update(name="–", address="")
    for one in Listing.objects.filter(pk__in=keys):
        kept = {name: said for name, said in one.more.items() if name in ("sort", "day")}
        Listing.objects.filter(pk=one.pk).update(title="–", story="",
                                                 more={**kept, "answers": {}})  # fmt: skip


def _quiet(before: datetime) -> QuerySet[Case]:
    """Those who look for a space, to whom nothing happened any more; and who found one, or
    stopped."""
    over = Q(pk__in=_unmoved(before).values("pk")) | Q(pk__in=_known(before).values("pk"))
    return Case.objects.filter(over, kind="space_wish")


def _seeking(before: datetime) -> QuerySet[Case]:
    """Residents who looked for work: who stopped, and of whom nothing was heard for a year; not of
    whom it was asked less than a year ago, or will be, whether they are still there."""
    day = timezone.localdate(before)
    lately = Line.objects.filter(Q(state="open", due__gt=day) | Q(kept_on__gt=day))
    quiet = _unmoved(before).filter(due__lte=day + timedelta(days=365))
    quiet = quiet.exclude(pk__in=lately.filter(case__isnull=False).values("case"))
    over = Q(pk__in=quiet.values("pk")) | Q(pk__in=_known(before).values("pk"))
    return Case.objects.filter(over, kind="work_profile")


def _linked(before: datetime) -> QuerySet[Case]:
    """Owners whose link works no more, or who own nothing any more."""
    owning = Involvement.objects.filter(Q(until=None) | Q(until__gt=before), kind="owner")
    left = Case.objects.filter(made_at__lte=before).exclude(party=None)
    left = left.exclude(party__in=owning.values("party"))
    over = Q(pk__in=_known(before).values("pk")) | Q(pk__in=left.values("pk"))
    return Case.objects.filter(over, kind="space_owner")


def _waiting(before: datetime) -> QuerySet[Case]:
    """Open ones of which nothing was heard any more: of every kind, but those with a term of their
    own and the states in which somebody takes part, such as a maker of a brand."""
    asked = reduce(or_, (Q(kind=one.name, state__in=sorted(one.graph.states.keys() - one.stays))
                         for one in kinds.every()
                         if one.table is Case and one.name not in OWN))  # fmt: skip
    drafts = Agreement.objects.filter(kind="loan", state="draft", case__isnull=False)
    return _unmoved(before).filter(asked).exclude(pk__in=drafts.values("case"))


def _unlend_and_forget(cases: QuerySet[Case]) -> None:
    """With loans that did not go ahead."""
    asked = Case.objects.filter(pk__in=list(cases.values_list("pk", flat=True)))
    _unlend(asked.filter(kind="loan_request"))
    forget(asked, kind="open requests")


def _unmoved(before: datetime) -> QuerySet[Case]:
    """Open ones of which somebody is known and to which nothing happened after *before*: no step,
    no word, nothing put beside it, no day."""
    open_ = Case.objects.filter(closed_at=None, made_at__lte=before).exclude(party=None)
    later = Step.objects.filter(made_at__gt=before)
    moved = [later.values(of) for of in ("case", "match__case", "booking__case", "agreement__case")]
    moved += [Contact.objects.filter(made_at__gt=before).values("case"),
              Match.objects.filter(made_at__gt=before).values("case"),
              Agreement.objects.filter(made_at__gt=before).values("case"),
              Booking.objects.filter(starts_at__gt=before).values("case")]  # fmt: skip
    for cases in moved:
        # Without those of no case: of NULL in a list nothing is known.
        open_ = open_.exclude(pk__in=Case.objects.filter(pk__in=cases).values("pk"))
    return open_


def _owned(before: datetime) -> QuerySet[Involvement]:
    """Owners of a place who are so no more, or of which the register ended."""
    units = Listing.objects.filter(kind="space_unit", within__in=_over(before).values("listing"))
    over = Q(until__lte=before) | Q(place__in=units.values("place"))
    return Involvement.objects.filter(over, kind="owner")


def _over(before: datetime) -> QuerySet[Step]:
    """Ends of what is not at work any more."""
    return Step.objects.filter(listing__state="ended", state="ended", made_at__lte=before)


def _unown(gone: QuerySet[Involvement]) -> None:
    """Who they were goes, where nothing else says who they are."""
    parties = list(gone.values_list("party", flat=True))
    for code, count in Counter(gone.values_list("municipality", flat=True)).items():
        audit.note(Municipality.objects.get(pk=code), "destroy", by=None, kind="owners",
                   count=str(count))  # fmt: skip
    Involvement.objects.filter(pk__in=list(gone.values_list("pk", flat=True))).delete()
    left = Party.objects.filter(pk__in=parties, involvements=None, cases=None, listings=None)
    left.delete()


def _pictures(before: datetime) -> QuerySet[Picture]:
    """Photos of spaces of a register that ended."""
    return Picture.objects.filter(listing__within__in=_over(before).values("listing"))


def _unpicture(found: QuerySet[Picture]) -> None:
    for code, count in Counter(found.values_list("municipality", flat=True)).items():
        audit.note(Municipality.objects.get(pk=code), "destroy", by=None, kind="pictures",
                   count=str(count))  # fmt: skip
    clear(found)


def _stray(before: datetime) -> Files:
    return stray(before, ("keep_picture", "keep_voice"),
                 {LARGE: Picture, SMALL: Picture, VOICES: Voice})  # fmt: skip


TERMS = (
    Term(
        kind="certificates", name=Text(nl="getuigschriften", en="certificates"), days=30,
        trigger=Text(nl="de dag waarop wie het leerde het niet meer wilde",
                     en="the day on which who learned it did not want it any more"),
        ground=Text(nl="een getuigschrift is van wie het leerde, en blijft zo lang die het wil",
                    en="a certificate is of who learned it, and stays as long as they want it"),
        over=_removed, destroy=partial(forget, kind="certificates"),
    ),
    Term(
        kind="wishes for space", name=Text(nl="wie een ruimte zocht", en="who looked for a space"),
        days=365, trigger=Text(nl="de dag waarop er voor het laatst iets gebeurde",
                               en="the day on which something happened last"),
        ground=Text(nl="na een jaar zonder nieuws zoekt niemand meer mee",
                    en="after a year without news nobody looks along any more"),
        over=_quiet, destroy=partial(forget, kind="wishes for space"),
    ),
    Term(
        kind="work profiles",
        name=Text(nl="profielen van bewoners die werk of een route zochten",
                  en="profiles of residents who looked for work or a route"),
        days=365, trigger=Text(nl="de dag van het laatste contact, of waarop iemand stopte",
                               en="the day of the last contact, or on which somebody stopped"),
        ground=Text(nl="na een jaar zonder contact klopt niet meer wat iemand kon en wilde",
                    en="after a year without contact what somebody could and wanted is not right "
                       "any more"),
        over=_seeking, destroy=partial(forget, kind="work profiles"),
    ),
    Term(
        kind="open requests",
        name=Text(nl="wie iets vroeg waarop geen antwoord kwam, of iets liet bewaren, zolang dat "
                     "openstaat",
                  en="who asked something that was not answered, or had something kept, while "
                     "that is open"),
        days=365, trigger=Text(nl="de dag waarop er voor het laatst iets gebeurde",
                               en="the day on which something happened last"),
        ground=Text(nl="na een jaar zonder nieuws klopt niet meer wat iemand vroeg en verdiende",
                    en="after a year without news what somebody asked and earned is not right "
                       "any more"),
        over=_waiting, destroy=_unlend_and_forget,
    ),
    Term(
        kind="offers", name=Text(nl="wat bedrijven aanboden voor wat zij niet kregen",
                                 en="what firms offered for what they did not get"),
        days=365, trigger=Text(nl="het besluit over de opdracht",
                               en="the decision on the commission"),
        ground=Text(nl="tot dan kan een bedrijf nalezen waarom het de opdracht niet kreeg (na te "
                       "gaan)",
                    en="until then a firm can read why it did not get the commission (to be "
                       "confirmed)"),
        over=_offers, destroy=_unoffer,
    ),
    Term(
        kind="commission asks",
        name=Text(nl="vragen over een opdracht", en="questions about a commission"),
        days=365, trigger=Text(nl="het besluit over de opdracht",
                               en="the decision on the commission"),
        ground=Text(nl="tot dan kan een bedrijf nalezen wat allen wisten",
                    en="until then a firm can read what everybody knew"),
        over=_nameless, destroy=partial(forget, kind="commission asks"),
    ),
    Term(
        kind="meetings", name=Text(nl="overleg van een coalitie", en="meetings of a coalition"),
        days=365, trigger=Text(nl="het einde van de coalitie", en="the end of the coalition"),
        ground=Text(nl="tot dan kunnen partners nalezen wat zij besloten",
                    en="until then partners can read what they decided"),
        over=_met, destroy=partial(forget, kind="meetings"),
    ),
    Term(
        kind="owners", name=Text(nl="eigenaren van ruimtes", en="owners of spaces"), days=365,
        trigger=Text(nl="een andere eigenaar, het verdwijnen van de ruimte, of het einde van het "
                        "register",
                     en="another owner, the space that is gone, or the end of the register"),
        ground=Text(nl="tot dan kan wie een ruimte bemiddelde nagaan met wie dat was",
                    en="until then whoever brought people together can see with whom that was"),
        over=_owned, destroy=_unown,
    ),
    Term(
        kind="owner links",
        name=Text(nl="koppelingen waarmee een eigenaar ruimtes bijhield",
                  en="links with which an owner kept spaces"),
        days=365, trigger=Text(nl="de dag waarop de koppeling stopte",
                               en="the day on which the link stopped"),
        ground=Text(nl="tot dan kan worden nagegaan wie iets over een ruimte zei",
                    en="until then it can be seen who said something of a space"),
        over=_linked, destroy=partial(forget, kind="owner links"),
    ),
    Term(
        kind="pictures", name=Text(nl="foto’s van ruimtes", en="photos of spaces"), days=365,
        trigger=Text(nl="het einde van een register; van een ruimte die er niet meer is, gaan ze "
                        "meteen",
                     en="the end of a register; of a space that is there no more they go at once"),
        ground=Text(nl="na een jaar opent niemand het register meer",
                    en="after a year nobody opens the register any more"),
        over=_pictures, destroy=_unpicture,
    ),
    Term(
        kind="picture files", days=1,
        name=Text(nl="bestanden van foto’s en stemmen die nergens bij horen",
                  en="files of photos and voices that belong to nothing"),
        trigger=Text(nl="het schrijven", en="it was written"),
        ground=Text(nl="de foto is er niet meer", en="the photo is there no more"),
        over=_stray, destroy=sweep,
    ),
    Term(
        kind="questions", name=Text(nl="vragen aan een loket", en="questions to a contact point"),
        days=365, trigger=Text(nl="het antwoord, of het einde van een seizoen",
                                  en="the answer, or the end of a season"),
        ground=Text(nl="tot dan kan wie vroeg het antwoord nalezen, of zeggen dat het niet hielp",
                    en="until then whoever asked can read the answer, or say that it did not help"),
        over=_answered, destroy=forget,
    ),
    Term(
        kind="coaching", name=Text(nl="coaching van ondernemers", en="coaching of entrepreneurs"),
        days=455, trigger=Text(nl="het einde van de coaching", en="the end of the coaching"),
        ground=Text(nl="na een jaar vragen we nog hoe het gaat; dan is er drie maanden voor het "
                       "antwoord",
                    en="after a year we still ask how it goes; then there are three months for the "
                       "answer"),
        over=_coached, destroy=partial(forget, kind="coaching"),
    ),
    Term(
        kind="coaches", name=Text(nl="coaches van een programma", en="coaches of a programme"),
        days=365, trigger=Text(nl="het einde van het programma", en="the end of the programme"),
        ground=Text(nl="tot dan kan een ondernemer vragen wie de coach was",
                    en="until then an entrepreneur can ask who the coach was"),
        over=_coaches, destroy=_forget_coaches,
    ),
    Term(
        kind="firms", name=Text(nl="bedrijven die te vinden waren", en="firms that could be found"),
        days=365, trigger=Text(nl="het stoppen, of de dag tot wanneer zij te vinden waren",
                               en="they stopped, or the day until which they could be found"),
        ground=Text(nl="tot dan kan een bedrijf nalezen waarom het een opdracht wel of niet kreeg",
                    en="until then a firm can read why it got a commission or not"),
        over=_firms, destroy=partial(forget, kind="firms"),
    ),
    Term(
        kind="awards", name=Text(nl="wie een opdracht kreeg", en="who got a commission"),
        days=7 * 365 + 2, trigger=Text(nl="de gunning", en="the award"),
        ground=Text(nl="zo lang bewaart een overheid haar administratie (AWR, art. 52; na te gaan)",
                    en="so long a public body keeps its accounts (AWR, art. 52; to be confirmed)"),
        over=_awards, destroy=_unname,
    ),
    Term(
        kind="loans", name=Text(nl="leningen van een fonds", en="loans of a fund"),
        days=2557, trigger=Text(nl="het einde van de lening", en="the end of the loan"),
        ground=Text(nl="artikel 52 van de Algemene wet inzake rijksbelastingen: zeven jaar",
                    en="article 52 of the Algemene wet inzake rijksbelastingen: seven years"),
        over=_lent, destroy=_forget_loans,
    ),
)  # fmt: skip
