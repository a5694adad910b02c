"""Whether organisations may begin something, and sign-ups that wait for their confirmation."""

from datetime import datetime

from vetting.errors import Refused
from vetting.organisations.models import Organisation, SignUp
from vetting.organisations.rules import SIGN_UP_LASTS, digest_of


def waiting_sign_up(secret: str, at: datetime) -> SignUp | None:
    """The sign-up whose link this is; None when it was used before or is too old."""
    return SignUp.objects.filter(digest=digest_of(secret), asked_at__gt=at - SIGN_UP_LASTS).first()


def on_or_refused(key: int) -> None:
    """Nothing, while the organisation is switched on; read anew, for a page may be old. Raises Refused."""
    if not Organisation.objects.select_related("parent").get(pk=key).is_on:
        raise Refused(
            "organisation-off",
            "The authority has not switched this organisation on: nothing new can be opened or submitted. "
            "You can follow what runs.",
        )


def off_among(keys: list[int]) -> list[Organisation]:
    """Those that are switched off, or wait to be switched on; a branch only where its organisation is not one."""
    held = Organisation.objects.filter(pk__in=keys).select_related("parent").order_by("name", "pk")
    off = {one.pk: one for one in held if not one.is_on}
    return [one for one in off.values() if one.parent_id not in off]
