"""A code that a holder gave somebody: a fresh answer each time, and one neutral word for everything else."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate, now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from vetting.audit.ports import Actor
from vetting.certificates.handling import code_used
from vetting.certificates.queries import code_digest, holder_shown, shown_by
from vetting.organisations.access import public
from vetting.web import words
from vetting.web.applicant.words import SHOWN_FOR
from vetting.web.forms import CalmForm
from vetting.web.limits import within_limit

PUBLIC = Actor("public")


class CodeLookupForm(CalmForm):
    """What somebody was told, or read on a screen."""

    code = forms.CharField(
        label=_("Share code"), max_length=40, help_text=_("Four groups of four, for instance 7K3F-9QXM-2B8T-W5RD")
    )


def _answer(request: HttpRequest, typed: str) -> HttpResponse:
    if not within_limit(request, "share_code", code_digest(typed)):
        return render(request, "429.html", status=429)
    today = localdate()
    code, standing = shown_by(typed, today)
    context = {"standing": standing, "today": words.day(today)}
    if code is not None and standing.current:
        code_used(code.pk, actor=PUBLIC, at=now())
        name, birth = holder_shown(code) or ("", "")
        context |= {
            "activity": words.ACTIVITIES[standing.activity],
            "role": words.ROLES[standing.role],
            "valid_until": words.day(standing.valid_until),
            "purpose": SHOWN_FOR[code.purpose],
            "ends": words.day(code.ends_on),
            "name": name,
            "birth_date": words.partial_day([*map(int, birth.split("-"))]) if birth else "",
        }
    return render(request, "verifier/shared.html", context)


@public
@require_http_methods(["GET", "POST"])
def lookup(request: HttpRequest) -> HttpResponse:
    """By a code that was read out; posted, so that it stays in no address."""
    form = CodeLookupForm(request.POST or None)
    if form.is_bound and form.is_valid():
        return _answer(request, form.cleaned_data["code"])
    return render(request, "verifier/shared_lookup.html", {"form": form}, status=422 if form.is_bound else 200)


@public
@require_safe
def shown(request: HttpRequest, code: str) -> HttpResponse:
    """By the link or the QR code that the holder gave."""
    return _answer(request, code)
