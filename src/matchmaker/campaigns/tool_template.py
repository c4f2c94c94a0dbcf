"""The mail in the language of a mailing tool, to be pasted there: the same words, other values.

It tests counts and never looks for the marker of an empty slot, since the counts are written anew
in each wave.  The language is the part that Brevo shares with Jinja2: conditions and attributes.
"""

from __future__ import annotations

from importlib.resources import files

import jinja2

from matchmaker.campaigns.letter import mention
from matchmaker.campaigns.mail import MailPlan
from matchmaker.report.page import unbroken
from matchmaker.words import say

__all__ = ["tool_template"]


def tool_template(plan: MailPlan) -> str:
    """Return the body of the mail as a template of Brevo.

    Parameters
    ----------
    plan : MailPlan
        Its slots and its settings; no youth of it is named.

    Returns
    -------
    str
        HTML with ``{{ contact.NAME }}`` and ``{% if contact.NAME >= 1 %}``.
    """
    lang, options = plan.lang, plan.options
    environment = jinja2.Environment(
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        variable_start_string="[[",
        variable_end_string="]]",
        block_start_string="[%",
        block_end_string="%]",
        comment_start_string="[#",
        comment_end_string="#]",
        finalize=unbroken if lang == "fr" else None,
    )
    before, _, after = say(lang, "mail.for_child", name="\0").partition("\0")
    file = files("matchmaker.campaigns") / "templates" / "brevo.html.j2"
    return environment.from_string(file.read_text(encoding="utf-8")).render(
        lang=lang,
        siblings=options.max_siblings,
        slots=plan.lines_per_youth,
        heading_before=before,
        heading_after=after,
        labels={
            "steps": say(lang, "mail.steps"),
            "person": say(lang, "mail.person"),
            "answers": say(lang, "mail.answers"),
        },
        sections=[
            {
                "count": "OFFRES",
                "after": "",
                "head": say(lang, "mail.offers"),
                "lead": "",
                "see": say(lang, "mail.see_offer"),
            },
            {
                "count": "ENTREPRISES",
                "after": "OFFRES",
                "head": say(lang, "mail.firms"),
                "lead": say(lang, "mail.firms_lead"),
                "see": say(lang, "mail.see_firm"),
            },
            {
                "count": "AUTRES",
                "after": "ENTREPRISES",
                "head": say(lang, "mail.others"),
                "lead": "",
                "see": say(lang, "mail.see_other"),
            },
        ],
        answers=[
            {"name": "LIEN_TROUVE", "text": say(lang, "mail.answer_found")},
            {"name": "LIEN_RAPPEL", "text": say(lang, "mail.answer_call")},
            {"name": "LIEN_STOP", "text": say(lang, "mail.answer_stop")},
        ],
        desk=options.desk_name,
        controller=options.controller[:1].upper() + options.controller[1:],
        mention_head=say(lang, "mention.head"),
        mention=mention(plan, "{{ contact.ORIGINE }}"),
    )
