"""The organisation's side: open, confirm and submit, look. It never learns more than one of five words."""

from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vetting.audit.ports import Actor
from vetting.cases import services as cases
from vetting.cases.models import Case
from vetting.cases.queries import Contact, contact_of
from vetting.cases.rules import ACTIVITIES, OrganisationWord, RoleKind
from vetting.certificates.queries import share_with_asker, shared_cases, standing_of
from vetting.errors import Refused
from vetting.identity import services as identity
from vetting.identity.queries import person_of, version_of
from vetting.identity.rules import full_name
from vetting.keys.models import KeyGone
from vetting.organisations.access import member
from vetting.organisations.models import User
from vetting.tasks import ring
from vetting.web import words
from vetting.web.organisation.forms import OpenCaseForm, SubmitForm

PAGE = 25
LONGEST_NUMBER = 18


def _actor(request: HttpRequest) -> Actor:
    assert isinstance(request.user, User)
    return Actor("member", str(request.user.ref))


def _find(organisations: list[int], ref: UUID) -> Case:
    case = Case.objects.of(organisations).select_related("organisation").filter(ref=ref).first()
    if case is None:
        raise Http404
    return case


def _name(case: Case) -> str:
    if localdate() >= case.ends_on:  # on that day for every case: when a file is erased depends on what happened to it
        return ""
    try:
        contact = contact_of(case)
    except KeyGone:
        return ""
    return f"{contact.given_name} {contact.surname}"


def _row(case: Case, shared: bool) -> dict[str, Any]:
    word = case.word_for_organisation(localdate(), shared=shared)
    return {
        "case": case,
        "name": _name(case),
        "activity": words.ACTIVITIES[case.activity],
        "word": word,
        "word_text": words.ORGANISATION_WORDS[word],
        "opened": words.day(case.opened_at),
        "closes": words.day(case.closes_on),
        "your_turn": word is OrganisationWord.WITH_YOU,
    }


@member
@require_safe
def home(request: HttpRequest, organisations: list[int]) -> HttpResponse:
    """Every case, newest first, with whose turn it is."""
    newest = Case.objects.of(organisations).select_related("organisation").order_by("-opened_at", "-pk")
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) <= LONGEST_NUMBER:
        newest = newest.filter(pk__lt=int(before))
    page = list(newest[: PAGE + 1])
    shared = shared_cases([case.pk for case in page])
    rows = [_row(case, case.pk in shared) for case in page[:PAGE]]
    more = page[PAGE - 1].pk if len(page) > PAGE else None
    return render(request, "organisation/home.html", {"rows": rows, "more": more, "first_page": not before})


@member
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, organisations: list[int]) -> HttpResponse:
    """Open a vetting request; an activity outside Article 10(2) stops here, with the rule quoted."""
    initial = {"language": settings.LANGUAGE_CODE, "role": RoleKind.VOLUNTARY, "once": uuid4()}
    form = OpenCaseForm(request.POST or None, organisations=organisations, initial=initial)
    if request.method != "POST" or not form.is_valid():
        return render(request, "organisation/new.html", {"form": form}, status=422 if form.is_bound else 200)
    said = form.cleaned_data
    if not ACTIVITIES[said["activity"]].eligible:
        activity = words.ACTIVITIES[said["activity"]]
        return render(request, "organisation/not_eligible.html", {"form": form, "activity": activity}, status=422)
    assert isinstance(request.user, User)
    try:
        case = cases.open_case(
            said["organisation"],
            ref=said["once"],
            activity=said["activity"],
            role=RoleKind(said["role"]),
            contact=Contact(given_name=said["given_name"], surname=said["surname"], email=said["email"]),
            language=said["language"],
            user=request.user,
            actor=_actor(request),
            at=now(),
        )
    except Refused as refusal:
        messages.warning(request, _(refusal.sentence))
        return redirect("organisation:new")
    ring(case.ref)
    messages.success(request, _("The invitation is on its way to the applicant."))
    return redirect("organisation:case", case.ref)


def _seen_details(case: Case) -> dict[str, str]:
    """What the organisation compares with the document: current name, birth date, document. No former name."""
    person = person_of(case)
    document = person.document
    assert document is not None
    date = person.birth_date
    return {
        "name": full_name(person),
        "birth_date": words.partial_day((date.year, date.month, date.day)),
        "document": str(words.DOCUMENT_KINDS[document.kind]),
        "number": document.number,
        "version": str(version_of(case)),
    }


@member
@require_safe
def case(request: HttpRequest, ref: UUID, organisations: list[int]) -> HttpResponse:
    """One case on one page: whose turn it is, what happens next, and what this organisation may do."""
    return _page(request, _find(organisations, ref), SubmitForm())


def _page(request: HttpRequest, found: Case, form: SubmitForm) -> HttpResponse:
    share = share_with_asker(found)
    row = _row(found, share is not None)
    details = _seen_details(found) if row["your_turn"] else None
    context = {
        **row,
        "role": words.ROLES[found.role],
        "purpose": words.PURPOSES[found.purpose],
        "details": details,
        "form": form,
        "reason": words.RETURN_REASONS.get(found.return_reason, "") if row["your_turn"] else "",
        "certificate": share.certificate if share else None,
        "standing": standing_of(share.certificate, localdate()) if share else None,
        "valid_until": words.day(share.certificate.valid_until) if share else "",
        "may_end": row["word"] not in (OrganisationWord.SHARED, OrganisationWord.CLOSED),
        "may_invite": row["word"] is OrganisationWord.WITH_APPLICANT,
    }
    return render(request, "organisation/case.html", context, status=422 if form.is_bound else 200)


@member
@require_http_methods(["GET", "POST"])
def submit(request: HttpRequest, ref: UUID, organisations: list[int]) -> HttpResponse:
    """Confirm the document and submit. A second click finds that it is done."""
    found = _find(organisations, ref)
    if request.method != "POST":  # somebody came back to the page of an unticked box
        return redirect("organisation:case", ref)
    form = SubmitForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form)
    assert isinstance(request.user, User)
    typed = request.POST.get("version", "")
    version = int(typed) if typed.isdecimal() and len(typed) <= LONGEST_NUMBER else 0
    try:
        identity.submit(found.ref, version=version, user=request.user, actor=_actor(request), at=now())
    except Refused as refusal:
        messages.warning(request, _(refusal.sentence) if refusal.sentence else _("Nothing was changed."))
    else:
        ring(found.ref)
        messages.success(request, _("Submitted. The authority takes over now."))
    return redirect("organisation:case", ref)


@member
@require_POST
def invite_again(request: HttpRequest, ref: UUID, organisations: list[int]) -> HttpResponse:
    """Send the applicant a fresh link."""
    found = _find(organisations, ref)
    share = share_with_asker(found) is not None
    if found.word_for_organisation(localdate(), shared=share) is OrganisationWord.WITH_APPLICANT:
        cases.revive_link(found.ref, actor=_actor(request), at=now())
        messages.success(request, _("A new invitation is on its way to the applicant."))
    return redirect("organisation:case", ref)


@member
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, ref: UUID, organisations: list[int]) -> HttpResponse:
    """End the organisation's interest, after a confirmation. It looks the same whatever stage the case is in."""
    found = _find(organisations, ref)
    if request.method != "POST":
        return render(request, "organisation/end.html", {"case": found, "name": _name(found)})
    try:
        cases.leave(found.ref, actor=_actor(request), at=now())
    except Refused:
        messages.warning(request, _("This vetting request is closed already."))
    else:
        ring(found.ref)
        messages.success(request, _("The vetting request is closed."))
    return redirect("organisation:case", ref)
