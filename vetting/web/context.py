"""What every page knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from vetting.authorities.models import Authority
from vetting.organisations.access import organisations_of, places


def _navigation(request: HttpRequest) -> list[dict[str, object]]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    items = []
    if organisations_of(user, "see_cases"):
        items.append((_("Vetting requests"), reverse("organisation:home")))
        items.append((_("Roster"), reverse("organisation:roster")))
        if organisations_of(user, "manage_people"):
            items.append((_("People"), reverse("organisation:people")))
    if places(user, "authorities.work_at_desk", Authority):
        items.append((_("Desk"), reverse("desk:queue")))
        items.append((_("Who would be asked"), reverse("desk:route")))
    if places(user, "authorities.supervise", Authority):
        items.append((_("Supervision"), reverse("desk:supervision")))
    here = max((url for _label, url in items if request.path.startswith(url)), key=len, default="")
    return [{"label": label, "url": url, "current": url == here} for label, url in items]


def site(request: HttpRequest) -> dict[str, Any]:
    """Name of the service, what this person can go to, and whether this is the demo."""
    return {
        "site_name": settings.SITE_NAME,
        "site_tagline": settings.SITE_TAGLINE,
        "nav": _navigation(request),
        "demo": settings.DEMO,
    }
