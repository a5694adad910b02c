"""What holders, organisations and strangers may know about a certificate."""

import hashlib
import hmac
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import F, Q, QuerySet, Sum, Value
from django.utils.timezone import localdate

from vetting.cases.models import Case
from vetting.cases.rules import tidy_reference
from vetting.certificates.models import Certificate, Share, ShareCode, StatusList
from vetting.certificates.ports import CertificateContents, Coverage
from vetting.certificates.rules import (
    DRAWS,
    MOST_STIRRED,
    PLACES,
    STIRRED,
    WORD,
    CertificateState,
    Shows,
    is_current,
    is_valid_at,
    period_of,
    turn,
    written,
)
from vetting.keys.models import KeyGone
from vetting.keys.queries import unseal, unseal_document


@dataclass(frozen=True)
class Standing:
    """Everything a verifier learns. When not current, scope and date are withheld too."""

    current: bool
    activity: str = ""
    role: str = ""
    valid_until: date | None = None


NOT_CURRENT = Standing(current=False)


def code_digest(code: str) -> str:
    """What is kept of a verification code: SHA-256 in hex of its tidy form."""
    return hashlib.sha256(tidy_reference(code).encode()).hexdigest()


def standing_of(certificate: Certificate, today: date) -> Standing:
    """What may be said of a certificate whose code was right."""
    if not is_current(certificate.state, certificate.valid_until, today):
        return NOT_CURRENT
    return Standing(True, certificate.activity, certificate.role, certificate.valid_until)


def verify(number: str, code: str, today: date) -> tuple[Certificate | None, Standing]:
    """Look a certificate up by what is printed on it. Unknown, wrong and not current are one answer."""
    given = code_digest(code)
    found = Certificate.objects.filter(number=tidy_reference(number)).select_related("case").first()
    known = hmac.compare_digest(found.code_digest if found else "0" * 64, given)
    if found is None or not known:
        return None, NOT_CURRENT
    return found, standing_of(found, today)


def live_certificate(case: Case) -> Certificate | None:
    """The certificate its holder can see: published, and current or expired since."""
    return (
        case.certificates.filter(state__in=[CertificateState.CURRENT, CertificateState.EXPIRED]).order_by("-pk").first()
    )


def contents_of(certificate: Certificate) -> CertificateContents:
    """What is printed. Raises KeyGone after erasure."""
    said: dict[str, Any] = unseal_document(
        certificate.case.ref, f"certificate/{certificate.jti}", bytes(certificate.sealed_contents)
    )
    coverage = tuple(
        Coverage(
            **{
                **row,
                "asked_on": date.fromisoformat(row["asked_on"]),
                "answered_on": date.fromisoformat(row["answered_on"]) if row["answered_on"] else None,
            }
        )
        for row in said.pop("coverage")
    )
    for day in ("issued_on", "valid_until"):
        said[day] = date.fromisoformat(said[day])
    return CertificateContents(**said, coverage=coverage)


def page_of(certificate: Certificate) -> bytes:
    """The PDF, sealed by the authority. Raises KeyGone after erasure."""
    return unseal(certificate.case.ref, f"page/{certificate.jti}", bytes(certificate.sealed_page or b""))


def share_with_asker(case: Case) -> Share | None:
    """The standing share that answers this vetting request."""
    return Share.objects.filter(case=case, revoked_at=None).select_related("certificate__case").order_by("-pk").first()


def share_seen(case: Case) -> Share | None:
    """The newest share that answers this vetting request, standing or revoked: what the organisation saw stays seen."""
    return Share.objects.filter(case=case).select_related("certificate__case").order_by("-pk").first()


def standing_of_share(share: Share, today: date) -> Standing:
    """What an organisation learns of a certificate that was shared with it. One that its holder no longer shares looks
    like one that stopped being current for any other reason."""
    return NOT_CURRENT if share.revoked_at else standing_of(share.certificate, today)


def is_shared(certificate: Certificate | None) -> bool:
    """Whether this very certificate, and not one that it superseded, is shared with the organisation that asked."""
    return certificate is not None and certificate.shares.filter(case=certificate.case_id, revoked_at=None).exists()


