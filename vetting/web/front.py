"""The pages in front of everything: what this is, where to go after signing in, the demo's outbox."""

import email
import email.policy
import re
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language as django_set_language

from vetting.authorities.models import Authority
from vetting.organisations.access import door, organisations_of, places, public
from vetting.organisations.models import User
from vetting.web.forms import NAME_LENGTH
from vetting.web.spelling import advice, in_passport_letters


@public
@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """What this service is, and the four ways in."""
    return render(request, "front.html")


@public
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What was done for everybody to be able to use the service, and what was not. Source: Directive (EU) 2016/2102."""
    return render(request, "accessibility.html")


@login_required
def _start(request: HttpRequest) -> HttpResponse:
    user = request.user
    assert isinstance(user, User)
    if places(user, "authorities.work_at_desk", Authority):
        return redirect("desk:queue")
    if organisations_of(user, "see_cases"):
        return redirect("organisation:home")
    return render(request, "nowhere.html")


@login_required
def _signed_in(request: HttpRequest) -> HttpResponse:
    """Where who signs in beside a form that waits in another tab ends up."""
    return render(request, "signed_in.html")


signed_in = door("signed-in", _signed_in)
start = door("signed-in", _start)
set_language = door("public", django_set_language)


def _letters() -> list[dict[str, object]]:
    letters = []
    for path in sorted(Path(settings.OUTBOX_DIR).glob("*.eml"), reverse=True)[:50]:
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        body = message.get_body(("plain",))
        text = body.get_content() if body else ""
        links = re.findall(r"https?://\S+", text)
        letters.append({"to": message["To"], "subject": message["Subject"], "text": text, "links": links})
    return letters


@public
@require_POST
def name_help(request: HttpRequest) -> HttpResponse:
    """A piece of a page about a name as it is being typed. Nothing of it is kept."""
    given, surname = (" ".join(request.POST.get(part, "")[:NAME_LENGTH].split()) for part in ("given", "surname"))
    whole = f"{given} {surname}".strip()
    letters = in_passport_letters(whole)
    context = {"letters": letters if letters != whole.upper() else "", "odd": advice(given, surname)}
    return render(request, "components/name_help.html", context)


@public
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """Every mail of the demo, newest first. There is no such page outside it."""
    if not settings.DEMO:
        raise Http404
    return render(request, "outbox.html", {"letters": _letters()})
