"""A parent or guardian of somebody who is not of age: the applicant's page meanwhile, and the guardian's one page."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vetting.audit.ports import Actor
from vetting.cases.access import APPLICANT, applicant
from vetting.cases.models import Case
from vetting.cases.queries import contact_of, is_current, link_for
from vetting.consent.rules import ConsentPurpose
from vetting.errors import Refused
from vetting.identity import services as identity
from vetting.identity.queries import agreed_by_guardian, draft_of, version_of
from vetting.organisations.access import public
from vetting.routing.queries import plan_for
from vetting.tasks import ring
from vetting.web import words
from vetting.web.applicant.steps import asked_by, plan_of, steps_of
from vetting.web.applicant.wording import wording_for
from vetting.web.limits import within_limit

GUARDIAN = Actor("guardian")
LONGEST_NUMBER = 9


@applicant
@require_http_methods(["GET", "POST"])
def waiting(request: HttpRequest, case: Case) -> HttpResponse:
    """Whom the applicant waits for, and another mail to them."""
    if not identity.editable(case) or not all(done for _step, done in steps_of(case)):
        return redirect("applicant:home")
    if agreed_by_guardian(case, now()):
        return redirect("applicant:agree")
    if request.method == "POST" and within_limit(request, "revive", str(case.ref)):
        identity.ask_guardian(case.ref, actor=APPLICANT, at=now())
        ring(case.ref)
        messages.success(request, _("The mail is on its way."))
        return redirect("applicant:guardian")
    context = {"case": case, "email": draft_of(case)["guardian"]["email"]}
    return render(request, "applicant/guardian_waiting.html", context)


@public
@require_http_methods(["GET", "POST"])
def agree(request: HttpRequest, secret: str) -> HttpResponse:
    """What a parent or guardian agrees to: who asks, for what, and which States. Never what comes of it."""
    link = link_for(secret, for_guardian=True)
    if link is None:
        raise Http404
    case = link.case
    if not is_current(link, now()) or not identity.editable(case) or not all(done for _step, done in steps_of(case)):
        return render(request, "applicant/guardian_over.html", status=410)
    route = plan_for(case)
    wording = wording_for(case, ConsentPurpose.GUARDIAN, route)
    typed = request.POST.get("version", "")
    version = int(typed) if typed.isdecimal() and len(typed) <= LONGEST_NUMBER else 0
    ticked = request.POST.get(wording.purpose) == wording.digest
    done = agreed_by_guardian(case, now())
    if request.method == "POST" and ticked and not done:
        try:
            identity.agree_as_guardian(
                case.ref, version=version, wording=wording, plan=plan_of(route), actor=GUARDIAN, at=now()
            )
        except Refused:  # the applicant changed something meanwhile, or ended it
            return render(request, "applicant/guardian_over.html", status=410)
        ring(case.ref)
        done = True
    missing = request.method == "POST" and not done
    context = {
        "case": case,
        "given_name": contact_of(case).given_name,
        "activity": words.ACTIVITIES[case.activity],
        "role": words.ROLES[case.role],
        "asked": asked_by(route),
        "wording": wording,
        "version": version_of(case),
        "done": done,
        "missing": missing,
    }
    return render(request, "applicant/guardian.html", context, status=422 if missing else 200)
