"""What the holder does with a certificate: show it to others by a code, and stop showing it."""

import secrets
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate

from vetting.audit.ports import Actor
from vetting.audit.services import record
from vetting.cases.models import Case
from vetting.cases.rules import CaseState, grouped
from vetting.certificates.models import Certificate, Share, ShareCode
from vetting.certificates.queries import code_digest, code_holds, live_certificate
from vetting.certificates.rules import MOST_CODES, SharePurpose, Shows, code_ends_on, is_current
from vetting.consent.models import Consent
from vetting.consent.rules import ConsentPurpose, Wording
from vetting.consent.services import keep
from vetting.errors import Refused
from vetting.outcomes.queries import sharing_ends_on


def _to_show(case: Case, at: datetime) -> Certificate:
    certificate = live_certificate(case) if case.state == CaseState.CLEARED else None
    if certificate is None or not is_current(certificate.state, certificate.valid_until, localdate(at)):
        raise Refused("nothing-to-share", "There is no current certificate to share.")
    return certificate


@transaction.atomic(durable=True)
def make_code(
    case_ref: UUID,
    *,
    ref: UUID,
    purpose: SharePurpose,
    days: int,
    shows: Shows,
    wording: Wording,
    actor: Actor,
    at: datetime,
) -> tuple[ShareCode, str]:
    """A code for others, and the secret that is told this once: only its digest is kept.

    `ref` is made when the form is: sent twice, it makes one code, and the second time finds it, with an empty secret.
    Raises Refused: nothing-to-share, enough-codes, consent-incomplete, days-unknown.
    """
    case = Case.objects.lock(case_ref)
    made = ShareCode.objects.filter(ref=ref, certificate__case=case).first()
    if made is not None:
        return made, ""
    certificate, today = _to_show(case, at), localdate(at)
    if wording.purpose != ConsentPurpose.RELEASE:
        raise Refused("consent-incomplete")
    last = code_ends_on(today, days, valid_until=certificate.valid_until, file_ends_on=sharing_ends_on(case))
    if last < today:
        raise Refused("nothing-to-share", "There is no current certificate to share.")
    if sum(code_holds(one, today) for one in certificate.codes.all()) >= MOST_CODES:
        raise Refused("enough-codes", "You have as many codes as one certificate may have. End one first.")
    secret = grouped(secrets.randbits(80), 4)
    consent = keep(case, wording, plan={}, actor=actor, at=at)
    record("code.make", case.ref, actor, at, certificate=certificate.number, code=ref, purpose=purpose, kind=shows)
    code = ShareCode.objects.create(
        ref=ref, certificate=certificate, consent=consent, digest=code_digest(secret), purpose=purpose, shows=shows,
        made_at=at, ends_on=last,
    )  # fmt: skip
    return code, secret


@transaction.atomic(durable=True)
def revoke_code(case_ref: UUID, *, ref: UUID, actor: Actor, at: datetime) -> ShareCode:
    """The holder ends a code at once. Again, it finds it ended. Raises Refused("no-such-code")."""
    case = Case.objects.lock(case_ref)
    code = ShareCode.objects.filter(ref=ref, certificate__case=case).select_related("certificate").first()
    if code is None:
        raise Refused("no-such-code")
    if code.revoked_at is None:
        code.revoked_at = at
        code.save(update_fields=["revoked_at"])
        Consent.objects.filter(pk=code.consent_id).update(withdrawn_at=at)
        record("code.revoke", case.ref, actor, at, certificate=code.certificate.number, code=ref)
    return code


@transaction.atomic(durable=True)
def code_used(code_id: int, *, actor: Actor, at: datetime) -> None:
    """Somebody had the answer to a code: counted by date for its holder, with nothing about who it was."""
    code = ShareCode.objects.select_related("certificate__case").get(pk=code_id)
    record("code.use", code.certificate.case.ref, actor, at, certificate=code.certificate.number, code=code.ref)


@transaction.atomic(durable=True)
def revoke_share(case_ref: UUID, *, asked: UUID, actor: Actor, at: datetime) -> int:
    """The holder no longer shares with the organisation that asked in the vetting request `asked`: their own, or a
    later one that this certificate answered. How many shares ended by it.

    The organisation sees what it sees of every certificate that is not current any more, and gets no letter.
    """
    found = Case.objects.select_for_update().filter(ref__in=[case_ref, asked]).order_by("pk")
    both = {case.ref: case for case in found}
    case, answered = both[case_ref], both[asked]
    standing = Share.objects.filter(case=answered, revoked_at=None)
    shares = [one for one in standing.select_related("certificate__case") if case in (one.case, one.certificate.case)]
    for share in shares:
        share.revoked_at = at
        share.save(update_fields=["revoked_at"])
        record("certificate.unshare", share.certificate.case.ref, actor, at, certificate=share.certificate.number)
    if shares:
        given = Consent.objects.filter(case=answered, purpose=ConsentPurpose.RELEASE, withdrawn_at=None, code=None)
        given.update(withdrawn_at=at)
    return len(shares)
