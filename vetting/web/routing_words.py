"""The rules of the routing in the reader's words, with the names of the States instead of their codes."""

from django.utils.translation import gettext_lazy as _

from vetting.routing.ports import RoutePlan
from vetting.web import words

RULES = {
    "no-consent": _("Without the applicant's agreement nobody is asked; a person decides."),
    "own-register": _("%(states)s: the home State looks into its own register."),
    "eu-nationality": _("%(states)s: holds all convictions of its nationals in the whole Union, so it is asked."),
    "former-eu-nationality": _("%(states)s: was told of convictions while they were a national, so it is asked."),
    "eu-residence": _("%(states)s: the applicant lives there, so it is asked about its own register."),
    "eu-past-residence-covered": _(
        "%(states)s: not asked for having lived there, because the State of nationality holds everything."
    ),
    "united-kingdom": _("%(states)s: a nationality or a residence leads there. It has 20 working days to answer."),
    "tcn-home-outside": _("%(states)s does not take part in ECRIS-TCN, so the other States cannot be searched."),
    "tcn-not-live": _("ECRIS-TCN cannot be searched yet, so a person decides."),
    "tcn-residence": _("%(states)s: the applicant lives or lived there. It is asked, because no search can be made."),
    "tcn-search": _("The applicant has a nationality outside the Union, or none: ECRIS-TCN is searched."),
    "tcn-hit": _("%(states)s: named by ECRIS-TCN, so it is asked."),
    "tcn-residence-outside-index": _(
        "%(states)s: the applicant lives or lived there and ECRIS-TCN does not cover it, so it is asked."
    ),
    "tcn-residence-covered": _("%(states)s: not asked for a residence; ECRIS-TCN names it if it holds something."),
    "tcn-hits-ignored": _(
        "%(states)s: said to be named by ECRIS-TCN, which cannot be searched here. A person looks into it."
    ),
    "document": _("%(states)s: no message can be sent there. The applicant brings a document."),
    "no-nationality": _("No nationality is established, so there is none to ask about."),
    "no-former-nationality": _("For a time the applicant had no established nationality: no State holds everything."),
    "not-bound": _("%(states)s: not bound by Directive 2011/93/EU. It answers under its own law and may decline."),
}


def steps_of(plan: RoutePlan) -> list[dict[str, str]]:
    """Every step of a plan: why, and where that stands."""
    return [
        {
            "text": str(RULES[step.rule]) % {"states": words.state_names(step.states)}
            if step.rule in RULES
            else step.text,
            "source": step.source,
        }
        for step in plan.rules
    ]
