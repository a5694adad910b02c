"""What people see when something went wrong: a sentence, and a way on."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from vetting.web import unsent


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page was open too long, or came from elsewhere. What was typed on a page of ours is shown again."""
    own = request.META.get("HTTP_ORIGIN") == f"{request.scheme}://{request.get_host()}"  # no other site can say so
    typed = unsent.typed_on(request) if own and request.user.is_authenticated else None
    if typed is not None and typed.whose == unsent.person(request) and (page := unsent.page(request, typed)):
        return page
    return render(request, "403_csrf.html", status=403)
