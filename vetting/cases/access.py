"""The applicant's door: a session that a link or a reference with a birth date opened, for one case."""

from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from vetting.audit.ports import Actor
from vetting.cases.models import Case
from vetting.cases.rules import CaseState
from vetting.keys.queries import has_key
from vetting.organisations.access import View, door

_KEY = "applicant_case"
APPLICANT = Actor("applicant")


def let_applicant_in(request: HttpRequest, case: Case) -> None:
    """Open the door for this session. The session's key changes, so that a fixed one is worth nothing."""
    request.session.cycle_key()
    request.session[_KEY] = str(case.ref)


def let_applicant_out(request: HttpRequest) -> None:
    """Close the door."""
    request.session.pop(_KEY, None)


def applicant(view: View) -> View:
    """The view gets `case`, the one this session was opened for; otherwise 404."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        ref = request.session.get(_KEY)
        case = Case.objects.select_related("organisation").filter(ref=UUID(ref)).first() if ref else None
        if case is None or case.state == CaseState.ERASED or not has_key(case.ref):
            raise Http404
        return view(request, *args, case=case, **kwargs)

    return door("applicant", guarded)
