"""A CAdES signature as PAdES wants it: CMS SignedData (RFC 5652) after ETSI EN 319 122-1 and EN 319 142-1, baseline
B-B, and B-T with a time stamp. One key, one algorithm, one way to write it: the same parts give the same bytes."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from integrations.pades.der import OCTETS, SEQUENCE, SET, explicit, integer, oid, sequence, set_of, split, tlv

_SIGNED_DATA, _DATA = oid("1.2.840.113549.1.7.2"), oid("1.2.840.113549.1.7.1")
_CONTENT_TYPE, _MESSAGE_DIGEST = oid("1.2.840.113549.1.9.3"), oid("1.2.840.113549.1.9.4")
_SIGNING_CERTIFICATE_V2 = oid("1.2.840.113549.1.9.16.2.47")
_TIME_STAMP_TOKEN = oid("1.2.840.113549.1.9.16.2.14")
_SHA256 = sequence(oid("2.16.840.1.101.3.4.2.1"))
_ECDSA_SHA256 = sequence(oid("1.2.840.10045.4.3.2"))
_VERSION = integer(1)
_SIGNED, _UNSIGNED = 0xA0, 0xA1

Chain = Sequence[x509.Certificate]


@dataclass(frozen=True)
class Parts:
    """What one seal has that another by the same key has not; `token` is empty where no time stamp is."""

    signature: bytes
    token: bytes = b""


def attributes(digest: bytes, certificate: x509.Certificate) -> bytes:
    """What is signed: the digest of the file, and which certificate belongs to the signature (RFC 5035).

    No time: in a PDF it stands in the signature dictionary (EN 319 142-1, 6.3).
    """
    essence = hashlib.sha256(certificate.public_bytes(Encoding.DER)).digest()
    return set_of(
        (
            sequence(_CONTENT_TYPE, tlv(SET, _DATA)),
            sequence(_MESSAGE_DIGEST, tlv(SET, tlv(OCTETS, digest))),
            sequence(_SIGNING_CERTIFICATE_V2, tlv(SET, sequence(sequence(sequence(tlv(OCTETS, essence)))))),
        )
    )


def signed_data(chain: Chain, signed: bytes, parts: Parts) -> bytes:
    """The whole message, with every certificate of the chain; the signer's comes first in `chain`."""
    own = chain[0]
    stamps = [sequence(_TIME_STAMP_TOKEN, tlv(SET, parts.token))] if parts.token else []
    signer = sequence(
        _VERSION,
        sequence(own.issuer.public_bytes(), integer(own.serial_number)),
        _SHA256,
        bytes((_SIGNED,)) + signed[1:],  # the same content under the tag that it has here (RFC 5652, 5.4)
        _ECDSA_SHA256,
        tlv(OCTETS, parts.signature),
        *(set_of(stamps, _UNSIGNED) for _ in stamps),
    )
    content = sequence(
        _VERSION,
        tlv(SET, _SHA256),
        sequence(_DATA),
        set_of((one.public_bytes(Encoding.DER) for one in chain), _SIGNED),
        tlv(SET, signer),
    )
    return sequence(_SIGNED_DATA, explicit(0, content))


def parts_of(message: bytes) -> Parts:
    """Signature and time stamp of a message; whether all the rest is right shows only when it is built again and
    compared. Raises Unusable("seal-form")."""
    whole, _ = split(message, SEQUENCE)
    _, content = split(whole, 0x06)
    content, _ = split(split(content, _SIGNED)[0], SEQUENCE)
    for tag in (0x02, SET, SEQUENCE, _SIGNED):
        _, content = split(content, tag)
    signer, _ = split(split(content, SET)[0], SEQUENCE)
    for tag in (0x02, SEQUENCE, SEQUENCE, _SIGNED, SEQUENCE):
        _, signer = split(signer, tag)
    signature, rest = split(signer, OCTETS)
    token = b""
    if rest:
        _, values = split(split(split(rest, _UNSIGNED)[0], SEQUENCE)[0], 0x06)
        token, _ = split(values, SET)
    return Parts(signature, token)
