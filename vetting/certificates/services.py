"""Issue, share, end. Issuing goes as with a certification authority: intent, sign, open and compare, publish."""

import dataclasses
import hashlib
import secrets
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localdate

from vetting.audit.ports import Actor
from vetting.audit.services import record
from vetting.authorities.queries import directory
from vetting.cases.models import Case
from vetting.cases.queries import contact_of
from vetting.cases.rules import CaseState, LetterKind, RoleKind, grouped, purpose_of
from vetting.cases.rules import Move as CaseMove
from vetting.cases.services import move_case, owe
from vetting.certificates.models import Certificate, Share, StatusList
from vetting.certificates.ports import CertificateContents, Coverage
from vetting.certificates.queries import code_digest, contents_of, free_place, live_certificate
from vetting.certificates.rules import PLACES, CertificateState, Move, after, is_current, months_later, names
from vetting.consent.rules import ConsentPurpose, Wording
from vetting.consent.services import keep
from vetting.enquiries.models import Channel
from vetting.enquiries.queries import enquiries_of
from vetting.errors import Refused
from vetting.identity.queries import person_of
from vetting.identity.rules import full_name, iso_date
from vetting.keys.queries import seal, seal_document
from vetting.outcomes.models import Assessment


def move_certificate(certificate: Certificate, move: Move, *, actor: Actor, at: datetime) -> None:
    """Take one arrow of the table on a certificate of a locked case, and audit it. Raises IllegalMove."""
    certificate.state = after(CertificateState(certificate.state), move)
    certificate.save()
    record(f"certificate.{move}", certificate.case.ref, actor, at, certificate=certificate.number)


def _coverage(case: Case) -> tuple[Coverage, ...]:
    rows = []
    for enquiry in enquiries_of(case):
        row = directory().find(enquiry.asked)
        rows.append(
            Coverage(
                state=enquiry.asked,
                authority=row.name if row else "",
                asked_on=localdate(enquiry.sent_at or enquiry.opened_at),
                answered_on=localdate(enquiry.answered_at) if enquiry.answered_at else None,
                answer=enquiry.words.split(" ")[0],
                # On paper too it is an exchange between authorities; a certificate says as little as it can.
                channel=Channel.EXCHANGE if enquiry.channel == Channel.PAPER else enquiry.channel,
            )
        )
    return tuple(rows)


def _contents(case: Case, *, jti: UUID, at: datetime) -> CertificateContents:
    person, today = person_of(case), localdate(at)
    home = directory().find(case.home)
    number, code = grouped(secrets.randbits(60), 3), grouped(secrets.randbits(80), 4)
    return CertificateContents(
        number=number,
        jti=str(jti),
        holder_name=full_name(person),
        holder_birth_date=iso_date(person.birth_date),
        activity=case.activity,
        role=case.role,
        coverage=_coverage(case),
        issued_on=today,
        valid_until=months_later(today, settings.CERTIFICATE_MONTHS),
        issuer=settings.ISSUER_NAME or (home.name if home else case.home),
        issuer_state=case.home,
        language=case.language,
        verify_url=f"{settings.BASE_URL}/v/{number}/{code}/",
        code=code,
        decided_by_person=Assessment.objects.filter(case=case, confirmed_at__isnull=False).exists(),
    )


def plain(contents: CertificateContents) -> dict[str, Any]:
    """The contents as JSON values; dates in ISO 8601."""

    def iso(value: Any) -> Any:
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, list | tuple):
            return [iso(one) for one in value]
        return {name: iso(one) for name, one in value.items()} if isinstance(value, dict) else value

    document: dict[str, Any] = iso(dataclasses.asdict(contents))
    return document


