"""The status page: stages with dates, who has it now, what happens next. Plain words, nothing else."""

from datetime import datetime
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from vetting.cases.models import Case
from vetting.cases.rules import OPEN, CaseState
from vetting.certificates.queries import (
    answered_earlier,
    is_shared,
    live_certificate,
    share_with_asker,
    shares_of,
    standing_of,
)
from vetting.consent.models import Consent
from vetting.enquiries.models import Enquiry
from vetting.enquiries.queries import enquiries_of
from vetting.enquiries.rules import EnquiryState
from vetting.web import words

S = CaseState


def _turn(case: Case, questions: bool, shared: bool) -> tuple[str, str]:
    """Whose turn it is, and what happens next."""
    you, authority, organisation = _("You"), _("The authority"), case.organisation.name
    if questions:
        return you, _("An authority needs more information from you. It waits until you answer.")
    if shared:
        return "", _("Your certificate is shared. You need to do nothing more.")
    document = organisation, _("Show your identity document there. The organisation then submits the request.")
    asking = _("The authorities"), _("They look into their records. When all have answered, you are told first.")
    turns = {
        S.CONSENTED: document,
        S.RETURNED: document,
        S.SUBMITTED: (authority, _("It looks at the request and then asks the States you agreed to.")),
        S.ENQUIRING: asking,
        S.ANSWERED: asking,
        S.ASSESSING: (
            authority,
            _("A person there looks at the answers. This can have many reasons. You are told first."),
        ),
        S.CLEARED: (you, _("You have a certificate. You decide whether to share it.")),
        S.NOT_CLEARED: (
            you,
            _("No certificate can be issued. This does not say that you are unsuitable. You can dispute it."),
        ),
    }
    return turns.get(CaseState(case.state), ("", _("This check has ended. Nobody is asked any more.")))


def _stages(case: Case) -> list[dict[str, Any]]:
    consented = Consent.objects.filter(case=case).order_by("granted_at").values_list("granted_at", flat=True).first()
    asked = [enquiry for enquiry in enquiries_of(case) if enquiry.sent_at]
    share = share_with_asker(case)
    if share is not None and answered_earlier(share):
        return [
            {"title": title, "date": words.day(moment), "status": "done"}
            for title, moment in (
                (_("You are invited"), case.opened_at), (_("You show an earlier certificate"), share.shared_at),
            )
        ]  # fmt: skip
    reached = [
        (_("You are invited"), case.opened_at),
        (_("You give your details and agree"), consented),
        (_("The organisation looks at your document"), None if case.state == S.RETURNED else case.submitted_at),
        (_("The authorities are asked"), min((one.sent_at for one in asked if one.sent_at), default=None)),
        (_("The authorities answer, and you see the outcome"), None),
    ]
    stages = [
        {"title": title, "date": words.day(moment), "status": "done" if moment else "upcoming"}
        for title, moment in reached
    ]
    if case.state in (S.CLEARED, S.NOT_CLEARED):
        stages[-1]["status"] = "done"
    elif case.state in OPEN:
        current = next(stage for stage in stages if stage["status"] == "upcoming")
        current["status"] = "current"
    else:
        return [stage for stage in stages if stage["status"] == "done"]
    return stages


def _progress(enquiry: Enquiry) -> str:
    """How far one enquiry is. That it ended is told, how it ended is not."""
    if enquiry.state == EnquiryState.MORE_INFORMATION:
        return _("Waits for you")
    ended = enquiry.state == EnquiryState.REFUSED
    return str(words.ENQUIRY_STATES[EnquiryState.ANSWERED if ended else enquiry.state])


def progress_of(case: Case, at: datetime) -> dict[str, Any]:
    """Everything the status page shows."""
    enquiries = enquiries_of(case)
    questions = [one for one in enquiries if one.state == EnquiryState.MORE_INFORMATION and case.state == S.ENQUIRING]
    certificate = live_certificate(case) if case.state in (S.CLEARED, S.CLOSED) else None
    shared = is_shared(certificate) or answered_earlier(share_with_asker(case))
    turn, following = _turn(case, bool(questions), shared)
    dues = [due for one in enquiries if one.state == EnquiryState.SENT and (due := one.announced_on or one.due_on)]
    return {
        "turn": turn,
        "following": following,
        "yours": turn == _("You"),
        "by": words.day(max(dues)) if dues else "",
        "stages": _stages(case),
        "questions": [{"enquiry": one, "state_name": words.state_name(one.asked)} for one in questions],
        "states": [{"name": words.state_name(one.asked), "status": _progress(one)} for one in enquiries],
        "certificate": certificate,
        "current": certificate is not None and standing_of(certificate, localdate(at)).current,
        "valid_until": words.day(certificate.valid_until) if certificate else "",
        "shared": shared,
        "decided": case.state in (S.CLEARED, S.NOT_CLEARED),
        "cleared": case.state == S.CLEARED,
        "may_dispute": case.state == S.NOT_CLEARED,
        "may_withdraw": case.state in OPEN,
        "may_show": case.state == S.CLEARED and certificate is not None,
        "showing": bool(shares_of(case)),
    }
