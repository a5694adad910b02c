"""Questions of other States: the queue, one question beside the register, and what is answered."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from vetting.enquiries.ports import Item
from vetting.errors import Refused, Unavailable, Unusable
from vetting.identity.ports import Person
from vetting.questions import services
from vetting.questions.access import home_clerk
from vetting.questions.gateways import register
from vetting.questions.models import Question
from vetting.questions.ports import Candidate
from vetting.questions.queries import person_asked
from vetting.questions.rules import OpeningReason, QuestionState, answers_offered
from vetting.web.desk import question_rows as rows
from vetting.web.desk.acting import actor_of, has_opened, say_refused, tried, user_of
from vetting.web.desk.forms import AskBackForm, QuestionOpeningForm, ReplyForm
from vetting.web.persons import rows_of
from vetting.web.unsent import keeps_typing

SEARCHED = (QuestionState.WAITING, QuestionState.PROPOSED)
"""While an answer is being found, and not longer, the register is searched for the person."""


def _find(ref: UUID) -> Question:
    found = Question.objects.select_related("handler", "proposed_by").filter(ref=ref).first()
    if found is None or found.state == QuestionState.ERASED:
        raise Http404
    return found


def _searched(question: Question, person: Person) -> tuple[Candidate, ...]:
    """Whom the register knows now; nobody where it may not be searched. Raises Unavailable, Unusable."""
    if services.trouble_of(question) or question.state not in SEARCHED:
        return ()
    return register().search(person)


@home_clerk
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """What other States wait for, oldest due first; the id of a message jumps to its question."""
    wanted = "".join(request.GET.get("message", "").split()).upper()
    if wanted:
        found = rows.named(wanted)
        if found is not None:
            return redirect("desk:question", found.ref)
        messages.warning(request, _("No question on this desk has a message of that id."))
    today = localdate()
    waiting = [rows.queue_row(question, today) for question in rows.queue_of()]
    lost = [rows.queue_row(question, today) for question in rows.undelivered()]
    context = {"rows": waiting, "lost": lost, "late": sum(row["late"] for row in waiting), "most": rows.PAGE}
    return render(request, "desk/questions.html", context)


@home_clerk
@require_safe
def question(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One question on one page; before it, the reason for opening it."""
    found = _find(ref)
    if not has_opened(request, found.ref, "question.open"):
        return _opening(request, found, QuestionOpeningForm(initial={"reason": "answer"}))
    return _page(request, found)


def _opening(request: HttpRequest, found: Question, form: QuestionOpeningForm, status: int = 200) -> HttpResponse:
    context = {"facts": rows.queue_row(found, localdate()), "question": found, "form": form}
    return render(request, "desk/question_open.html", context, status=status)


def _page(
    request: HttpRequest, found: Question, *, typed: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """The question beside the register. `typed` is what was chosen and did not go through."""
    trouble, person = services.trouble_of(found), person_asked(found)
    candidates: tuple[Candidate, ...] = ()
    down = False
    try:
        candidates = _searched(found, person)
    except (Unavailable, Unusable):
        down, status = True, 503
    offered = answers_offered(trouble, candidates)
    history = rows.history_of(found)
    proposed = found.state == QuestionState.PROPOSED
    context: dict[str, Any] = {
        "question": found,
        "facts": rows.facts_of(found, localdate()),
        "turn": rows.turn_of(found, user_of(request), trouble),
        "trouble": trouble,
        "down": down,
        "searched": not trouble and not down and found.state in SEARCHED,
        "person": rows_of(person),
        "candidates": rows.candidate_rows(person, candidates),
        "reply_form": ReplyForm(typed, offered=offered, auto_id="reply_%s"),
        "ask_form": AskBackForm(auto_id="ask_%s"),
        "may_confirm": proposed and found.proposed_by_id != user_of(request).pk and not down,
        "history": history,
        "not_taken": any(row["tone"] == "danger" for row in history),
    }
    if typed is not None:
        context["form"] = context["reply_form"]  # the title and the summary of the page say what is wrong
    return render(request, "desk/question.html", context, status=status)


@home_clerk
@keeps_typing
@require_POST
def open_question(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Say why, then read."""
    found, form = _find(ref), QuestionOpeningForm(request.POST)
    if not form.is_valid():
        return _opening(request, found, form, status=422)
    reason = OpeningReason(form.cleaned_data["reason"])
    services.open_question(ref, reason=reason, user=user_of(request), actor=actor_of(request), at=now())
    return redirect("desk:question", ref)


def _act(request: HttpRequest, question: Question, act: Callable[[], object], done: str) -> HttpResponse:
    if has_opened(request, question.ref, "question.open"):
        tried(request, act, done)
    return redirect("desk:question", question.ref)


@home_clerk
@keeps_typing
@require_POST
def answer(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Answer from what may be answered now: the register is searched again, whatever the page showed."""
    found = _find(ref)
    if not has_opened(request, ref, "question.open"):
        return redirect("desk:question", ref)
    try:
        candidates = _searched(found, person_asked(found))
    except (Unavailable, Unusable):
        return _page(request, found, typed=request.POST.dict(), status=503)
    form = ReplyForm(request.POST, offered=answers_offered(services.trouble_of(found), candidates))
    if not form.is_valid():
        return _page(request, found, typed=request.POST.dict(), status=422)
    user, actor = user_of(request), actor_of(request)
    try:
        answered = services.answer(ref, form.chosen, candidates=candidates, user=user, actor=actor, at=now())
    except Refused as refusal:
        say_refused(request, refusal)
        return _page(request, _find(ref), typed=request.POST.dict(), status=422)
    two = answered.state == QuestionState.PROPOSED
    messages.success(
        request, _("Proposed. Another clerk confirms it.") if two else _("Answered. The answer is on its way.")
    )
    return redirect("desk:question", ref)


@home_clerk
@require_POST
def confirm(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The second clerk confirms what the register, searched again, still bears out."""
    found = _find(ref)
    if not has_opened(request, ref, "question.open"):
        return redirect("desk:question", ref)
    try:
        candidates = _searched(found, person_asked(found))
    except (Unavailable, Unusable):
        return _page(request, found, status=503)
    user, actor = user_of(request), actor_of(request)
    done = _("Confirmed. The answer is on its way.")
    return _act(
        request, found, lambda: services.confirm(ref, candidates=candidates, user=user, actor=actor, at=now()), done
    )


@home_clerk
@require_POST
def drop(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The proposal is dropped; the question is looked at anew."""
    found, actor = _find(ref), actor_of(request)
    return _act(request, found, lambda: services.drop(ref, actor=actor, at=now()), _("The proposal was dropped."))


@home_clerk
@require_POST
def ask_back(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Ask the other State for what is missing."""
    found, actor, form = _find(ref), actor_of(request), AskBackForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose what is missing."))
        return redirect("desk:question", ref)
    items = tuple(Item(word) for word in form.cleaned_data["items"])
    done = _("Asked. The clock stops until they tell us more.")
    return _act(request, found, lambda: services.ask_back(ref, items, actor=actor, at=now()), done)


@home_clerk
@require_POST
def correct(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Take back an answer that was sent; another one is found."""
    found, actor = _find(ref), actor_of(request)
    done = _("The answer was taken back. Find the right one now.")
    return _act(request, found, lambda: services.correct(ref, actor=actor, at=now()), done)


@home_clerk
@require_POST
def send_again(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Send once more what the other side never took."""
    found, actor = _find(ref), actor_of(request)
    done = _("It is being sent again.")
    return _act(request, found, lambda: services.send_again(ref, actor=actor, at=now()), done)
