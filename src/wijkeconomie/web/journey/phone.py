# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a phone takes along into the street: what is read aloud, themes, guides, cards to give."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any
from uuid import UUID, uuid4

import qrcode  # type: ignore[import-untyped]  # comes with the second step of signing in
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wijkeconomie.fieldwork import checks, guide, personal
from wijkeconomie.web.journey import access, spoken
from wijkeconomie.web.journey.actions import field
from wijkeconomie.web.journey.models import Conversation, Giver, Journey, Observation, Purpose

CARDS = 20  # that a phone has with it: more conversations than one has in a day

WORDS: Mapping[str, Promise] = {  # what the page says by itself
    "pin_short": _("A PIN has six to twelve digits."),
    "pin_easy": _(
        "This PIN is one of the first that anybody tries: one digit only, or digits in a row. "
        "Choose another."
    ),
    "pin_differs": _("The two are not the same. Nothing was chosen yet: type it twice again."),
    "pin_wrong": _("This is not the PIN of this device. Nothing was changed. Try again."),
    "pin_lost": _(
        "Without the PIN nobody can read what is on this device. {n} of it was not sent yet: "
        "that is lost when you delete."
    ),
    "wipe_sure": _("Delete everything on this device, also what was not sent?"),
    "ready": _("Ready to go: this page also starts without a network."),
    "not_yet": _("Not ready yet. Stay on the network for a moment."),
    "yes_ready": _("In order:"),
    "not_ready": _("Not yet:"),
    "check_page": _("This page is on the device"),
    "check_consent": _("Consent texts"),
    "check_themes": _("Themes"),
    "check_guide": _("Conversation guide"),
    "check_no_guide": _("No conversation guide; one open note is enough"),
    "check_streets": _("Streets to choose from"),
    "check_no_streets": _("No list of streets; type the street"),
    "check_cards": _("Cards to give"),
    "check_kept": _("The browser promised not to clear this away"),
    "check_cleared": _(
        "The browser may clear this away when the device is full. Send in time, or save as a file."
    ),
    "check_pin": _("Locked with your PIN"),
    "queue": _("On this device ({here}) · Being sent ({sending}) · Arrived ({arrived})"),
    "state_idle": _("Everything that can be sent was sent."),
    "state_offline": _(
        "No connection. What waits to be sent ({n}) is sent when there is a network; nothing is "
        "lost."
    ),
    "state_sending": _("Being sent."),
    "state_waiting": _("No connection. The next try is at {at}; nothing is lost."),
    "state_stopped": _("Sending stopped. Nothing is lost."),
    "talk": _("Conversation"),
    "sight": _("In the street"),
    "draft": _("Draft"),
    "waiting": _("Waits to be sent"),
    "arrived": _("Arrived"),
    "clash": _("Differs from what arrived"),
    "refused": _("Sent back"),
    "receipt": _("receipt {number}, {at}"),
    "clock_off": _("the clock of this device is wrong; we kept the right time beside it"),
    "of_another": _(
        "Noted by somebody else who signed in on this phone. It is sent once that person signs in "
        "here."
    ),
    "beside": _("A second version: the same draft was changed in another window."),
    "resume": _("Go on"),
    "again": _("Try again"),
    "anew": _("Send as a new one"),
    "card": _("Show the card"),
    "file": _("Save as a file"),
    "remove": _("Delete"),
    "remove_sure": _("Delete this from the device? It was not sent."),
    "remove_arrived": _("Delete this from the device? It has arrived."),
    "qr": _("The same code, to be read by a phone"),
    "saved": _("Kept on this device"),
    "saving": _("Being kept…"),
    "saved_beside": _("Kept beside the version of another window"),
    "not_saved": _("Not kept: this device has no room. Send or delete something first."),
    "ask_note": _("First ask whether you may write down what is said."),
    "who": _("Who was it?"),
    "themes": _("What was it about?"),
    "not_asked": _("Not asked"),
    "declined": _("Would rather not say"),
    "answered": _("There is an answer"),
    "no_answer": _("No answer?"),
    "answer_required": _("This needs an answer, or why there is none."),
    "answer_integer": _("Fill in a whole number, without point or comma."),
    "answer_decimal": _("Fill in a number."),
    "answer_date": _("Fill in a day."),
    "answer_no_such_day": _("This day does not exist."),
    "answer_choice": _("Choose again."),
    "answer_constraint": _("This answer cannot be."),
    "unchecked": _("No native speaker has checked this translation yet."),
    "none": _("None"),
    "no_state": _("Not a premise, or not known"),
    "personal": _("This looks like something that makes somebody known:"),
    "replace": _("Replace by {label}"),
    "photo": _("Photo"),
    "add_photo": _("Add a photo, without people"),
    "photo_below": _("Add the photo under the questions."),
    "photo_no_yes": _(
        "This asks for a photo, and the person did not say yes to photos. Ask that first."
    ),
    "photo_ask": _("Ask consent for photos"),
    "no_photo": _("This is no photo, or it is too large. It was not kept."),
    "photo_unread": _(
        "This phone cannot read this photo: some phones keep photos as HEIC. So it is not sent; "
        "your text is. It stays here until you delete it. To send it, save or take it as JPEG and "
        "choose it again."
    ),
    "forgo": _("Delete what was not taken"),
    "forgotten": _("What you noted is no longer on this phone"),
    "photos_follow": _("Photos that will follow: {n}"),
    "photos_arrived": _("Photos that arrived: {n}"),
    "photos_refused": _("Photos that were not taken: {n}"),
    "sound": _("Voice memo"),
    "sound_start": _("Record a voice memo"),
    "sound_stop": _("Stop recording"),
    "sound_busy": _("Recording…"),
    "sounds_follow": _("Voice memos that will follow: {n}"),
    "sounds_arrived": _("Voice memos that arrived: {n}"),
    "sounds_refused": _("Voice memos that were not taken: {n}"),
    "no_microphone": _("The microphone is not there, or the browser may not use it."),
    "from_paper": _("Typed over from paper"),
    "paper_lacks": _("Fill in the code of the sheet and the day of the conversation."),
    "paper_here": _("This sheet was typed over on this device already."),
    "paper_network": _("No connection, or you are not signed in. Try again with a network."),
    "passphrase_short": _("Choose a passphrase of at least ten signs."),
    "file_none": _("Choose the file first."),
    "file_elsewhere": _("This file is of another journey. Open the field page of that one."),
    "file_wrong": _("This is not the passphrase of the file. Nothing was changed. Try again."),
    "file_unclear": _("This is no file of the field app, or it is damaged. Nothing was changed."),
    "file_read": _("Read: {came} new on this device, {there} were here already."),
    "streets": _("Choose a street ({n})"),
    "streets_more": _("And {n} more: type a part of the name."),
    "street_unknown": _("Not in the list. It may be typed like this."),
    "stopped_told": _(
        "This phone was stopped on {at}. Everything of the fieldwork on it was deleted. "
        "{n} of it had not arrived with us."
    ),
    "no_who": _("Choose who it was."),
    "no_text": _("Write down what was said."),
    "no_sight": _("Write down where it is and what you see."),
    "locating": _("Looking for your place…"),
    "spot": _("About {lat}, {lon}; within {m} metres."),
    "no_spot": _("Your place was not found. Type the street instead."),
}


