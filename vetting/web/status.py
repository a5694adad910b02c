"""The public page about the ways to other authorities: which of them cannot be reached, and since about when."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from vetting.exchange.queries import ways_down
from vetting.organisations.access import public
from vetting.web import words


def _hour(at: datetime | None) -> datetime | None:
    """The full hour before: to the minute it could be matched with a case that was just sent."""
    return at.replace(minute=0, second=0, microsecond=0) if at else None


@public
@require_safe
def status(request: HttpRequest) -> HttpResponse:
    """States by name, with no word and no number about any case."""
    rows = [
        {"state_name": words.state_name(way.state), "since": words.moment(_hour(way.failing_since))}
        for way in ways_down()
    ]
    rows.sort(key=lambda row: row["state_name"])
    return render(request, "status.html", {"rows": rows, "looked": words.moment(now())})