def _place() -> tuple[StatusList, int]:
    """A free place on the newest status list, or on a new one when that is full."""
    newest = StatusList.objects.defer("token").order_by("-number").first()
    place = free_place(newest) if newest else None
    while newest is None or place is None:
        fresh = {"bits": secrets.token_bytes(PLACES // 8)}
        newest, _ = StatusList.objects.get_or_create(number=newest.number + 1 if newest else 1, defaults=fresh)
        place = free_place(newest)
    return newest, place


@transaction.atomic(durable=True)
def intend(case_ref: UUID, *, actor: Actor, at: datetime) -> Certificate | None:
    """Write down what will be issued, with its number, its place on a status list and everything printed. None when
    the case has a live one or is not cleared. Repeating it after a crash finds the same intent."""
    case = Case.objects.lock(case_ref)
    if case.state != CaseState.CLEARED:
        return None
    live = case.certificates.filter(state__in=[CertificateState.INTENDED, CertificateState.CURRENT]).first()
    if live is not None:
        return live if live.state == CertificateState.INTENDED else None
    jti = uuid4()
    contents = _contents(case, jti=jti, at=at)
    status_list, status_index = _place()
    certificate = Certificate.objects.create(
        jti=jti,
        case=case,
        number=contents.number,
        code_digest=code_digest(contents.code),
        activity=case.activity,
        role=case.role,
        issued_on=contents.issued_on,
        valid_until=contents.valid_until,
        sealed_contents=seal_document(case.ref, f"certificate/{jti}", plain(contents)),
        status_list=status_list,
        status_index=status_index,
    )
    record("certificate.intend", case.ref, actor, at, certificate=certificate.number)
    return certificate


def claims_of(contents: CertificateContents, page: bytes, at: datetime, *, status: dict[str, Any]) -> dict[str, Any]:
    """What the token says: the contents without the code, where its status is to be read, the digest of the page as it
    was printed, before it carries the token and is sealed, and the registered claims (RFC 7519)."""
    said = plain(contents)
    expiry = datetime.combine(contents.valid_until, datetime.max.time(), tzinfo=at.tzinfo)
    for internal in ("code", "verify_url", "decided_by_person", "jti", "coverage"):
        said.pop(internal)
    coverage = [
        {"state": row.state, "answered_on": row.answered_on and row.answered_on.isoformat()}
        for row in contents.coverage
    ]
    return {
        **said,
        "purpose": purpose_of(RoleKind(contents.role)),
        "coverage": coverage,
        "iss": settings.BASE_URL,
        "jti": contents.jti,
        "iat": int(at.timestamp()),
        "nbf": int(at.timestamp()),
        "exp": int(expiry.timestamp()),
        "page_bytes": len(page),
        "page_sha256": hashlib.sha256(page).hexdigest(),
        **({"status": status} if status else {}),
    }


@transaction.atomic(durable=True)
def publish(jti: UUID, *, token: str, page: bytes, actor: Actor, at: datetime) -> Certificate:
    """Store a token and a sealed page, and let the holder see them. Raises IllegalMove when it was published already,
    and Refused("not-cleared") when the case stopped being cleared since the intent."""
    case = Case.objects.lock(Certificate.objects.values_list("case__ref", flat=True).get(jti=jti))
    certificate = Certificate.objects.select_related("case").get(jti=jti)
    if case.state != CaseState.CLEARED:
        raise Refused("not-cleared")
    certificate.sealed_token = seal(case.ref, f"token/{jti}", token.encode())
    certificate.sealed_page = seal(case.ref, f"page/{jti}", page)
    certificate.page_digest = hashlib.sha256(page).hexdigest()
    move_certificate(certificate, Move.PUBLISH, actor=actor, at=at)
    return certificate


@transaction.atomic(durable=True)
def supersede(case_ref: UUID, *, actor: Actor, at: datetime) -> int:
    """End every live certificate of a case that is being decided anew: a standing clear does not outlive its ground.

    Nothing when another process has decided meanwhile: what is live then is the new certificate.
    """
    case = Case.objects.lock(case_ref)
    if case.state == CaseState.CLEARED:
        return 0
    live = list(case.certificates.filter(state__in=[CertificateState.INTENDED, CertificateState.CURRENT]))
    for certificate in live:
        move_certificate(certificate, Move.SUPERSEDE, actor=actor, at=at)
    return len(live)


@transaction.atomic(durable=True)
def expire(jti: UUID, *, actor: Actor, at: datetime) -> bool:
    """Write down that the last day has passed."""
    Case.objects.lock(Certificate.objects.values_list("case__ref", flat=True).get(jti=jti))
    certificate = Certificate.objects.select_related("case").get(jti=jti)
    if certificate.state != CertificateState.CURRENT or certificate.valid_until >= localdate(at):
        return False
    move_certificate(certificate, Move.EXPIRE, actor=actor, at=at)
    return True


@transaction.atomic(durable=True)
def share(case_ref: UUID, *, wording: Wording, actor: Actor, at: datetime) -> Share:
    """The applicant shares the certificate with the organisation that asked; also after the closing date.

    Raises Refused("nothing-to-share") when no current certificate is there.
    """
    case = Case.objects.lock(case_ref)
    certificate = live_certificate(case)
    stands = case.state in (CaseState.CLEARED, CaseState.CLOSED)
    if not stands or certificate is None or not is_current(certificate.state, certificate.valid_until, localdate(at)):
        raise Refused("nothing-to-share", "There is no current certificate to share.")
    if wording.purpose != ConsentPurpose.RELEASE:
        raise Refused("consent-incomplete")
    standing = Share.objects.filter(certificate=certificate, case=case, revoked_at=None).first()
    if standing is not None:
        return standing
    keep(case, wording, plan={}, actor=actor, at=at)
    return _shared(case, certificate, actor=actor, at=at)


def _shared(case: Case, certificate: Certificate, *, actor: Actor, at: datetime) -> Share:
    record("certificate.share", certificate.case.ref, actor, at, certificate=certificate.number)
    owe(case, LetterKind.SHARED, at)
    return Share.objects.create(certificate=certificate, case=case, organisation=case.organisation, shared_at=at)


@transaction.atomic(durable=True)
def reuse(case_ref: UUID, *, earlier: UUID, wording: Wording, actor: Actor, at: datetime) -> Share:
    """The applicant shows the certificate of an earlier check instead of beginning a new one, which ends by it.

    Only a current certificate of the same authority, for the same activity and purpose, that names the person who was
    invited. Raises Refused("nothing-to-reuse") for any other, IllegalMove once the new check has begun.
    """
    found = Case.objects.select_for_update().filter(ref__in=[case_ref, earlier]).order_by("pk")
    both = {case.ref: case for case in found}
    case, before = both[case_ref], both[earlier]
    certificate = live_certificate(before) if before.state in (CaseState.CLEARED, CaseState.CLOSED) else None
    if certificate is None or not _serves(certificate, case, localdate(at)):
        raise Refused("nothing-to-reuse")
    if wording.purpose != ConsentPurpose.RELEASE:
        raise Refused("consent-incomplete")
    keep(case, wording, plan={}, actor=actor, at=at)
    move_case(case, CaseMove.REUSE, actor=actor, at=at)
    return _shared(case, certificate, actor=actor, at=at)


def _serves(certificate: Certificate, case: Case, today: date) -> bool:
    """Whether it says what a new check of `case` would say, of the person who was invited."""
    issued, invited = certificate.case, contact_of(case)
    return (
        issued.pk != case.pk
        and (issued.home, issued.activity, issued.purpose) == (case.home, case.activity, case.purpose)
        and is_current(certificate.state, certificate.valid_until, today)
        and names(contents_of(certificate).holder_name, f"{invited.given_name} {invited.surname}")
    )


@transaction.atomic(durable=True)
def looked_up(certificate_id: int, *, actor: Actor, at: datetime) -> None:
    """Somebody verified a certificate: counted by date for its holder, with nothing about the verifier."""
    certificate = Certificate.objects.select_related("case").get(pk=certificate_id)
    record("certificate.verify", certificate.case.ref, actor, at, certificate=certificate.number)
