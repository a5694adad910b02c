"""Opening the sealed identity."""

from datetime import date, datetime
from typing import Any

from django.utils.timezone import localdate

from vetting.cases.models import Case
from vetting.consent.queries import standing
from vetting.consent.rules import ConsentPurpose
from vetting.identity.models import Identity
from vetting.identity.ports import PartialDate, Person
from vetting.identity.rules import OF_AGE, age_on, person_from
from vetting.keys.queries import unseal_document


def draft_of(case: Case) -> dict[str, Any]:
    """What the applicant has given so far, by step; empty before the first step."""
    identity = Identity.objects.filter(case=case).first()
    return unseal_document(case.ref, "identity", bytes(identity.sealed)) if identity else {}


def version_of(case: Case) -> int:
    """Which version of the details stands now; 0 before the first."""
    return Identity.objects.filter(case=case).values_list("version", flat=True).first() or 0


def person_of(case: Case) -> Person:
    """The applicant. Raises Refused("identity-incomplete")."""
    return person_from(draft_of(case))


def age_of(case: Case, today: date) -> int | None:
    """The applicant's age in whole years; None before they gave a birth date."""
    birth = draft_of(case).get("birth")
    return age_on(PartialDate(*birth["date"]), today) if birth else None


def agreed_by_guardian(case: Case, at: datetime) -> bool:
    """Whether a parent or guardian agreed to what is written down now, or none has to."""
    age = age_of(case, localdate(at))
    if age is None or age >= OF_AGE:
        return True
    consent = standing(case, ConsentPurpose.GUARDIAN, at)
    saved_at = Identity.objects.filter(case=case).values_list("saved_at", flat=True).first()
    return consent is not None and saved_at is not None and consent.granted_at >= saved_at


def born_on(case: Case, date: PartialDate) -> bool:
    """True when the applicant gave exactly this birth date. False also when none was given yet."""
    birth = draft_of(case).get("birth")
    return birth is not None and PartialDate(*birth["date"]) == date
