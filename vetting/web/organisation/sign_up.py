"""A stranger signs an organisation up. Nobody learns whether an address is known here: what happens before the mail is
read does not depend on it."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from vetting.audit.ports import Actor
from vetting.errors import Refused
from vetting.organisations import services
from vetting.organisations.access import public
from vetting.organisations.queries import waiting_sign_up
from vetting.organisations.rules import SignUpPolicy
from vetting.web.limits import within_limit
from vetting.web.organisation.forms import SignUpForm
from vetting.web.organisation.invitations import password_link, write

STRANGER = Actor("public")


@public
@require_http_methods(["GET", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    """Name the organisation and oneself. The answer is the same for every address."""
    form = SignUpForm(request.POST or None)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        if not within_limit(request, "sign_up", form.cleaned_data["email"].lower()):
            form.add_error(None, _("This was tried too often. Wait a few minutes, then send it again."))
            status = 429
        elif _asked(form):
            return redirect("organisation:sign_up_sent")
        else:
            form.add_error(None, _("The mail could not be sent. Wait a few minutes, then send this again."))
            status = 503
    context = {"form": form, "looked_at": settings.ORGANISATION_SIGN_UP != SignUpPolicy.OPEN}
    return render(request, "organisation/sign_up.html", context, status=status)


def _asked(form: SignUpForm) -> bool:
    """Write it down, then send the link; False when no mail leaves. What was written down goes after three days."""
    said = {name: form.cleaned_data[name] for name in ("organisation", "first_name", "last_name", "email")}
    said["email"] = said["email"].strip().lower()  # the very address by which the account is found
    secret = services.sign_up(**said, state=settings.HOME_STATE, actor=STRANGER, at=now())
    link = reverse("organisation:sign_up_confirm", args=[secret])
    return write("sign_up", said["email"], organisation=said["organisation"], state=settings.HOME_STATE, link=link)


@public
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """What happens next."""
    return render(request, "organisation/sign_up_sent.html")


@public
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, secret: str) -> HttpResponse:
    """The link of the mail. Opening it does nothing: mail programs do so too."""
    asked = waiting_sign_up(secret, now())
    if request.method != "POST" and asked is not None:
        return render(request, "organisation/sign_up_confirm.html", {"asked": asked})
    try:
        place, user = services.confirm_sign_up(secret, actor=STRANGER, at=now())
    except Refused:
        return render(request, "organisation/sign_up_over.html", status=410)
    if not user.has_usable_password():
        return redirect(password_link(user))
    messages.success(request, _("%(organisation)s is signed up.") % {"organisation": place.name})
    return redirect("start")
