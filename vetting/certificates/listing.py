"""Publishing the status lists: signed editions at fixed times, never at the wish of whoever asks for one."""

import hashlib
from datetime import datetime

from django.conf import settings
from django.db import transaction

from vetting.certificates.gateways import signer
from vetting.certificates.models import StatusList
from vetting.certificates.queries import bits_at, list_address
from vetting.certificates.rules import list_claims, period_of

TYPE = "statuslist+jwt"


def due(at: datetime) -> list[int]:
    """The numbers of the lists whose newest edition is of an earlier period."""
    return list(StatusList.objects.filter(period__lt=period_of(at)).order_by("number").values_list("number", flat=True))


def publish(number: int, *, at: datetime) -> bool:
    """Sign the list as it is now. False when another process has published this period's edition meanwhile."""
    kept = StatusList.objects.defer("token").get(number=number)
    bits = bits_at(kept, at)
    claims = list_claims(bits, address=list_address(number), issuer=settings.BASE_URL, at=at)
    return _keep(number, bits, signer().sign(claims, typ=TYPE), at)


@transaction.atomic(durable=True)
def _keep(number: int, bits: bytes, token: str, at: datetime) -> bool:
    digest, period = hashlib.sha256(token.encode()).hexdigest(), period_of(at)
    earlier = StatusList.objects.filter(number=number, period__lt=period)
    return earlier.update(bits=bits, token=token, digest=digest, period=period) == 1
