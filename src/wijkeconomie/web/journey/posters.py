# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is printed of a round: a poster to hang up, and slips of paper with a code each."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from wijkeconomie.web import report_files as setting
from wijkeconomie.web.context import current_release, language
from wijkeconomie.web.journey import access, phone, presenting
from wijkeconomie.web.journey.models import Round, Token
from wijkeconomie.web.paper import Block, Chapter, Paper
from wijkeconomie.web.printed import Picture

SIZES = ("A4", "A3")
ON_A_PAGE = 8  # slips


def drawn(text: str, words: str) -> str:
    """A QR code as a picture that says in words what it holds."""
    size, _space, path = phone.picture(text).partition(" ")
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" width="{size}" '
            f'height="{size}"><desc>{words}</desc><rect width="{size}" height="{size}" '
            f'fill="#fff"/><path d="{path}"/></svg>')  # fmt: skip


def code(address: str) -> Block:
    """An address as a picture for a phone."""
    words = _("Code for a phone: the address")
    picture = Picture(title=_("Code for a phone"), svg=drawn(address, words))
    return Block(kind="picture", text=picture.title, picture=picture)


def poster(round_: Round, address: str, size: str = "A4") -> Paper:
    """One page to hang up: what is asked, where to answer, until when."""
    spoken = language()
    page = presenting.page(round_, spoken)
    title = _("Do you agree?") if not round_.budget else _("What do you want?")
    asked = tuple(point.asked for point in page.points)
    when = (Block(kind="strong", text=page.until),) if page.until else ()
    where = (
        Block(kind="text", text=_("Take a slip of paper with a code. Then go to:")),
        Block(kind="strong", text=address.partition("://")[2]),
        code(address),
        Block(kind="text", text=_("You need no account. No phone? Answer on paper.")),
        *when,
    )
    chapters = (
        Chapter(anchor="vraag", title=title, blocks=(Block(kind="bullets", items=asked),)),
        Chapter(anchor="waar", title=_("How do you take part?"), blocks=where),
    )
    return Paper(
        language=spoken, title=round_.title, subtitle=round_.journey.name,
        lead=round_.intro or page.how, facts=(),
        built=round_.made_at.isoformat(), chapters=chapters, poster=True, size=size,
        fictional=current_release().fictional,
    )  # fmt: skip


def slips(round_: Round, tokens: Iterable[Token], address: str, *, ballots: bool = False) -> bytes:
    """A sheet of slips as tagged PDF: each with a code, and with a picture that opens the page with
    the code behind ``#``, where no server sees it.  *ballots*: a page for each code, with the
    questions to answer on paper."""
    say, size = presenting.texts()[language()], 1 if ballots else ON_A_PAGE
    question, choices = presenting.question(round_, say)
    codes = [access.code_of(token.pk) for token in tokens if token.off_at is None]
    drawn_ = [(code, _picture(f"{address}#{code}")) for code in codes]
    style = Path(__file__).parent.parent / "templates/report/report.css"
    page = {
        "round": round_, "say": say, "until": _until(round_),
        "address": address.partition("://")[2], "language": language(),
        "style": setting.letters() + style.read_text("utf-8"),
        "fictional": current_release().fictional,
        "pages": [drawn_[at : at + size] for at in range(0, len(drawn_), size)],
        "items": round_.items.all() if ballots else (), "question": question, "choices": choices,
    }  # fmt: skip

    def finish(_document: Any, pdf: Any) -> None:
        setting.scoped([one for one in pdf.objects if isinstance(one, dict)])

    html = render_to_string("report/slips.html", page)
    return setting.printed(html, pdf_variant="pdf/ua-1", finisher=finish)


def _until(round_: Round) -> str:
    return presenting.page(round_, language()).until


def _picture(text: str) -> Picture:
    words = _("The same code, to be read by a phone")
    return Picture(title=words, svg=drawn(text, words))
