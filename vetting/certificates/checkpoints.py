"""Signed Merkle roots over all heads of the audit chains: an auditor with the public key needs nothing else of ours.

It lives here because it needs the signer, which this stage brings.
"""

from collections.abc import Iterator
from datetime import datetime
from uuid import uuid4

from django.conf import settings
from django.db import transaction

from vetting.audit.models import Checkpoint, Head
from vetting.audit.rules import merkle_root
from vetting.certificates.gateways import signer
from vetting.errors import Unusable

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
