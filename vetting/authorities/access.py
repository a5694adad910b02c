"""The doors of clerks and of other nodes. Missing and forbidden are the same 404."""

from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from vetting.authorities.models import Authority
from vetting.organisations.access import View, came_by, door, lacks_second_factor, let_in, people_of, places
from vetting.organisations.models import User


def give_desk(user: User, authority: Authority) -> None:
    """Make `user` a clerk of `authority`."""
    let_in(user, authority, "clerk", ("work_at_desk",))


def give_supervision(user: User, authority: Authority) -> None:
    """Make `user` a supervisor of `authority`."""
    let_in(user, authority, "supervisor", ("supervise",))


def clerks_of(state: str) -> QuerySet[User]:
    """Everybody who works at the desk of this State, by name."""
    authority = Authority.objects.get(state=state)
    return people_of(authority, "clerk").order_by("first_name", "last_name", "pk")


def clerk(view: View) -> View:
    """Signed in, and a clerk; the view gets `states`, the home States whose cases lie on this desk."""
    return _guarded(view, "work_at_desk", "clerk")


def supervisor(view: View) -> View:
    """Signed in, and a supervisor; the view gets `states`, the home States whose desks they look after."""
    return _guarded(view, "supervise", "supervisor")


def home_supervisor(view: View) -> View:
    """A supervisor of the State whose node this is, which answers for what holds in all of it; for every other
    supervisor the page is not there."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, states: list[str], **kwargs: Any) -> HttpResponse:
        if settings.HOME_STATE not in states:
            raise Http404
        return view(request, *args, **kwargs)

    return door("supervisor", supervisor(guarded))


def _guarded(view: View, permission: str, name: str) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        mine = places(request.user, f"authorities.{permission}", Authority)  # type: ignore[arg-type]
        if not mine or came_by(request) is not None:  # no organisation's provider opens a desk
            raise Http404
        if lacks_second_factor(request):
            return redirect("mfa_index")
        states = list(Authority.objects.filter(pk__in=mine).values_list("state", flat=True))
        return view(request, *args, states=states, **kwargs)

    return door(name, login_required(guarded))


def partner(view: View) -> View:
    """The node of another State: who it is, the envelope of its message says, and `vetting/api` believes it or not."""
    return door("authority", view)
