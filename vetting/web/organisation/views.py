"""The organisation's side: open, confirm and submit, look. It never learns more than one of five words."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vetting.audit.ports import Actor
from vetting.cases import handling
from vetting.cases import services as cases
from vetting.cases.models import Case
from vetting.cases.queries import Contact, undelivered, waiting_for
from vetting.cases.rules import ACTIVITIES, OrganisationWord, RoleKind, tidy_reference
from vetting.certificates.models import Share
from vetting.certificates.queries import answered_earlier, contents_of, share_seen, shared_cases, standing_of_share
from vetting.errors import Refused
from vetting.identity import services as identity
from vetting.identity.queries import person_of, version_of
from vetting.identity.rules import full_name
from vetting.keys.models import KeyGone
from vetting.organisations.access import member, organisations_of, submitter
from vetting.organisations.models import User
from vetting.organisations.queries import off_among
from vetting.roster.models import Seat
from vetting.roster.queries import arranged_for, person_at, seats_of
from vetting.statistics.queries import ranges_for
from vetting.tasks import ring
from vetting.web import words
from vetting.web.organisation.forms import InterimForm, OpenCaseForm, SubmitForm
from vetting.web.organisation.rows import name_of, row_of, rows_of
from vetting.web.organisation.words import ARRANGEMENTS
from vetting.web.unsent import keeps_typing

PAGE = 25
LONGEST_NUMBER = 18


def user_of(request: HttpRequest) -> User:
    """The secretary."""
    assert isinstance(request.user, User)
    return request.user


def actor_of(request: HttpRequest) -> Actor:
    """The secretary as the record names them."""
    return Actor("member", str(user_of(request).ref))


def find_case(organisations: list[int], ref: UUID) -> Case:
    case = Case.objects.of(organisations).select_related("organisation__parent").filter(ref=ref).first()
    if case is None:
        raise Http404
    return case


@member
@require_safe
def home(request: HttpRequest, organisations: list[int]) -> HttpResponse:
    """Every case, newest first, with whose turn it is; on the first page, before it, those that wait for you."""
    wanted = tidy_reference(request.GET.get("reference", ""))
    if wanted:
        known = Case.objects.of(organisations).filter(reference=wanted).first()
        if known is not None:
            return redirect("organisation:case", known.ref)
        messages.warning(request, _("You have no vetting request with that reference."))
    today = localdate()
    newest = Case.objects.of(organisations).select_related("organisation").order_by("-opened_at", "-pk")
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) <= LONGEST_NUMBER:
        newest = newest.filter(pk__lt=int(before))
    page = list(newest[: PAGE + 1])
    acts = set(organisations_of(user_of(request), "handle_cases"))
    yours = [] if before else list(waiting_for(sorted(acts), today))
    shared = shared_cases([case.pk for case in page])
    context = {
        "acts": bool(acts),
        "off": off_among(organisations) if len(acts) < len(organisations) else [],
        "yours": rows_of(yours, set(), today, acts),
        "rows": rows_of(page[:PAGE], shared, today, acts),
        "more": page[PAGE - 1].pk if len(page) > PAGE else None,
        "first_page": not before,
    }
    return render(request, "organisation/home.html", context)


def _ref(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None


def _again(seat: Seat) -> dict[str, str]:
    """What is known of somebody whose certificate ends: they are asked anew, and agree anew."""
    case = seat.share.certificate.case
    return {**vars(person_at(seat)), "activity": case.activity, "role": case.role, "language": case.language}


@submitter
@keeps_typing
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, organisations: list[int]) -> HttpResponse:
    """Open a vetting request; an activity outside Article 10(2) stops here, with the rule quoted."""
    typed = _ref(request.GET.get("again", ""))
    again = seats_of(organisations).filter(ref=typed).first() if typed else None
    initial = {"once": uuid4(), **(_again(again) if again else {})}
    form = OpenCaseForm(request.POST or None, organisations=organisations, initial=initial)
    if request.method != "POST" or not form.is_valid():
        return render(request, "organisation/new.html", {"form": form}, status=422 if form.is_bound else 200)
    said = form.cleaned_data
    if not ACTIVITIES[said["activity"]].eligible:
        activity = words.ACTIVITIES[said["activity"]]
        return render(request, "organisation/not_eligible.html", {"form": form, "activity": activity}, status=422)
    try:
        case = cases.open_case(
            said["organisation"],
            ref=said["once"],
            activity=said["activity"],
            role=RoleKind(said["role"]),
            contact=Contact(given_name=said["given_name"], surname=said["surname"], email=said["email"]),
            language=said["language"],
            user=user_of(request),
            actor=actor_of(request),
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
    return _page(request, find_case(organisations, ref), SubmitForm())


def _holder(share: Share) -> dict[str, str] | None:
    """Whom an earlier certificate names, for the document that was not looked at this time; None once it is erased."""
    try:
        said = contents_of(share.certificate)
    except KeyGone:
        return None
    return {"name": said.holder_name, "birth_date": words.partial_day([*map(int, said.holder_birth_date.split("-"))])}


def _page(request: HttpRequest, found: Case, form: SubmitForm) -> HttpResponse:
    share = share_seen(found)
    acts = found.organisation_id in organisations_of(user_of(request), "handle_cases")
    row = row_of(found, share is not None, ranges_for([found]).get(found.pk), localdate(), acts=acts)
    seen = share is not None and Seat.objects.filter(share=share).exists()
    noting = acts and not seen and localdate() < found.ends_on
    arranged = sorted(arranged_for(found)) if noting else []
    details = _seen_details(found) if row["your_turn"] and acts else None
    context = {
        **row,
        "role": words.ROLES[found.role],
        "purpose": words.PURPOSES[found.purpose],
        "details": details,
        "form": form,
        "reason": words.RETURN_REASONS.get(found.return_reason, "") if row["your_turn"] else "",
        "came_back": found.pk in undelivered([found]),
        "may_see": acts and share is not None and not seen,
        "interim": InterimForm(initial={"arrangements": arranged}) if noting else None,
        "arranged": [ARRANGEMENTS[code] for code in arranged],
        "certificate": share.certificate if share else None,
        "standing": standing_of_share(share, localdate()) if share else None,
        "valid_until": words.day(share.certificate.valid_until) if share else "",
        "holder": _holder(share) if share and answered_earlier(share) else None,
        "may_end": acts and row["word"] not in (OrganisationWord.SHARED, OrganisationWord.CLOSED),
    }
    return render(request, "organisation/case.html", context, status=422 if form.is_bound else 200)


@submitter
@keeps_typing
@require_http_methods(["GET", "POST"])
def submit(request: HttpRequest, ref: UUID, organisations: list[int]) -> HttpResponse:
    """Confirm the document and submit. A second click finds that it is done."""
    found = find_case(organisations, ref)
    if request.method != "POST":  # somebody came back to the page of an unticked box
        return redirect("organisation:case", ref)
    form = SubmitForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form)
    typed = request.POST.get("version", "")
    version = int(typed) if typed.isdecimal() and len(typed) <= LONGEST_NUMBER else 0
    try:
        identity.submit(found.ref, version=version, user=user_of(request), actor=actor_of(request), at=now())
    except Refused as refusal:
        messages.warning(request, _(refusal.sentence) if refusal.sentence else _("Nothing was changed."))
    else:
        ring(found.ref)
        messages.success(request, _("Submitted. The authority takes over now."))
    return redirect("organisation:case", ref)


@submitter
@require_POST
def invite_again(request: HttpRequest, ref: UUID, organisations: list[int]) -> HttpResponse:
    """Send the applicant a fresh link."""
    found = find_case(organisations, ref)
    share = share_seen(found) is not None
    if found.word_for_organisation(localdate(), shared=share) is OrganisationWord.WITH_APPLICANT:
        cases.revive_link(found.ref, actor=actor_of(request), at=now())
        messages.success(request, _("A new invitation is on its way to the applicant."))
    return redirect("organisation:case", ref)


@submitter
@require_POST
def escalate(request: HttpRequest, ref: UUID, organisations: list[int]) -> HttpResponse:
    """Ask after a case that takes longer than expected. It looks the same whether there is a result or not."""
    found = find_case(organisations, ref)
    shared = share_seen(found) is not None
    row = row_of(found, shared, ranges_for([found]).get(found.pk), localdate(), acts=True)
    if row.get("may_escalate"):
        handling.escalate(found.ref, actor=actor_of(request), at=now())
        messages.success(request, _("The authority sees that you asked. You need to do nothing else."))
    return redirect("organisation:case", ref)


@submitter
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, ref: UUID, organisations: list[int]) -> HttpResponse:
    """End the organisation's interest, after a confirmation. It looks the same whatever stage the case is in."""
    found = find_case(organisations, ref)
    if request.method != "POST":
        return render(request, "organisation/end.html", {"case": found, "name": name_of(found, localdate())})
    try:
        cases.leave(found.ref, actor=actor_of(request), at=now())
    except Refused:
        messages.warning(request, _("This vetting request is closed already."))
    else:
        ring(found.ref)
        messages.success(request, _("The vetting request is closed."))
    return redirect("organisation:case", ref)
