"""Opening the sealed identity."""

from typing import Any

from vetting.cases.models import Case
from vetting.identity.models import Identity
from vetting.identity.ports import PartialDate, Person
from vetting.identity.rules import person_from
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


def born_on(case: Case, date: PartialDate) -> bool:
    """True when the applicant gave exactly this birth date. False also when none was given yet."""
    birth = draft_of(case).get("birth")
    return birth is not None and PartialDate(*birth["date"]) == date
