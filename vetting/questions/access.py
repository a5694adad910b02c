"""The door of those who answer other States: the clerks of this node's own authority."""

from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from vetting.authorities.access import clerk
from vetting.organisations.access import View, door


def home_clerk(view: View) -> View:
    """A clerk of the State whose node this is; for every other clerk the page is not there."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, states: list[str], **kwargs: Any) -> HttpResponse:
        if settings.HOME_STATE not in states:
            raise Http404
        return view(request, *args, **kwargs)

    return door("clerk", clerk(guarded))
