"""Is there a consent that holds now?"""

from datetime import datetime

from vetting.cases.models import Case
from vetting.consent.models import Consent
from vetting.consent.rules import ConsentPurpose


def standing(case: Case, purpose: ConsentPurpose, at: datetime) -> Consent | None:
    """The newest consent to `purpose` that is neither withdrawn nor expired at `at`."""
    newest = Consent.objects.filter(case=case, purpose=purpose).order_by("-granted_at", "-pk").first()
    holds = newest is not None and newest.withdrawn_at is None and newest.expires_at > at
    return newest if holds else None


def consents_of(case: Case) -> list[Consent]:
    """Everything that was agreed to in a case, oldest first, with the words that were shown."""
    return list(Consent.objects.filter(case=case).select_related("wording").order_by("granted_at", "pk"))
