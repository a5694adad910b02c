"""Giving identity in short steps, agreeing, and answering an authority's questions."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vetting.authorities.queries import directory
from vetting.authorities.rules import IdentityField
from vetting.cases.access import APPLICANT, applicant
from vetting.cases.models import Case
from vetting.cases.rules import CaseState
from vetting.consent import services as consents
from vetting.consent.queries import standing
from vetting.consent.rules import ConsentPurpose
from vetting.enquiries import receiving
from vetting.enquiries.models import Enquiry
from vetting.enquiries.rules import EnquiryState
from vetting.errors import Refused
from vetting.identity import services as identity
from vetting.identity.queries import age_of, agreed_by_guardian, draft_of
from vetting.identity.rules import OF_AGE, steps_for
from vetting.routing.ports import RoutePlan
from vetting.routing.queries import plan_for
from vetting.routing.rules import what_is_needed
from vetting.tasks import ring
from vetting.web import words
from vetting.web.applicant.forms import ASKED_FIELDS, FORMS, StepForm, partly
from vetting.web.applicant.wording import wordings_for
from vetting.web.limits import within_limit
from vetting.web.persons import person_rows

PARENTS = {IdentityField.FATHER_NAME, IdentityField.MOTHER_NAME}


def steps_of(case: Case) -> list[tuple[str, bool]]:
    """The steps this applicant walks through, each with whether it is done."""
    draft = draft_of(case)
    needed = what_is_needed(plan_for(case).ask, directory())
    age = age_of(case, localdate())
    steps = steps_for(parents_needed=bool(PARENTS & needed), minor=age is not None and age < OF_AGE)
    return [(step, step in draft) for step in steps]


def _walk(case: Case, current: str) -> list[dict[str, Any]]:
    return [
        {"step": step, "title": FORMS[step].title, "done": done, "current": step == current}
        for step, done in steps_of(case)
    ]


@applicant
@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, step: str, case: Case) -> HttpResponse:
    """One step: saved as soon as it is right, and shown again as it was typed when it is not."""
    if step not in FORMS:
        raise Http404
    if not identity.editable(case):
        return redirect("applicant:home")
    said = draft_of(case).get(step, {})
    form = FORMS[step](request.POST or None, initial=FORMS[step].initial_of(said))
    if request.method == "POST" and form.is_valid():
        if step == "guardian" and not within_limit(request, "revive", str(case.ref)):
            return render(request, "429.html", status=429)
        if _saved(case, step, form):
            following = next((name for name, done in steps_of(case) if not done), None)
            return redirect("applicant:step", following) if following else redirect("applicant:agree")
        if not form.errors:
            return redirect("applicant:home")
    walk = _walk(case, step)
    names = [one["step"] for one in walk]
    place = names.index(step) + 1 if step in names else len(names)
    context = {"case": case, "form": form, "step": step, "walk": walk, "place": place, "total": len(walk)}
    context["back"] = names[place - 2] if place > 1 else ""
    return render(request, "applicant/step.html", context, status=422 if form.is_bound else 200)


def _saved(case: Case, step: str, form: StepForm) -> bool:
    """Keep the step; what is refused while it may still be changed is told in the form."""
    try:
        identity.save_step(case.ref, step=step, said=form.said(), actor=APPLICANT, at=now())
    except Refused as refusal:
        case.refresh_from_db()  # agreed, withdrawn or ended meanwhile, in another tab or by somebody else
        if identity.editable(case):
            form.add_error(None, _(refusal.sentence))
        return False
    return True


def plan_of(route: RoutePlan) -> dict[str, Any]:
    return {"ask": list(route.ask), "documents": list(route.documents), "needs_person": route.needs_person}


def asked_by(route: RoutePlan) -> list[dict[str, Any]]:
    """Who is asked, and why, in the reader's words."""
    groups = (
        ((route.home,), _("Its own register: the State of the organisation")),
        (route.ask, _("You are or were a national of it, or you live or lived there")),
        (route.documents, _("There is no exchange with it: you bring a document")),
    )
    return [{"name": words.state_name(code), "why": why} for codes, why in groups for code in codes]


@applicant
@require_http_methods(["GET", "POST"])
def agree(request: HttpRequest, case: Case) -> HttpResponse:
    """Read everything once more, change it, agree per purpose to the exact words shown, or refuse."""
    if not identity.editable(case):
        return redirect("applicant:home")
    missing = next((name for name, done in steps_of(case) if not done), None)
    if missing:
        return redirect("applicant:step", missing)
    if not agreed_by_guardian(case, now()):
        return redirect("applicant:guardian")
    route = plan_for(case)
    wordings = wordings_for(case, route)
    shown = [
        {
            "wording": one,
            "title": words.CONSENTS[one.purpose],
            "ticked": request.POST.get(one.purpose) == one.digest,
        }
        for one in wordings
    ]
    if request.method == "POST" and all(one["ticked"] for one in shown):
        try:
            consents.grant(case.ref, wordings=wordings, plan=plan_of(route), actor=APPLICANT, at=now())
        except Refused:
            return redirect("applicant:home")
        ring(case.ref)
        messages.success(request, _("Thank you. The organisation is told that it is its turn."))
        return redirect("applicant:home")
    context = {
        "case": case,
        "person": [{**row, "change": reverse("applicant:step", args=[row["step"]])} for row in person_rows(case)],
        "asked": asked_by(route),
        "shown": shown,
        "missing": request.method == "POST",
        "agreed": standing(case, ConsentPurpose.EXCHANGE, now()) is not None and case.state == CaseState.RETURNED,
    }
    return render(request, "applicant/agree.html", context, status=422 if request.method == "POST" else 200)


def _forms_for(enquiry: Enquiry, case: Case, data: Any) -> dict[str, StepForm]:
    answer = enquiry.answer
    draft = draft_of(case)
    fields: dict[str, set[str]] = {}
    for item in answer.items if answer else ():
        if item in ASKED_FIELDS:
            step, names = ASKED_FIELDS[item]
            fields.setdefault(step, set()).update(names)
    return {step: partly(step, names, data, draft.get(step, {})) for step, names in fields.items()}


def _all_valid(forms: dict[str, StepForm]) -> bool:
    """Every form is looked at, so that every mistake is told at once."""
    return [form.is_valid() for form in forms.values()].count(False) == 0


@applicant
@require_http_methods(["GET", "POST"])
def questions(request: HttpRequest, ref: UUID, case: Case) -> HttpResponse:
    """An authority's questions as plain fields, only for the items it asked about."""
    enquiry = Enquiry.objects.filter(ref=ref, case=case, state=EnquiryState.MORE_INFORMATION).first()
    if enquiry is None:
        return redirect("applicant:home")
    forms = _forms_for(enquiry, case, request.POST or None)
    if request.method == "POST" and forms and _all_valid(forms):
        said = {step: form.said() for step, form in forms.items()}
        try:
            receiving.tell_more(enquiry.ref, steps=said, actor=APPLICANT, at=now())
        except Refused:
            messages.warning(request, _("This question was answered already."))
        else:
            ring(case.ref)
            messages.success(request, _("Thank you. Your answer is on its way to the authority."))
        return redirect("applicant:home")
    context = {"case": case, "forms": forms.values(), "state_name": words.state_name(enquiry.asked)}
    return render(request, "applicant/questions.html", context, status=422 if request.method == "POST" else 200)