def pack(journey: Journey, buurten: Iterable[tuple[str, str]] = ()) -> dict[str, Any]:
    """Everything that the page needs to work without a network; nothing about any person.
    *buurten* (code, name) are those of which the page asks."""
    themes = journey.themes.filter(became=None)
    return {
        "journey": str(journey.pk),
        "name": journey.name,
        "consent": spoken.in_the_street(),
        "purposes": Purpose.values,
        "themes": [{"id": str(one.pk), "name": one.name} for one in themes],
        "who": _named(Giver.Kind.choices),
        "ages": _named(Giver.Age.choices),
        "buurten": _named(buurten),
        "kinds": _named(Conversation.kinds()),
        "states": _named(Observation.State.choices),
        "guide": _guide(journey),
        "guide_says": field.GUIDE_SAYS,
        "personal": personal.for_phone(),
        "streets": streets(journey),
        "words": {name: str(words) for name, words in WORDS.items()},
    }


def streets(journey: Journey) -> list[str]:
    """What the team wrote down, and the streets of what was seen so far; each once, by name.

    A phone keeps its page without a lock, so of a place nothing goes along but a street's name.
    """
    written = journey.streets.splitlines()
    places = access.observations(journey).exclude(note="").values_list("place", flat=True)
    seen = map(personal.streets, places)
    names = {name.casefold(): name for name in (*chain.from_iterable(seen), *written)}
    return sorted(names.values(), key=str.casefold)


def _guide(journey: Journey) -> dict[str, Any] | None:
    """The guide that is asked; what was begun with another keeps its version."""
    asked = journey.asked
    return None if asked is None else guide.for_phone(checks.kept(asked.document))


def _named(choices: Iterable[tuple[str, Any]]) -> list[dict[str, str]]:
    return [{"id": value, "name": str(label)} for value, label in choices]


def cards(site: str) -> list[dict[str, str]]:
    """Keys for conversations to come, each with its card: so that a card can be given at once.

    Nothing of it is stored here: a card follows from its key.
    """
    return [card(site, uuid4()) for _ in range(CARDS)]


def card(site: str, key: UUID) -> dict[str, str]:
    """The card of one key: its code, and a picture that leads to *site* with it."""
    code = access.card_of(key)
    return {"key": str(key), "code": code, "picture": picture(f"{site}#{code}")}


def picture(text: str) -> str:
    """A QR code as the path of an SVG, one unit a module, with its quiet edge of four."""
    drawn = qrcode.QRCode(border=4, error_correction=qrcode.constants.ERROR_CORRECT_M)
    drawn.add_data(text)
    rows = drawn.get_matrix()
    cells = (f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, on in enumerate(row) if on)
    return f"{len(rows)} {''.join(cells)}"
