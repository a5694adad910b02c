"""A certificate, a key set and a status list of an invented issuer, and how to alter each of them."""

import base64
import json
import zlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from integrations.jose.verify import main
from tests.integrations.forger import KEY, SIGNER, forged

ISSUER = "https://check.example"
LIST = f"{ISSUER}/status-lists/1"
CERTIFICATE_TYPE, LIST_TYPE = "at10-clearance+jwt", "statuslist+jwt"
NOW = 1_800_000_000
PLACE = 421_337
CLAIMS: dict[str, Any] = {
    "iss": ISSUER,
    "jti": "5f0c7d1e-0000-4000-8000-000000000001",
    "iat": NOW - 86_400,
    "nbf": NOW - 86_400,
    "exp": NOW + 86_400 * 300,
    "issuer": "Invented Bureau",
    "number": "7K3M-9QXD-2V4T",
    "holder_name": "Iga Wzorowa",
    "holder_birth_date": "1990-05-17",
    "activity": "teaching",
    "role": "paid",
    "issued_on": "2027-01-14",
    "valid_until": "2027-11-10",
    "status": {"status_list": {"idx": PLACE, "uri": LIST}},
}
KID = SIGNER.public_keys()["keys"][0]["kid"]


def lst(*, valid=True, size=2**17, place=PLACE):
    bits = bytearray(b"\xa5" * size)
    if place >> 3 < size:
        bits[place >> 3] = bits[place >> 3] & ~(1 << (place & 7)) if valid else bits[place >> 3] | 1 << (place & 7)
    return base64.urlsafe_b64encode(zlib.compress(bytes(bits))).rstrip(b"=").decode()


STATUS: dict[str, Any] = {
    "iss": ISSUER,
    "sub": LIST,
    "jti": "list",
    "iat": NOW - 300,
    "exp": NOW + 80_000,
    "ttl": 600,
    "status_list": {"bits": 1, "lst": lst()},
}


def header(typ, **more):
    return {"alg": "ES256", "kid": KID, "typ": typ, **more}


def certificate(payload=CLAIMS, key=KEY, **more):
    return forged({**header(CERTIFICATE_TYPE), **more}, payload, key)


def status(payload=None, key=KEY, **more):
    return forged({**header(LIST_TYPE), **more}, {**STATUS, **(payload or {})}, key)


@dataclass(frozen=True)
class Desk:
    """A verifier with three files and no network."""

    folder: Path
    certificate: str | bytes = certificate()
    keys: str = json.dumps({"issuer": ISSUER, **SIGNER.public_keys()})
    status: str = status()
    at: int = NOW
    more: tuple[str, ...] = ()

    def check(self, capsys, **changes):
        """The exit code and what was said."""
        desk = replace(self, **changes)
        for name in ("certificate", "keys", "status"):
            said = getattr(desk, name)
            (self.folder / name).write_bytes(said if isinstance(said, bytes) else said.encode())
        code = main(desk.arguments())
        return code, capsys.readouterr().out

    def arguments(self, named=None):
        files = [str(self.folder / name) for name in ("certificate", "keys", "status")]
        at = datetime.fromtimestamp(self.at, UTC).isoformat()
        return [named or files[0], "--keys", files[1], "--status", files[2], "--at", at, *self.more]
