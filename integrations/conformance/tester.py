"""An invented authority that talks to the node under test: its key, its messages, and what it gets back."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, HTTPSHandler, Request, build_opener

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from integrations.ecris.message import EcrisWriter
from integrations.gateways.exchange import context
from integrations.jose.envelopes import JoseEnvelopes
from integrations.jose.signer import Es256Signer, generate_private_pem
from integrations.jose.strict import ORDER, b64, compact, header
from vetting.enquiries.ports import RequestContents
from vetting.errors import Unavailable
from vetting.exchange.ports import Envelope, TokenType
from vetting.identity.ports import Document, PartialDate, Person, PersonName, Place

MOST_BYTES = 64 * 1024
TIMEOUT = 15.0
NOBODY = Person(
    name=PersonName("Proba", "Izmislena-Conformance"),
    sex=0,
    birth_date=PartialDate(1990, 5, 17),
    birth_place=Place("PL", "Miasto Wzorcowe"),
    nationalities=("PL",),
    document=Document("passport", "INVENTED-CONFORMANCE"),
)


@dataclass(frozen=True)
class Sending:
    """One POST: its path, its envelope, its body, and headers that differ from the usual ones."""

    token: str
    body: bytes = field(default=b"", repr=False)
    path: str = "/api/messages/"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Came:
    """What came back: a status, a code of a refusal or the text of a signed paper."""

    status: int
    code: str = ""
    paper: str = ""


class _NoRedirects(HTTPRedirectHandler):
    """A redirect is an answer like any other."""

    def redirect_request(self, *_args: Any, **_named: Any) -> None:
        return None


class Tester:
    """Speaks as State `us` to the node of State `them` at `address`. `at` is aware: the moment of the run."""

    def __init__(self, address: str, *, us: str, them: str, pem: bytes, at: datetime) -> None:
        self.address, self.us, self.them, self.at = address.rstrip("/"), us, them, at.astimezone(UTC)
        self.pem, self.writer = pem, EcrisWriter()
        self.envelopes = JoseEnvelopes(Es256Signer(pem))
        self.stranger = JoseEnvelopes(Es256Signer(generate_private_pem()))
        self.kid = self.envelopes.public_keys()["keys"][0]["kid"]
        self.receipts: dict[str, str] = {}
        self._keys: dict[str, Any] = {}
        self._open = build_opener(_NoRedirects(), HTTPSHandler(context=context())).open

    def id(self, letters: str) -> str:
        """A fresh message id of ours."""
        return f"{self.us}-{self.them}-{letters}-{secrets.randbelow(10**15):015d}"

    def request(self, message_id: str, *, consent: str = "Yes", person: Person = NOBODY) -> bytes:
        """A REQ about nobody."""
        contents = RequestContents(
            message_id=message_id, sender=self.us, receiver=self.them, at=self.at, person=person,
            purpose={"en": "Conformance test, an invented person"}, authority_name={"en": "Invented authority"},
            case_reference="CONFORMANCE",
        )  # fmt: skip
        return self.writer.request(contents).replace(b"Consent>Yes<", f"Consent>{consent}<".encode())

    def envelope(self, message_id: str, body: bytes, **changes: Any) -> Envelope:
        """What we say of a message."""
        digest = hashlib.sha256(body).hexdigest()
        return replace(Envelope(self.us, self.them, message_id, digest, self.at), **changes)

    def seal(self, message_id: str, body: bytes, *, late: int = 0, **changes: Any) -> str:
        """The same, signed; written `late` seconds ago."""
        said = self.envelope(message_id, body, at=self.at - timedelta(seconds=late), **changes)
        return self.envelopes.seal(said, TokenType.ENVELOPE)

    def forge(self, message_id: str, body: bytes, *, head: Mapping[str, Any] | None = None, **claims: Any) -> str:
        """An envelope with our key and claims or headers that our own signer would not write; None leaves one out."""
        at = int(self.at.timestamp())
        whole = {
            "iss": self.us, "aud": self.them, "jti": message_id, "iat": at, "exp": at + 300,
            "sha256": hashlib.sha256(body).hexdigest(), **claims,
        }  # fmt: skip
        kept = {name: value for name, value in whole.items() if value is not None}
        front = f"{b64(compact({**header(self.kid, TokenType.ENVELOPE), **(head or {})}))}.{b64(compact(kept))}"
        key = load_pem_private_key(self.pem, password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise TypeError("not a key of an elliptic curve")
        r, s = decode_dss_signature(key.sign(front.encode(), ec.ECDSA(SHA256())))
        return f"{front}.{b64(r.to_bytes(32, 'big') + min(s, ORDER - s).to_bytes(32, 'big'))}"

    def query(self, message_id: str, body: bytes, **changes: Any) -> str:
        """A signed question how a REQ stands."""
        return self.envelopes.seal(self.envelope(message_id, body, **changes), TokenType.QUERY)

    def post(self, sending: Sending) -> Came:
        """Send it. Raises Unavailable when nobody answers."""
        headers = {"Content-Type": "application/xml", "Accept-Encoding": "identity", **sending.headers}
        if sending.token:
            headers["Message-Envelope"] = sending.token
        status, found = self._reach(Request(self.address + sending.path, sending.body, headers, method="POST"))
        try:
            said = json.loads(found)
        except ValueError:
            said = None
        code = said.get("code") if isinstance(said, dict) else None
        return Came(status, code if isinstance(code, str) else "", found.decode("ascii", "replace"))

    def _reach(self, request: Request) -> tuple[int, bytes]:
        if request.type not in ("http", "https"):
            raise Unavailable("address")
        try:
            with self._open(request, timeout=TIMEOUT) as answer:
                return answer.status, answer.read(MOST_BYTES)
        except HTTPError as no:
            return no.code, no.read(MOST_BYTES)
        except (URLError, OSError, ValueError):
            raise Unavailable("network") from None

    def keys(self) -> dict[str, Any]:
        """The key set that the node publishes. Raises Unavailable when there is none."""
        if not self._keys:
            status, found = self._reach(Request(self.address + "/.well-known/node-keys.json"))
            try:
                self._keys = json.loads(found)
            except ValueError:
                raise Unavailable(f"key-set-{status}") from None
        return self._keys

    def opened(self, paper: str, kind: TokenType) -> Envelope:
        """What the node signed. Raises Unusable."""
        return self.envelopes.open(paper, kind, {self.them: self.keys()})
