"""Who looked at the file, and how often the certificate was verified: a closed list of events of the record."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from vetting.audit.models import Entry
from vetting.audit.queries import entries_of
from vetting.cases.access import applicant
from vetting.cases.models import Case
from vetting.certificates.models import ShareCode
from vetting.web import words
from vetting.web.applicant.words import OPENINGS, READERS

OPENED = "file.open"
VERIFIED = ("certificate.verify", "code.use")
"""The only acts that this page is made of. Nothing else of the record is the applicant's to read here."""


@dataclass(frozen=True)
class Opening:
    """Somebody at an authority opened the file: the kind of actor and the reason are codes of the record."""

    at: datetime
    reader: str
    reason: str
    state: str


def openings_of(case: Case) -> list[Opening]:
    """Every opening of the file, newest first."""
    opened = [entry for entry in entries_of(case.ref) if entry.event == OPENED]
    return [Opening(one.at, one.actor_kind, one.facts["reason"], case.home) for one in reversed(opened)]


def verifications_of(case: Case) -> list[tuple[date, int]]:
    """On which days the certificate was verified, and how often: newest first, with nothing about by whom."""
    days = Counter(localdate(entry.at) for entry in entries_of(case.ref) if entry.event in VERIFIED)
    return sorted(days.items(), reverse=True)


def uses_of(code: ShareCode) -> list[dict[str, Any]]:
    """On which days a code was used, and how often: newest first."""
    used = Entry.objects.filter(chain=code.certificate.case.ref, event="code.use", facts__code=str(code.ref))
    days = Counter(localdate(at) for at in used.values_list("at", flat=True))
    return [{"day": words.day(day), "count": count} for day, count in sorted(days.items(), reverse=True)]


@applicant
@require_safe
def looked(request: HttpRequest, case: Case) -> HttpResponse:
    """Openings with their reason, and verifications as a count for each day. Never a name."""
    openings = [
        {
            "at": words.moment(one.at),
            "reader": READERS[one.reader],
            "state": words.state_name(one.state),
            "reason": OPENINGS[one.reason],
        }
        for one in openings_of(case)
    ]
    verified = [{"day": words.day(day), "count": count} for day, count in verifications_of(case)]
    return render(request, "applicant/looked.html", {"case": case, "openings": openings, "verified": verified})
