# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""How pages say what a role may do, who did something, and what was done."""

from __future__ import annotations

from django import template
from django.template import Context
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wijkeconomie.web.accounts.access import RIGHTS, WORDS, Right
from wijkeconomie.web.accounts.audit import CARD
from wijkeconomie.web.accounts.models import AuditLine, Role

register = template.Library()
_KEY = 8  # signs of a key that are shown
VERBS = {
    "invite": gettext_lazy("invited someone"),
    "withdraw_invitation": gettext_lazy("withdrew an invitation"),
    "give_role": gettext_lazy("gave a role"),
    "end_role": gettext_lazy("ended a role"),
    "start_over": gettext_lazy("made password and second step be set anew"),
    "begin": gettext_lazy("began a journey"),
    "hear": gettext_lazy("noted a conversation"),
    "correct": gettext_lazy("corrected a text"),
    "check": gettext_lazy("checked a text for personal data"),
    "observe": gettext_lazy("noted something seen in the street"),
    "add_guide": gettext_lazy("took along a conversation guide"),
    "keep_photo": gettext_lazy("kept a photo"),
    "tell_consent": gettext_lazy("recorded what a giver allows"),
    "bring": gettext_lazy("took over a coded text of another program"),
    "allow": gettext_lazy("allowed something"),
    "forbid": gettext_lazy("forbade something"),
    "withdraw": gettext_lazy("took everything back"),
    "quote": gettext_lazy("kept words"),
    "quote_figure": gettext_lazy("quoted a figure"),
    "add_theme": gettext_lazy("added a theme"),
    "change_theme": gettext_lazy("changed a theme"),
    "write_memo": gettext_lazy("wrote a memo"),
    "merge_theme": gettext_lazy("merged a theme"),
    "split_theme": gettext_lazy("split a theme"),
    "code": gettext_lazy("said what words are about"),
    "uncode": gettext_lazy("took back what words are about"),
    "find": gettext_lazy("wrote a finding"),
    "weigh": gettext_lazy("weighed evidence"),
    "judge": gettext_lazy("gave a verdict"),
    "merge_finding": gettext_lazy("merged a finding"),
    "set_opgave": gettext_lazy("named an opgave"),
    "set_goal": gettext_lazy("set a goal"),
    "propose": gettext_lazy("proposed an effort"),
    "aim": gettext_lazy("tied an effort to a goal"),
    "decide": gettext_lazy("decided on an effort"),
    "keep_apart": gettext_lazy("said that two efforts do not go together"),
    "let_together": gettext_lazy("took back that two efforts do not go together"),
    "promise": gettext_lazy("noted a partner’s promise"),
    "answer": gettext_lazy("answered a giver"),
    "draw_up": gettext_lazy("began a plan"),
    **{
        f"to_{state}": gettext_lazy("took a step with the plan")
        for state in (
            "concept",
            "consultation",
            "executive",
            "council",
            "adopted",
            "under_way",
            "evaluated",
        )
    },
}


@register.simple_tag
def rights_of(role: str) -> str:
    """What a role may do, in words."""
    return ", ".join(str(WORDS[right]) for right in Right if right in RIGHTS[Role(role)])


@register.simple_tag
def all_roles() -> list[tuple[str, str]]:
    """Every role that needs an account, and what it may do."""
    return [(str(r.label), rights_of(r.value)) for r in Role if r is not Role.RESIDENT]


@register.simple_tag
def key(whole: str) -> str:
    """The beginning of a key: enough to tell people apart, and no name."""
    if whole == CARD:
        return _("a giver, with the card")
    return whole[:_KEY] if whole else _("who runs this site")


@register.simple_tag(takes_context=True)
def actor(context: Context, whole: str) -> str:
    """Who it was, for whom it was about."""
    return _("you") if whole == str(context["me"].pk) else key(whole)


@register.simple_tag
def verb(line: AuditLine) -> str:
    """What was done, and which role it was about."""
    said = str(VERBS.get(line.verb, line.verb))
    role = line.details.get("role")
    return f"{said}: {Role(role).label}" if role else said
