# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The paper twin of the field app: per conversation a sheet with what is read aloud, what is asked
and a card to tear off."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string

from wijkeconomie.fieldwork import checks, guide
from wijkeconomie.web import report_files as setting
from wijkeconomie.web.context import current_release, language
from wijkeconomie.web.journey import access, phone, spoken
from wijkeconomie.web.journey.actions.field import own_words
from wijkeconomie.web.journey.models import Giver, Journey, Purpose, Sheet

MOST = 20  # in one file


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One sheet: the code that leads to it, and the card that its giver keeps."""

    code: str
    card: str
    picture: str  # a QR code, as the address of an image


def pages(sheets: Iterable[Sheet], site: str) -> Iterator[Page]:
    """The sheets that were made, with the cards that follow from their keys."""
    for sheet in sheets:
        card = phone.card(site, sheet.pk)
        yield Page(code=_parted(access.sheet_of(sheet.pk)), card=_parted(card["code"]),
                   picture=_image(card["picture"]))  # fmt: skip


def _image(picture: str) -> str:
    wide, _, path = picture.partition(" ")
    drawn = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {wide}">'
        f'<rect width="{wide}" height="{wide}" fill="#fff"/><path d="{path}"/></svg>'
    )
    return f"data:image/svg+xml;base64,{base64.b64encode(drawn.encode()).decode()}"


def _parted(code: str) -> str:
    return f"{code[:5]} {code[5:]}"


Buurten = Sequence[tuple[str, str]]


def as_pdf(
    journey: Journey, sheets: Iterable[Sheet], *, chosen: str, site: str, buurten: Buurten = ()
) -> bytes:
    """Tagged PDF (PDF/UA-1) with a page or more for each sheet, in the language *chosen*."""

    def finish(_document: Any, pdf: Any) -> None:
        setting.scoped([one for one in pdf.objects if isinstance(one, dict)])

    page = as_html(journey, sheets, chosen=chosen, site=site, buurten=buurten)
    return setting.printed(page, pdf_variant="pdf/ua-1", finisher=finish)


def as_html(
    journey: Journey, sheets: Iterable[Sheet], *, chosen: str, site: str, buurten: Buurten = ()
) -> str:
    """What is printed, as one page of HTML; *buurten* (code, name) are asked for."""
    texts = spoken.of(chosen)
    newest = journey.asked
    asked = checks.kept(newest.document) if newest else None
    style = (Path(setting.__file__).parent / "templates/report/report.css").read_text("utf-8")
    unchecked = not texts["checked_by_native"] or (asked and texts["code"] in asked.unchecked)
    shown = {
        "journey": journey, "texts": texts, "consents": _consents(texts, asked),
        "questions": spoken.asked(asked, texts["code"]) if asked else (), "guide": newest,
        "themes": journey.themes.filter(became=None), "who": Giver.Kind, "ages": Giver.Age,
        "buurten": buurten,
        "pages": tuple(pages(sheets, site)), "unchecked": unchecked, "site": site,
        "language": language(), "fictional": current_release().fictional,
        "style": setting.letters() + style,
    }  # fmt: skip
    return render_to_string("report/sheets.html", shown)


def _consents(texts: Mapping[str, Any], asked: guide.Guide | None) -> list[str]:
    """What is asked for each purpose: in the words of the guide, where it has its own."""
    own, code = own_words(asked), texts["code"]
    return [own.get(one, {}).get(code) or texts[one] for one in Purpose.values]
