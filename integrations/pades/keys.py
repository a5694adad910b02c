"""Where a seal's key and its certificates come from: PEM text or a file of this installation."""

import contextlib
import os
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import NameOID

from integrations.pades.cms import Chain
from vetting.errors import Unusable

MADE_UP = "Made up at set-up, trusted by nobody"
"""The organisation in the names of certificates that set-up makes: nobody can take such a seal for an authority's."""
_BEGINS, _ENDS = datetime(2020, 1, 1, tzinfo=UTC), datetime(2049, 12, 31, tzinfo=UTC)
_BEGIN_CERTIFICATE = b"-----BEGIN CERTIFICATE-----"


def chain_of(certificates: Sequence[bytes]) -> list[x509.Certificate]:
    """The certificates from their DER. Raises Unusable("seal-certificate-form")."""
    try:
        return [x509.load_der_x509_certificate(one) for one in certificates]
    except (ValueError, UnsupportedAlgorithm):
        raise Unusable("seal-certificate-form") from None


def linked(chain: list[x509.Certificate]) -> Chain:
    """The same chain, seen to be one: for sealing with ES256, each issued by the next, up to one that issued itself.

    Raises Unusable("seal-certificate…").
    """
    if not chain:
        raise Unusable("seal-certificate-missing")
    public, own = chain[0].public_key(), chain[0]
    if not isinstance(public, ec.EllipticCurvePublicKey) or not isinstance(public.curve, ec.SECP256R1):
        raise Unusable("seal-certificate-not-p256")
    if own.issuer.public_bytes() not in own.public_bytes(Encoding.DER):
        raise Unusable("seal-certificate-form")
    try:
        usage = own.extensions.get_extension_for_class(x509.KeyUsage).value
    except (x509.ExtensionNotFound, ValueError):
        raise Unusable("seal-certificate-usage") from None
    if not (usage.content_commitment or usage.digital_signature):
        raise Unusable("seal-certificate-usage")
    try:
        for one, issuer in zip(chain, [*chain[1:], chain[-1]], strict=True):
            one.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        raise Unusable("seal-certificate-chain") from None
    return chain


class PemKey:
    """See `SealKey`: an EC P-256 private key in PEM, and after it its certificates, its own first and the root last."""

    def __init__(self, pem: bytes) -> None:
        """Raises Unusable("seal-key…") when the key is none, or the certificate is another key's."""
        self._chain = pem_chain(pem)
        try:
            key = load_pem_private_key(pem, password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            raise Unusable("seal-key-not-pem") from None
        if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
            raise Unusable("seal-key-not-p256")
        if not self._chain or chain_of(self._chain[:1])[0].public_key() != key.public_key():
            raise Unusable("seal-key-of-another-certificate")
        self._key = key

    def chain(self) -> Sequence[bytes]:
        return self._chain

    def sign(self, data: bytes) -> bytes:
        return self._key.sign(data, ec.ECDSA(SHA256()))


def pem_chain(pem: bytes) -> list[bytes]:
    """The certificates in a PEM text, as DER. Raises Unusable("seal-certificate-form")."""
    if _BEGIN_CERTIFICATE not in pem:
        return []
    try:
        return [one.public_bytes(Encoding.DER) for one in x509.load_pem_x509_certificates(pem)]
    except (ValueError, UnsupportedAlgorithm):
        raise Unusable("seal-certificate-form") from None


def _certificate(
    name: x509.Name, public: ec.EllipticCurvePublicKey, issuer: x509.Name, signer: ec.EllipticCurvePrivateKey
) -> x509.Certificate:
    """Of an issuer when it names itself, else of a seal."""
    root = name == issuer
    usage = dict.fromkeys(
        ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
         "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"), False,
    )  # fmt: skip
    usage |= {"key_cert_sign": True, "crl_sign": True} if root else {"content_commitment": True}
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(_BEGINS)
        .not_valid_after(_ENDS)
        .add_extension(x509.BasicConstraints(ca=root, path_length=0 if root else None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(identifier, critical=False)
        .sign(signer, SHA256())
    )


def made_up_pem(organisation: str = MADE_UP) -> bytes:
    """A fresh key with a certificate from a root that signs this one and is forgotten: for the demo and tests alone."""

    def name(common: str) -> x509.Name:
        parts = (NameOID.ORGANIZATION_NAME, organisation), (NameOID.COMMON_NAME, common)
        return x509.Name([x509.NameAttribute(kind, value) for kind, value in parts])

    root, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    top = _certificate(name("Invented root"), root.public_key(), name("Invented root"), root)
    own = _certificate(name("Seal of an invented authority"), key.public_key(), name("Invented root"), root)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private + own.public_bytes(Encoding.PEM) + top.public_bytes(Encoding.PEM)


def _create(path: Path) -> None:
    """A whole key file or none, whenever the process ends; when two begin at once, the first one's key counts."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(f".{secrets.token_hex(8)}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(made_up_pem())
        file.flush()
        os.fsync(file.fileno())
    with contextlib.suppress(FileExistsError):
        os.link(fresh, path)
    fresh.unlink()


def key_from_environment(*, create: bool = False) -> PemKey:
    """The key of SEAL_KEY (PEM text) or SEAL_KEY_FILE. `create` makes the file when it is missing, for the demo alone.

    Raises Unusable("no-seal-key").
    """
    text, path = os.environ.get("SEAL_KEY", ""), os.environ.get("SEAL_KEY_FILE", "")
    if not text and path and create and not Path(path).exists():
        _create(Path(path))
    if not text and not (path and Path(path).is_file()):
        raise Unusable("no-seal-key")
    return PemKey(text.encode() if text else Path(path).read_bytes())


def retired_from_environment() -> list[list[bytes]]:
    """The certificates of older seals, a chain in each PEM file of SEALS_RETIRED_DIR."""
    folder = os.environ.get("SEALS_RETIRED_DIR", "")
    return [pem_chain(file.read_bytes()) for file in sorted(Path(folder).glob("*.pem"))] if folder else []
