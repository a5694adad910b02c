"""The authority's seal on a PDF file: a certification signature after PAdES, and the one strict reader of it."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from integrations.pades.cms import Chain, Parts, attributes, parts_of, signed_data
from integrations.pades.keys import MADE_UP, chain_of, linked
from integrations.pades.revision import dissected, sealing
from vetting.certificates.ports import SealKey, Timestamps
from vetting.errors import Unusable

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""The order of P-256. Of the two valid values of s we write and accept the lower one: one signature, one file."""
LONGEST_SIGNATURE = 72
ROOM_FOR_TOKEN = 12 * 1024
"""Bytes kept for a time stamp with the certificates of its authority."""


class PadesSeal:
    """See `Seal`. Signs by one key, wherever that is kept, and opens what it, or a retired one, has sealed."""

    def __init__(
        self, key: SealKey, *, retired: Sequence[Sequence[bytes]] = (), timestamps: Timestamps | None = None
    ) -> None:
        """Raises Unusable("seal-certificate…") when the certificates do not fit together, or are not for a seal."""
        self._key, self._timestamps = key, timestamps
        self._chains = [linked(chain_of(chain)) for chain in (key.chain(), *retired)]

    @property
    def made_up(self) -> bool:
        return any(name.value == MADE_UP for name in self._chains[0][-1].subject)

    def certificates(self) -> bytes:
        return b"".join(one.public_bytes(Encoding.PEM) for one in self._chains[0])

    def seal(self, file: bytes, *, at: datetime) -> bytes:
        own = self._chains[0][0]
        if not own.not_valid_before_utc <= at <= own.not_valid_after_utc:
            raise Unusable("seal-certificate-expired")
        stamped = bytes(ROOM_FOR_TOKEN) if self._timestamps else b""
        # The largest there may be; what is left over of it stays zero.
        room = len(signed_data(self._chains[0], attributes(bytes(32), own), Parts(bytes(LONGEST_SIGNATURE), stamped)))
        prepared = sealing(file, at, room)
        signed = attributes(prepared.digest, own)
        signature = _low(self._key.sign(signed))
        token = self._timestamps.stamp(hashlib.sha256(signature).digest()) if self._timestamps else b""
        return prepared.filled(signed_data(self._chains[0], signed, Parts(signature, token)))

    def open(self, sealed: bytes) -> bytes:
        """Builds the seal again from what is in it, and compares: a byte that nobody signs has no room to differ."""
        file, moment, gap = dissected(sealed)
        parts = parts_of(gap)
        prepared = sealing(file, moment, len(gap))
        for chain in self._chains:
            signed = attributes(prepared.digest, chain[0])
            message = signed_data(chain, signed, parts)
            if len(message) <= prepared.room and prepared.filled(message) == sealed:
                self._verify(chain, moment, signed, parts)
                return file
        raise Unusable("seal-does-not-fit")

    def _verify(self, chain: Chain, moment: datetime, signed: bytes, parts: Parts) -> None:
        own = chain[0]
        if not own.not_valid_before_utc <= moment <= own.not_valid_after_utc:
            raise Unusable("seal-certificate-expired")
        try:
            _public(own).verify(parts.signature, signed, ec.ECDSA(SHA256()))
        except InvalidSignature:
            raise Unusable("seal-signature") from None
        if _low(parts.signature) != parts.signature:
            raise Unusable("seal-signature")
        if parts.token:
            if self._timestamps is None:
                raise Unusable("seal-time-unknown")
            self._timestamps.moment(parts.token, hashlib.sha256(parts.signature).digest())


def _public(certificate: x509.Certificate) -> ec.EllipticCurvePublicKey:
    key = certificate.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise Unusable("seal-certificate-not-p256")
    return key


def _low(signature: bytes) -> bytes:
    """The signature with s in its lower half. Raises Unusable("seal-signature") for what is none."""
    try:
        r, s = decode_dss_signature(signature)
    except ValueError:
        raise Unusable("seal-signature") from None
    return encode_dss_signature(r, min(s, ORDER - s))
