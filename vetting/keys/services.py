"""Making and destroying a case's key, inside the transaction of the act that needs it."""

from datetime import datetime
from uuid import UUID

from vetting.keys.gateways import vault
from vetting.keys.models import CaseKey


def make_key(case_ref: UUID, at: datetime) -> CaseKey:
    """A fresh data key for a new case, wrapped under this month's epoch key."""
    epoch = f"{at:%Y-%m}"
    return CaseKey.objects.create(case_ref=case_ref, epoch=epoch, wrapped=vault().new_case_key(epoch))


def destroy_key(case_ref: UUID) -> bool:
    """Erase everything sealed for the case, wherever a copy lies. True when there was a key."""
    deleted, _ = CaseKey.objects.filter(case_ref=case_ref).delete()
    return deleted > 0
