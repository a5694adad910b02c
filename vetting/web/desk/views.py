"""The clerks' side: queue, case file, decisions, and a dry run of the routing."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vetting.authorities.access import clerk, clerks_of
from vetting.authorities.queries import directory
from vetting.cases import handling
from vetting.cases import services as cases
from vetting.cases.models import Case
from vetting.cases.rules import CaseState, OpeningReason, ReturnReason
from vetting.enquiries import receiving
from vetting.enquiries import services as enquiries
from vetting.enquiries.models import Enquiry
from vetting.enquiries.rules import AnswerKind
from vetting.outcomes import services as outcomes
from vetting.outcomes.rules import ClearReason, NotClearReason
from vetting.routing.ports import Circumstances
from vetting.routing.queries import plan_for
from vetting.routing.rules import plan
from vetting.tasks import ring
from vetting.web import words
from vetting.web.desk import queries
from vetting.web.desk import words as desk_words
from vetting.web.desk.acting import actor_of, has_opened, tried, user_of
from vetting.web.desk.forms import AnswerForm, AssessForm, OpeningForm, ReturnForm, RouteForm
from vetting.web.desk.waiting import task_of
from vetting.web.persons import person_rows
from vetting.web.routing_words import steps_of
from vetting.web.unsent import keeps_typing


def find_case(states: list[str], ref: UUID) -> Case:
    """The case of one of these home States. Raises Http404, also for an erased one."""
    case = Case.objects.select_related("organisation", "handler").filter(ref=ref, home__in=states).first()
    if case is None or case.state == CaseState.ERASED:
        raise Http404
    return case


@clerk
@require_safe
def case(request: HttpRequest, ref: UUID, states: list[str]) -> HttpResponse:
    """One case on one page; before it, the reason for opening it."""
    found = find_case(states, ref)
    if not has_opened(request, found.ref, "file.open"):
        return render(request, "desk/open.html", {"case": found, "form": OpeningForm(initial={"reason": "decide"})})
    proposal = queries.waiting_proposal(found)
    context: dict[str, Any] = {
        "case": found,
        "state_text": desk_words.CASE_STATES[found.state],
        "activity": words.ACTIVITIES[found.activity],
        "role": words.ROLES[found.role],
        "opened": words.day(found.opened_at),
        "asked_about": words.day(found.escalated_at),
        "person": person_rows(found),
        "enquiries": queries.enquiry_rows(found, localdate()),
        "route": plan_for(found) if found.state == CaseState.SUBMITTED else None,
        "task": task_of(found),
        "return_form": ReturnForm(),
        "answer_form": AnswerForm(),
        "assess_form": AssessForm(),
        "proposal": proposal,
        "proposal_reason": desk_words.NOT_CLEAR_REASONS.get(proposal.reason, "") if proposal else "",
        "may_confirm": proposal is not None and proposal.proposed_by_id != user_of(request).pk,
        "mine": found.handler_id == user_of(request).pk,
        "colleagues": clerks_of(found.home).exclude(pk=user_of(request).pk),
        "disputed": found.disputes.filter(closed_at=None).exists(),
    }
    context["turn"] = queries.turn_of(
        found, context["enquiries"], confirms=context["may_confirm"] if proposal else None
    )
    if context["route"]:
        context["steps"] = steps_of(context["route"])
        context["ask_names"] = words.state_names(context["route"].ask)
        context["document_names"] = words.state_names(context["route"].documents)
    return render(request, "desk/case.html", context)


@clerk
@keeps_typing
@require_POST
def open_file(request: HttpRequest, ref: UUID, states: list[str]) -> HttpResponse:
    """Say why, then read."""
    found = find_case(states, ref)
    form = OpeningForm(request.POST)
    if not form.is_valid():
        return render(request, "desk/open.html", {"case": found, "form": form}, status=422)
    reason = OpeningReason(form.cleaned_data["reason"])
    handling.open_file(found.ref, reason=reason, user=user_of(request), actor=actor_of(request), at=now())
    return redirect("desk:case", ref)


def act_on(request: HttpRequest, case: Case, act: Callable[[], object], done: str) -> HttpResponse:
    """Do one thing to an opened file; a refusal becomes its sentence."""
    if has_opened(request, case.ref, "file.open") and tried(request, act, done):
        ring(case.ref)
    return redirect("desk:case", case.ref)


@clerk
@require_POST
def accept(request: HttpRequest, ref: UUID, states: list[str]) -> HttpResponse:
    """Accept the case: the authorities are asked."""
    found, actor = find_case(states, ref), actor_of(request)
    done = _("Accepted. The authorities are asked now.")
    return act_on(request, found, lambda: enquiries.accept(ref, actor=actor, at=now()), done)


@clerk
@require_POST
def give_back(request: HttpRequest, ref: UUID, states: list[str]) -> HttpResponse:
    """Return the case with a reason."""
    found, actor, form = find_case(states, ref), actor_of(request), ReturnForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a reason for returning the case."))
        return redirect("desk:case", ref)
    reason = ReturnReason(form.cleaned_data["reason"])
    done = _("Returned with the reason.")
    return act_on(request, found, lambda: cases.return_case(ref, reason=reason, actor=actor, at=now()), done)


@clerk
@require_POST
def answer(request: HttpRequest, ref: UUID, enquiry: UUID, states: list[str]) -> HttpResponse:
    """Answer for the own register, or for a document that was shown."""
    found, actor, form = find_case(states, ref), actor_of(request), AnswerForm(request.POST)
    if not form.is_valid() or not Enquiry.objects.filter(ref=enquiry, case=found).exists():
        messages.error(request, _("Choose what the register or the document says."))
        return redirect("desk:case", ref)
    kind = AnswerKind(form.cleaned_data["kind"])
    done = _("The answer is recorded.")
    return act_on(request, found, lambda: receiving.answer_at_desk(enquiry, kind=kind, actor=actor, at=now()), done)


@clerk
@require_POST
def stop(request: HttpRequest, ref: UUID, enquiry: UUID, states: list[str]) -> HttpResponse:
    """Stop waiting for an authority. Silence stays silence."""
    found, actor = find_case(states, ref), actor_of(request)
    if not Enquiry.objects.filter(ref=enquiry, case=found).exists():
        raise Http404
    done = _("This authority is no longer waited for.")
    return act_on(request, found, lambda: receiving.stop_waiting(enquiry, actor=actor, at=now()), done)


@clerk
@require_POST
def assess(request: HttpRequest, ref: UUID, states: list[str]) -> HttpResponse:
    """Decide, or propose what a second clerk confirms."""
    found, actor, form = find_case(states, ref), actor_of(request), AssessForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a decision and its reason."))
        return redirect("desk:case", ref)
    word = form.cleaned_data["reason"]
    reason = ClearReason(word) if word in set(ClearReason) else NotClearReason(word)
    clear = isinstance(reason, ClearReason)
    done = _("Decided: a certificate is issued.") if clear else _("Proposed. Another clerk confirms it.")
    user = user_of(request)
    return act_on(
        request, found, lambda: outcomes.assess(ref, reason=reason, user=user, actor=actor, at=now()), done
    )  # fmt: skip


@clerk
@require_POST
def confirm(request: HttpRequest, ref: UUID, states: list[str]) -> HttpResponse:
    """The second clerk confirms."""
    found, actor, user = find_case(states, ref), actor_of(request), user_of(request)
    return act_on(request, found, lambda: outcomes.confirm(ref, user=user, actor=actor, at=now()), _("Confirmed."))


@clerk
@require_POST
def send_back(request: HttpRequest, ref: UUID, states: list[str]) -> HttpResponse:
    """The proposal is dropped; the case is assessed anew."""
    found, actor = find_case(states, ref), actor_of(request)
    done = _("The proposal was dropped.")
    return act_on(request, found, lambda: outcomes.send_back(ref, actor=actor, at=now()), done)


@clerk
@keeps_typing
@require_http_methods(["GET", "POST"])
def route(request: HttpRequest, states: list[str]) -> HttpResponse:
    """Who would be asked and why, step by step, for made-up circumstances."""
    form = RouteForm(request.POST or None, homes=states)
    explained = None
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        explained = plan(
            Circumstances(
                home=said["home"],
                nationalities=tuple(said["nationalities"]),
                former_nationalities=tuple(said["former_nationalities"]),
                residence=said["residence"] or None,
                past_residences=tuple(said["past_residences"]),
                consent=True,
                tcn_live=said["tcn_live"],
            ),
            directory(),
        )
    context: dict[str, Any] = {"form": form, "route": explained}
    if explained:
        context["steps"] = steps_of(explained)
        context["ask_names"] = words.state_names(explained.ask)
        context["document_names"] = words.state_names(explained.documents)
    return render(request, "desk/route.html", context)
