# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""How pages say what a role may do, who did something, and what was done."""

from __future__ import annotations

from django import template
from django.template import Context
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from wijkeconomie.web.accounts.access import RIGHTS, WORDS, Right, rights_by
from wijkeconomie.web.accounts.audit import CARD, LINK
from wijkeconomie.web.accounts.models import Activity, AuditLine, Membership, Role
from wijkeconomie.web.accounts.retention import every
from wijkeconomie.web.context import language

register = template.Library()
_KEY = 8  # signs of a key that are shown
VERBS = {
    "invite": gettext_lazy("invited someone"),
    "withdraw_invitation": gettext_lazy("withdrew an invitation"),
    "give_role": gettext_lazy("gave a role"),
    "end_role": gettext_lazy("ended a role"),
    "renew": gettext_lazy("chose a new password"),
    "start_over": gettext_lazy("made password and second step be set anew"),
    "begin": gettext_lazy("began a journey"),
    "hear": gettext_lazy("noted a conversation"),
    "correct": gettext_lazy("corrected a text"),
    "check": gettext_lazy("checked a text for personal data"),
    "send_back": gettext_lazy("gave a conversation back to who noted it"),
    "observe": gettext_lazy("noted something seen in the street"),
    "let_stand": gettext_lazy("let something seen in the street stand as it was noted"),
    "mend": gettext_lazy("changed something seen in the street that pointed at a person"),
    "restate": gettext_lazy("corrected the state of something seen in the street"),
    "add_guide": gettext_lazy("took along a conversation guide"),
    "ask_guide": gettext_lazy("chose the conversation guide that is asked"),
    "keep_photo": gettext_lazy("kept a photo"),
    "keep_sound": gettext_lazy("kept a voice memo"),
    "write_streets": gettext_lazy("wrote the list of streets"),
    "stop_device": gettext_lazy("stopped a phone"),
    "make_sheets": gettext_lazy("made sheets of paper for conversations"),
    "tell_consent": gettext_lazy("recorded what a giver allows"),
    "bring": gettext_lazy("took over a coded text of another program"),
    "allow": gettext_lazy("allowed something"),
    "show_card": gettext_lazy("saw the code on a giver’s card"),
    "forbid": gettext_lazy("forbade something"),
    "want_answer": gettext_lazy("wants to hear what we do"),
    "want_no_answer": gettext_lazy("does not want to hear what we do"),
    "destroy": gettext_lazy("destroyed what was kept long enough"),
    "withdraw": gettext_lazy("took everything back"),
    "take_back_again": gettext_lazy("took back again what a giver had taken back"),
    "quote": gettext_lazy("kept words"),
    "quote_figure": gettext_lazy("quoted a figure"),
    "add_theme": gettext_lazy("added a theme"),
    "change_theme": gettext_lazy("changed a theme"),
    "write_memo": gettext_lazy("wrote a memo"),
    "merge_theme": gettext_lazy("merged a theme"),
    "split_theme": gettext_lazy("split a theme"),
    "code": gettext_lazy("said what words are about"),
    "uncode": gettext_lazy("took back what words are about"),
    "pass_over": gettext_lazy("said that words that look alike are about something else"),
    "find": gettext_lazy("wrote a finding"),
    "weigh": gettext_lazy("weighed evidence"),
    "judge": gettext_lazy("gave a verdict"),
    "merge_finding": gettext_lazy("merged a finding"),
    "change": gettext_lazy("changed something on the thread"),
    "change_journey": gettext_lazy("changed a journey"),
    "ground": gettext_lazy("tied an opgave to a finding"),
    "remove": gettext_lazy("took something away from the thread"),
    "set_opgave": gettext_lazy("named an opgave"),
    "set_goal": gettext_lazy("set a goal"),
    "propose": gettext_lazy("proposed an effort"),
    "aim": gettext_lazy("tied an effort to a goal"),
    "decide": gettext_lazy("decided on an effort"),
    "keep_apart": gettext_lazy("said that two efforts do not go together"),
    "let_together": gettext_lazy("took back that two efforts do not go together"),
    "promise": gettext_lazy("noted a partner’s promise"),
    "withdraw_promise": gettext_lazy("withdrew a partner’s promise"),
    "say_kept": gettext_lazy("said what came of a promise"),
    "answer": gettext_lazy("answered a giver"),
    "draw_up": gettext_lazy("began a plan"),
    "strike": gettext_lazy("took words that were taken back out of what was laid down"),
    "begin_round": gettext_lazy("began a round for the neighbourhood"),
    "add_statement": gettext_lazy("put a finding in a round"),
    "add_proposal": gettext_lazy("put a proposal in a round"),
    "remove_item": gettext_lazy("took something out of a round"),
    "translate": gettext_lazy("typed a translation"),
    "open_round": gettext_lazy("opened a round"),
    "close_round": gettext_lazy("closed a round"),
    "make_codes": gettext_lazy("made a sheet of codes"),
    "print_codes": gettext_lazy("printed a sheet of codes"),
    "stop_sheet": gettext_lazy("stopped a sheet of codes"),
    "stop_code": gettext_lazy("stopped a code"),
    "type_in": gettext_lazy("typed in an answer on paper"),
    "settle": gettext_lazy("said what became of a finding"),
    "take_outcome": gettext_lazy("took over what the neighbourhood chose"),
    "set_to_work": gettext_lazy("set an instrument to work"),
    "ask": gettext_lazy("asked a question"),
    "take_case": gettext_lazy("deals with a question"),
    "show_link": gettext_lazy("saw the link to somebody’s page"),
    "reword": gettext_lazy("said anew what stands at an instrument"),
    "put_off": gettext_lazy("promised an answer on a later day"),
    "answer_case": gettext_lazy("answered a question"),
    "write_in_case": gettext_lazy("wrote to who asked"),
    "write_rule": gettext_lazy("wrote a rule that does not hold yet"),
    "test_rule": gettext_lazy("changed the test cases of a rule"),
    "put_in_force": gettext_lazy("put a rule in force"),
    "drop_rule": gettext_lazy("threw away a rule that never held"),
    "put_together": gettext_lazy("put a report with the same of others"),
    "note_line": gettext_lazy("noted what somebody will do"),
    "reply": gettext_lazy("said more about a question"),
    "divide": gettext_lazy("divided the days in a shop"),
    "sold": gettext_lazy("said what was sold on a day"),
    "add_unit": gettext_lazy("noted a space"),
    "keep_unit": gettext_lazy("changed what is known of a space"),
    "take_in_spaces": gettext_lazy("read in a file with spaces"),
    "keep_sheet": gettext_lazy("kept a sheet of a space"),
    "note_owner": gettext_lazy("noted whose a space is"),
    "stop_owning": gettext_lazy("said that they own a space no more"),
    "keep_picture": gettext_lazy("added a photo"),
    "keep_voice": gettext_lazy("kept their voice as a maker"),
    "take_photo_away": gettext_lazy("took their photo as a maker away"),
    "take_voice_away": gettext_lazy("took their voice as a maker away"),
    "guide_day": gettext_lazy("said who guides a day"),
    "share_certificate": gettext_lazy("made or ended a link to show a certificate"),
    "reword_product": gettext_lazy("told anew about a product that they make"),
    "tell_story": gettext_lazy("told their story as a maker"),
    "consent_maker": gettext_lazy("said for what their story as a maker may be used"),
    "make_pieces": gettext_lazy("noted pieces that were made"),
    "sell_piece": gettext_lazy("noted that a piece was sold"),
    "tell_month": gettext_lazy("told how a month of a brand went"),
    "take_picture_away": gettext_lazy("took a photo away"),
    "propose_space": gettext_lazy("proposed a space to somebody"),
    "name_partner": gettext_lazy("gave a partner of a coalition a role"),
    "ask_money": gettext_lazy("asked a contribution for an initiative"),
    "set_aside": gettext_lazy("asked to set money aside for initiatives"),
    "second_pot": gettext_lazy("confirmed, or not, that money is set aside for initiatives"),
    "keep_rounds": gettext_lazy("noted the rounds of a sponsored run"),
    "note_meeting": gettext_lazy("noted a meeting of a coalition"),
    "revise_text": gettext_lazy("changed the text of a covenant"),
    "add_day": gettext_lazy("opened a shared shop on one more day"),
    "take_day_away": gettext_lazy("closed a shared shop on a day"),
    "keep_neighbours": gettext_lazy("noted the shops next door"),
    "weigh_neighbours": gettext_lazy("decided on who sells the same as a shop next door"),
    "equip": gettext_lazy("kept what is handed over in a shop"),
    "change_coach": gettext_lazy("changed what a coach offers"),
    "propose_coach": gettext_lazy("put a coach beside what an entrepreneur needs"),
    "scan": gettext_lazy("sent what was scanned at the door"),
    "tie_badge": gettext_lazy("tied a badge of the roll to somebody"),
    "enrol": gettext_lazy("enrolled in a route at a job market"),
    "feedback": gettext_lazy("said how a job market was"),
    "write_on_wall": gettext_lazy("wrote a text for the wall"),
    "bid_on_text": gettext_lazy("answered a text on the wall"),
    "propose_work": gettext_lazy("proposed somebody for work or a route"),
    "keep_mismatch": gettext_lazy("kept the figures of what is asked and what is there"),
    "take_in_vacancies": gettext_lazy("read in a file of vacancies"),
    "offer_work": gettext_lazy("offered work or a route"),
    "speak": gettext_lazy("chose the language of letters"),
    "change_profile": gettext_lazy("changed their profile"),
    "consent": gettext_lazy("said to what they agree"),
    "agree": gettext_lazy("said yes to a coach"),
    "write_commission": gettext_lazy("changed the text of a commission"),
    "publish_commission": gettext_lazy("published a commission"),
    "keep_spending": gettext_lazy("kept sums of what the municipality spent"),
    "drop_spending": gettext_lazy("took away sums of what the municipality spent"),
    "open_offers": gettext_lazy("opened what was offered for a commission"),
    "offer": gettext_lazy("made an offer for a commission"),
    "award": gettext_lazy("awarded a commission"),
    "keep_firm": gettext_lazy("kept up to date what a firm does"),
    "lend": gettext_lazy("decided on a loan"),
    "second": gettext_lazy("said as a second person whether something goes ahead"),
    "enter": gettext_lazy("wrote in the ledger of a fund"),
    "account": gettext_lazy("said to which account a loan goes"),
    "ask_account": gettext_lazy("asked to pay a loan to another account"),
    "fund_terms": gettext_lazy("said anew on which terms a fund lends"),
    "ask_fund_account": gettext_lazy("asked to have loans repaid to another account"),
    "fund_account": gettext_lazy("said as a second person to which account loans are repaid"),
    "pause": gettext_lazy("gave a longer pause in repaying"),
    "ask_write_off": gettext_lazy("asked to write off a loan"),
    "keep_fair_plan": gettext_lazy("made appointments for visitors of a job market"),
    "open_times": gettext_lazy("opened times for appointments"),
    "close_time": gettext_lazy("took a time for appointments away"),
    "resize": gettext_lazy("changed how many can come at a time"),
    "book": gettext_lazy("booked a time, or waits for one"),
    "step": gettext_lazy("took a step with what is at work"),
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


@register.filter
def idle(one: Membership) -> bool:
    """Whether a role that was given lets its holder do nothing."""
    return not rights_by(one)


@register.simple_tag
def all_roles() -> list[tuple[str, str]]:
    """Every role that needs an account, and what it may do."""
    return [(str(r.label), rights_of(r.value)) for r in Role if r is not Role.RESIDENT]


@register.simple_tag
def key(whole: str) -> str:
    """The beginning of a key: enough to tell people apart, and no name."""
    if whole == CARD:
        return _("a giver, with the card")
    if whole == LINK:
        return _("who asked, with the link")
    return whole[:_KEY] if whole else _("who runs this site")


@register.simple_tag(takes_context=True)
def actor(context: Context, whole: str) -> str:
    """Who it was, for whom it was about."""
    return _("you") if whole == str(context["me"].pk) else key(whole)


def told(verb: str) -> str:
    """What was done, in words."""
    return str(VERBS.get(verb, verb))


@register.simple_tag
def verb(line: AuditLine) -> str:
    """What was done, and which role it was about."""
    said = told(line.verb)
    if role := line.details.get("role"):
        return f"{said}: {Role(role).label}"
    if (count := int(line.details.get("waiting", 0))) > 0:
        return ngettext("%(said)s, while %(n)s giver waited for an answer",
                        "%(said)s, while %(n)s givers waited for an answer",
                        count) % {"said": said, "n": count}  # fmt: skip
    if line.details.get("code_seen"):
        return _("%(said)s, a day or less after one of us saw the code") % {"said": said}
    if kind := line.details.get("kind"):
        names = {term.kind: term.name[language()] for term in every()}
        return f"{said}: {line.details['count']} × {names.get(kind, kind)}"
    return said


@register.filter
def activity(value: str) -> str:
    """For what data of a person were seen."""
    return str(Activity(value).label)


@register.simple_tag
def terms() -> list[dict[str, object]]:
    """How long what is kept, after what and why."""
    return [
        {"name": one.name[language()], "days": one.days, "after": one.trigger[language()],
         "because": one.ground[language()]}
        for one in every()
    ]  # fmt: skip