def answered_earlier(share: Share | None) -> bool:
    """Whether a vetting request is answered by the certificate of an earlier one."""
    return share is not None and share.certificate.case_id != share.case_id


def shared_cases(case_ids: list[int]) -> set[int]:
    """Which of these cases are answered by a certificate that was shared: one query for a page of rows."""
    return set(Share.objects.filter(case__in=case_ids).values_list("case_id", flat=True))


def shares_of(case: Case) -> list[Share]:
    """With whom the holder of this case shares a certificate, or did: newest first."""
    shares = Share.objects.filter(Q(case=case) | Q(certificate__case=case))
    return list(shares.select_related("organisation", "certificate", "case").order_by("-pk"))


def codes_of(case: Case) -> list[ShareCode]:
    """The codes by which the holder shows their certificate to others, newest first."""
    return list(ShareCode.objects.filter(certificate__case=case).select_related("certificate").order_by("-pk"))


def code_holds(code: ShareCode, today: date) -> bool:
    """Whether a code still gives an answer: through its last day, unless it was revoked."""
    return code.revoked_at is None and today <= code.ends_on


def shown_by(typed: str, today: date) -> tuple[ShareCode | None, Standing]:
    """The fresh answer to a code. Unknown, revoked, over, and not current are one answer, had by one look-up."""
    found = ShareCode.objects.filter(digest=code_digest(typed)).select_related("certificate__case").first()
    if found is None or not code_holds(found, today):
        return None, NOT_CURRENT
    return found, standing_of(found.certificate, today)


def holder_shown(code: ShareCode) -> tuple[str, str] | None:
    """Name and birth date (ISO 8601, as far as known) on the certificate, where its holder wants them seen."""
    if code.shows != Shows.HOLDER:
        return None
    try:
        said = contents_of(code.certificate)
    except KeyGone:
        return None
    return said.holder_name, said.holder_birth_date


def list_address(number: int) -> str:
    """Where a status list is published, and the name by which it is known."""
    return f"{settings.BASE_URL}/status-lists/{number}"


def published_lists() -> list[int]:
    """The numbers of the status lists that there are to read."""
    return list(StatusList.objects.exclude(digest="").order_by("number").values_list("number", flat=True))


def status_of(certificate: Certificate) -> dict[str, Any]:
    """The claim that says where the status of a certificate is to be read; empty when it has no place."""
    if certificate.status_list is None:
        return {}
    address = list_address(certificate.status_list.number)
    return {"status_list": {"idx": certificate.status_index, "uri": address}}


def free_place(kept: StatusList) -> int | None:
    """A random place of the list that nobody has and that reads as valid already, so that no beginning shows.

    None when several draws find no such place: the list is full.
    """
    bits = bytes(kept.bits)
    drawn = [place for place in (secrets.randbelow(PLACES) for _ in range(DRAWS)) if is_valid_at(bits, place)]
    taken = set(kept.certificates.filter(status_index__in=drawn).values_list("status_index", flat=True))
    return next((place for place in drawn if place not in taken), None)


def bits_at(kept: StatusList, at: datetime) -> bytes:
    """The next edition of a list: the one before it, stirred, and the truth at each place that is a certificate's.

    What is not yet published counts as valid: nobody has its token, and it will be valid when somebody does.
    """
    bits = bytearray(kept.bits)
    periods = min(max(period_of(at) - kept.period, 1), MOST_STIRRED)
    turn(bits, (secrets.randbelow(PLACES) for _ in range(STIRRED * periods) if secrets.randbits(1)))
    standing = kept.certificates.filter(
        state__in=[CertificateState.INTENDED, CertificateState.CURRENT], valid_until__gte=localdate(at)
    )
    return written(bits, taken=_words(kept.certificates.all()), valid=_words(standing))


def _words(found: QuerySet[Certificate]) -> Iterator[tuple[int, int]]:
    """The places of certificates as words of so many bits, put together by the database: a row for each word."""
    bit = Value(1).bitleftshift(F("status_index") % WORD)  # type: ignore[arg-type]  # an expression serves too
    words = found.order_by().annotate(word=F("status_index") / WORD).values("word").annotate(ones=Sum(bit))
    return words.values_list("word", "ones").iterator(20_000)
