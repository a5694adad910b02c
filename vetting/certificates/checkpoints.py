"""Signed Merkle roots over all heads of the audit chains: an auditor with the public key needs nothing else of ours.

It lives here because it needs the signer, which this stage brings. And every certificate, looked at once more.
"""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import uuid4

from django.conf import settings
from django.db import transaction

from vetting.audit.models import Checkpoint, Head
from vetting.audit.rules import merkle_root
from vetting.certificates.gateways import signer
from vetting.certificates.models import Certificate
from vetting.certificates.queries import contents_of, page_of, status_of, token_of
from vetting.certificates.rules import CERTIFICATE_TYPE, CertificateState
from vetting.certificates.services import claims_of
from vetting.errors import Unusable
from vetting.keys.models import KeyGone

TYPE = "at10-checkpoint+jwt"


def _heads() -> list[bytes]:
    heads = Head.objects.order_by("chain").values_list("chain", "length", "hash")
    return [chain.bytes + length.to_bytes(8, "big") + bytes(digest) for chain, length, digest in heads]


@transaction.atomic(durable=True)
def write_checkpoint(*, at: datetime) -> Checkpoint:
    """Sign the root over all heads as they are now, together with the root before it."""
    leaves = _heads()
    newest = Checkpoint.objects.select_for_update().order_by("-pk").first()
    root, previous = merkle_root(leaves), bytes(newest.root) if newest else bytes(32)
    token = signer().sign(
        {
            "iss": settings.BASE_URL,
            "jti": str(uuid4()),
            "iat": int(at.timestamp()),
            "exp": int(at.timestamp()) + 10 * 366 * 86400,
            "chains": len(leaves),
            "root": root.hex(),
            "previous": previous.hex(),
        },
        typ=TYPE,
    )
    return Checkpoint.objects.create(at=at, chains=len(leaves), root=root, previous_root=previous, token=token)


def broken_checkpoints() -> Iterator[str]:
    """A sentence for each checkpoint whose signature, root or link to the one before does not hold."""
    previous = bytes(32)
    for checkpoint in Checkpoint.objects.order_by("pk").iterator():
        try:
            said = signer().open(checkpoint.token, typ=TYPE)
        except Unusable:
            yield f"checkpoint {checkpoint.pk}: the signature does not hold"
            continue
        if said["root"] != bytes(checkpoint.root).hex() or said["previous"] != previous.hex():
            yield f"checkpoint {checkpoint.pk}: it does not follow the one before"
        previous = bytes(checkpoint.root)


def broken_certificates() -> Iterator[str]:
    """A sentence for each certificate whose token or page is not what was issued. Erased ones have neither any more."""
    seen = Certificate.objects.exclude(state=CertificateState.INTENDED).exclude(sealed_token=None)
    for certificate in seen.select_related("case", "status_list").order_by("pk").iterator(200):
        try:
            if wrong := _wrong_with(certificate):
                yield f"certificate {certificate.number}: {wrong}"
        except KeyGone:
            continue
        except Unusable as refused:
            yield f"certificate {certificate.number}: it cannot be opened ({refused.code})"


def _wrong_with(certificate: Certificate) -> str:
    token, page = token_of(certificate), page_of(certificate)
    said = signer().open(token, typ=CERTIFICATE_TYPE)
    signed_at = datetime.fromtimestamp(said["iat"], UTC)
    due = claims_of(contents_of(certificate), b"", signed_at, status=status_of(certificate))
    about_page = {name: said.get(name) for name in ("page_bytes", "page_sha256")}
    if said != {**due, **about_page}:
        return "the token does not say what is printed"
    if hashlib.sha256(page).hexdigest() != certificate.page_digest or token.encode() not in page:
        return "the page is not the one that was issued"
    return ""
