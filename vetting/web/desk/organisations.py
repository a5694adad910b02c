"""A supervisor looks after the organisations of their State: who there is, who waits, who may begin something."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vetting.authorities.access import supervisor
from vetting.organisations import services
from vetting.organisations.access import managers_of, numbers_of_people, people_of
from vetting.organisations.models import Organisation, User
from vetting.organisations.rules import Role
from vetting.web.desk import organisation_rows as rows
from vetting.web.desk.acting import actor_of, tried
from vetting.web.desk.forms import AppointForm, NewOrganisationForm, RenameForm
from vetting.web.organisation.invitations import invite_by_mail, write


@supervisor
@require_safe
def organisations(request: HttpRequest, states: list[str]) -> HttpResponse:
    """Those that wait, then all by name."""
    typed = " ".join(request.GET.get("name", "").split())[:200]
    after = request.GET.get("after", "")
    page, more = rows.page_of(rows.found(states, typed), after)
    context = {
        "rows": rows.rows_of(page),
        "more": more,
        "typed": typed,
        "first_page": not after,
        "waiting": rows.waiting(states) if not (typed or after) else [],
        "several": len(states) > 1,
        "most": rows.PAGE,
    }
    return render(request, "desk/organisations.html", context)


@supervisor
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, states: list[str]) -> HttpResponse:
    """An organisation with its first manager, who gets a mail with which to choose a password."""
    form = NewOrganisationForm(request.POST or None, states=states, initial={"once": uuid4()})
    if request.method != "POST" or not form.is_valid():
        return render(request, "desk/organisation_new.html", {"form": form}, status=422 if form.is_bound else 200)
    said = form.cleaned_data
    person = {name: said[name] for name in ("email", "first_name", "last_name")}
    place = services.add_organisation(
        ref=said["once"], name=said["name"], state=said["state"], **person, actor=actor_of(request), at=now()
    )
    messages.success(request, _("%(name)s is here now.") % {"name": place.name})
    for manager in managers_of(place):
        _invite(request, manager, place)
    return redirect("desk:organisation", place.ref)


def _find(states: list[str], ref: UUID) -> Organisation:
    found = Organisation.objects.filter(ref=ref, state__in=states).select_related("parent").first()
    if found is None:
        raise Http404
    return found


@supervisor
@require_safe
def organisation(request: HttpRequest, ref: UUID, states: list[str]) -> HttpResponse:
    """One organisation or branch, and what can be done about it."""
    place = _find(states, ref)
    return _page(request, place, RenameForm(initial={"name": place.name}), AppointForm())


def _page(request: HttpRequest, place: Organisation, named: RenameForm, person: AppointForm) -> HttpResponse:
    managers = rows.manager_rows(place)
    own = set(people_of(place, Role.MANAGER).values_list("pk", flat=True))
    context = {
        "one": place,
        "people": numbers_of_people([place]).get(place.pk, 0),
        "managers": [{**row, "own": row["user"].pk in own} for row in managers],
        "may_appoint": not any(row["came"] for row in managers),
        "branches": rows.branch_rows(place.branches.order_by("name", "pk")),
        "rename_form": named,
        "appoint_form": person,
    }
    wrong = named.is_bound or person.is_bound
    return render(request, "desk/organisation.html", context, status=422 if wrong else 200)


@supervisor
@require_POST
def rename(request: HttpRequest, ref: UUID, states: list[str]) -> HttpResponse:
    """Give it another name."""
    place, form = _find(states, ref), RenameForm(request.POST)
    if not form.is_valid():
        return _page(request, place, form, AppointForm())
    name = form.cleaned_data["name"]
    tried(request, lambda: services.rename(place, name=name, actor=actor_of(request), at=now()), _("Saved."))
    return redirect("desk:organisation", ref)


@supervisor
@require_POST
def switch(request: HttpRequest, ref: UUID, states: list[str]) -> HttpResponse:
    """Off or on; on for the first time, its managers get a mail."""
    place, on = _find(states, ref), request.POST.get("on") == "yes"
    done = _("%(name)s is switched on.") if on else _("%(name)s is switched off.")
    act = lambda: services.switch(place, on=on, actor=actor_of(request), at=now())  # noqa: E731 - as its neighbours
    if tried(request, act, done % {"name": place.name}) and on and place.waits_since:
        for manager in managers_of(place):
            _tell(request, "switched_on", manager.email, place, "/start/")
    return redirect("desk:organisation", ref)


@supervisor
@require_POST
def refuse(request: HttpRequest, ref: UUID, states: list[str]) -> HttpResponse:
    """Delete a sign-up; whoever gave it gets a mail."""
    place = _find(states, ref)
    addresses = [manager.email for manager in managers_of(place)]  # their accounts may go with it
    done = _("The sign-up of %(name)s is refused and deleted.") % {"name": place.name}
    if tried(request, lambda: services.refuse_sign_up(place, actor=actor_of(request), at=now()), done):
        for address in addresses:
            _tell(request, "sign_up_refused", address, place, "/organisation/sign-up/")
    return redirect("desk:organisations")


@supervisor
@require_POST
def appoint(request: HttpRequest, ref: UUID, states: list[str]) -> HttpResponse:
    """A manager where none is left."""
    place, form = _find(states, ref), AppointForm(request.POST)
    if not form.is_valid():
        return _page(request, place, RenameForm(initial={"name": place.name}), form)
    said, made = form.cleaned_data, []
    done = _("%(name)s is manager now.") % {"name": f"{said['first_name']} {said['last_name']}"}
    act = lambda: made.append(services.appoint(place, **said, actor=actor_of(request), at=now()))  # noqa: E731
    if tried(request, act, done):
        _invite(request, made[0], place)
    return redirect("desk:organisation", ref)


@supervisor
@require_POST
def left(request: HttpRequest, ref: UUID, user: UUID, states: list[str]) -> HttpResponse:
    """A manager has left without anybody there saying so."""
    place = _find(states, ref)
    found = people_of(place, Role.MANAGER).filter(ref=user).first()
    if found is None:
        raise Http404
    done = _("%(name)s no longer works here.") % {"name": found}
    tried(request, lambda: services.manager_left(place, user=found, actor=actor_of(request), at=now()), done)
    return redirect("desk:organisation", ref)


def _invite(request: HttpRequest, user: User, place: Organisation) -> None:
    if user.has_usable_password():
        return
    if invite_by_mail(user, place):
        messages.success(request, _("%(name)s gets a mail with which to choose a password.") % {"name": user})
    else:
        messages.warning(request, _("The mail could not be sent. Make the same person manager again in a while."))


def _tell(request: HttpRequest, name: str, address: str, place: Organisation, link: str) -> None:
    if not write(name, address, organisation=place.name, state=place.state, link=link):
        messages.warning(request, _("The mail to %(address)s could not be sent.") % {"address": address})
