"""Who works at an organisation, its branches, and whether it takes two to submit."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from vetting.errors import Refused
from vetting.organisations import services
from vetting.organisations.access import manager, people_of
from vetting.organisations.models import Organisation
from vetting.organisations.rules import Role
from vetting.web.limits import within_limit
from vetting.web.organisation import words
from vetting.web.organisation.forms import BranchForm, PersonForm
from vetting.web.organisation.invitations import invite_by_mail
from vetting.web.organisation.views import actor_of, user_of
from vetting.web.unsent import keeps_typing


def _find(organisations: list[int], ref: UUID) -> Organisation:
    found = Organisation.objects.filter(pk__in=organisations, ref=ref).first()
    if found is None:
        raise Http404
    return found


@manager
@require_safe
def people(request: HttpRequest, organisations: list[int]) -> HttpResponse:
    """Everybody at every organisation that this manager decides about."""
    return _page(request, organisations, PersonForm(initial={"role": Role.SUBMITTER}), BranchForm(), None)


def _page(
    request: HttpRequest, organisations: list[int], person: PersonForm, branch: BranchForm, wrong: Organisation | None
) -> HttpResponse:
    places = []
    mine = Organisation.objects.select_related("provider", "parent").filter(pk__in=organisations)
    for one in mine.order_by("parent__name", "name"):
        rows = [
            {"user": user, "role": role.value, "role_text": words.MEMBER_ROLES[role], "you": user == request.user}
            for role in Role
            for user in people_of(one, role).order_by("last_name", "first_name", "pk")
        ]
        forms = (person, branch) if one == wrong else (PersonForm(initial={"role": Role.SUBMITTER}), BranchForm())
        places.append({"organisation": one, "people": rows, "person_form": forms[0], "branch_form": forms[1]})
    context = {"places": places, "roles": words.MEMBER_ROLES.items(), "base_url": settings.BASE_URL}
    return render(request, "organisation/people.html", context, status=422 if wrong else 200)


@manager
@keeps_typing
@require_POST
def invite(request: HttpRequest, ref: UUID, organisations: list[int]) -> HttpResponse:
    """Give somebody a role; who has no password yet gets a mail with which to choose one."""
    place, form = _find(organisations, ref), PersonForm(request.POST)
    if not form.is_valid():
        return _page(request, organisations, form, BranchForm(), place)
    if not within_limit(request, "invite", str(user_of(request).ref)):
        form.add_error(None, _("This was tried too often. Wait a few minutes, then send it again."))
        return _page(request, organisations, form, BranchForm(), place)
    said, role = form.cleaned_data, Role(form.cleaned_data["role"])
    names = {"first_name": said["first_name"], "last_name": said["last_name"]}
    try:
        user = services.invite(place, email=said["email"], **names, role=role, actor=actor_of(request), at=now())
    except Refused as refusal:
        messages.warning(request, _(refusal.sentence))
        return redirect("organisation:people")
    messages.success(request, _("%(name)s works here now.") % {"name": f"{said['first_name']} {said['last_name']}"})
    if not user.has_usable_password():
        if invite_by_mail(user, place):
            messages.success(request, _("%(name)s gets a mail with which to choose a password.") % {"name": user})
        else:  # inviting once more writes once more
            messages.warning(request, _("The mail could not be sent. Invite the same person again in a while."))
    return redirect("organisation:people")


@manager
@require_POST
def change(request: HttpRequest, ref: UUID, user: UUID, organisations: list[int]) -> HttpResponse:
    """Another role for somebody, or none."""
    place = _find(organisations, ref)
    found = next((one for role in Role for one in people_of(place, role) if one.ref == user), None)
    wanted = request.POST.get("role", "")
    if found is None or wanted not in {*Role, "none"}:
        raise Http404
    actor, at = actor_of(request), now()
    try:
        if wanted == "none":
            services.remove(place, user=found, actor=actor, at=at)
            messages.success(request, _("%(name)s no longer works here.") % {"name": found})
        else:
            services.change_role(place, user=found, role=Role(wanted), actor=actor, at=at)
            messages.success(request, _("Saved."))
    except Refused as refusal:
        messages.warning(request, _(refusal.sentence))
    gone = found == user_of(request) and wanted != Role.MANAGER
    return redirect("start" if gone else "organisation:people")


@manager
@keeps_typing
@require_POST
def branch(request: HttpRequest, ref: UUID, organisations: list[int]) -> HttpResponse:
    """Open a branch."""
    place, form = _find(organisations, ref), BranchForm(request.POST)
    if not form.is_valid():
        return _page(request, organisations, PersonForm(), form, place)
    try:
        services.open_branch(place, name=form.cleaned_data["name"], actor=actor_of(request), at=now())
    except Refused as refusal:
        messages.warning(request, _(refusal.sentence))
    else:
        messages.success(request, _("Saved."))
    return redirect("organisation:people")


@manager
@require_POST
def two(request: HttpRequest, ref: UUID, organisations: list[int]) -> HttpResponse:
    """Switch submitting by two people on or off."""
    place = _find(organisations, ref)
    services.ask_two(place, two=request.POST.get("two") == "yes", actor=actor_of(request), at=now())
    messages.success(request, _("Saved."))
    return redirect("organisation:people")
