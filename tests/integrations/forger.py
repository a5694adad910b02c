"""A forger of tokens who has every key: what is refused, is refused for its form alone."""

import base64
import hashlib
import hmac
import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from integrations.jose.signer import ORDER, Es256Signer

TYPE = "at10-clearance+jwt"
CLAIMS: dict[str, Any] = {
    "iss": "https://check.example",
    "jti": "one",
    "iat": 1_700_000_000,
    "exp": 1_800_000_000,
    "name": "Ødegård",
}
KEY = ec.generate_private_key(ec.SECP256R1())
PEM = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
SIGNER = Es256Signer(PEM)
TOKEN = SIGNER.sign(CLAIMS, typ=TYPE)
KID = SIGNER.public_keys()["keys"][0]["kid"]
HEADER = {"alg": "ES256", "kid": KID, "typ": TYPE}


def b64(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def packed(value):
    return value if isinstance(value, bytes) else json.dumps(value, separators=(",", ":"), sort_keys=True).encode()


def raw_signature(front, key=KEY, *, low=True):
    r, s = decode_dss_signature(key.sign(front.encode(), ec.ECDSA(SHA256())))
    s = min(s, ORDER - s) if low else max(s, ORDER - s)
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def forged(header=HEADER, payload=CLAIMS, key=KEY, *, low=True):
    """A token with the very key of the installation, so that nothing but its form can be what is refused."""
    front = f"{b64(packed(header))}.{b64(packed(payload))}"
    return f"{front}.{b64(raw_signature(front, key, low=low))}"


def hmac_signed(secret, header, *, as_long_as_ours=False):
    front = f"{b64(packed(header))}.{b64(packed(CLAIMS))}"
    digest = hmac.new(secret, front.encode(), hashlib.sha256).digest()
    return f"{front}.{b64(digest * 2 if as_long_as_ours else digest)}"


def public(encoding):
    return KEY.public_key().public_bytes(encoding, PublicFormat.SubjectPublicKeyInfo)


def own_jwk():
    return {name: value for name, value in SIGNER.public_keys()["keys"][0].items() if name in ("crv", "kty", "x", "y")}
