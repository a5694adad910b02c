"""Time stamps on seals, from an authority over HTTP (RFC 3161). What it answers is read and judged by pyHanko.

The library is loaded with the first time stamp: an installation without them never runs it.
"""

import asyncio
import http.client
import os
import queue
import secrets
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from integrations.pades.keys import pem_chain
from vetting.errors import Unavailable, Unusable

if TYPE_CHECKING:
    from asn1crypto.cms import ContentInfo

DEADLINE = 10.0
"""Seconds for name, TLS, request and answer together."""
MOST_BYTES = 12 * 1024


class HttpTimestamps:
    """See `Timestamps`. `roots` are the DER certificates that a stamp's own must lead to; no other list is asked."""

    def __init__(self, address: str, roots: list[bytes], *, deadline: float = DEADLINE) -> None:
        """Raises Unusable("timestamp-address") and, without roots, Unusable("timestamp-roots-missing")."""
        if urlsplit(address).scheme not in {"http", "https"} or not urlsplit(address).hostname:
            raise Unusable("timestamp-address")
        if not roots:
            raise Unusable("timestamp-roots-missing")
        self._address, self._roots, self._deadline = address, roots, deadline

    def stamp(self, digest: bytes) -> bytes:
        from asn1crypto.tsp import TimeStampReq, TimeStampResp
        from pyhanko.sign.timestamps.common_utils import handle_tsp_response

        nonce = secrets.randbits(63)
        imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": digest}
        request = TimeStampReq({"version": 1, "message_imprint": imprint, "nonce": nonce, "cert_req": True})
        answer = _post(self._address, request.dump(), self._deadline)
        try:
            response = TimeStampResp.load(answer, strict=True)
            # The library's annotation has bytes; it compares whole numbers.
            token = bytes(handle_tsp_response(response, nonce).dump())  # type: ignore[arg-type]
        except Exception:
            # Whatever the library stumbles over in a foreign text: that it is no time stamp is all that matters.
            raise Unusable("timestamp-refused") from None
        self.moment(token, digest)
        return token

    def moment(self, token: bytes, digest: bytes) -> datetime:
        from asn1crypto.cms import ContentInfo

        try:
            read = ContentInfo.load(token, strict=True)
            said = read["content"]["encap_content_info"]["content"].parsed
            at = said["gen_time"].native
            with ThreadPoolExecutor(1) as alone:  # whoever calls may have an event loop of their own
                holds = alone.submit(lambda: asyncio.run(self._holds(read, digest, at))).result()
            whole = read.dump(force=True) == token and holds
        except Exception:
            raise Unusable("timestamp-form") from None
        if not whole or not isinstance(at, datetime):
            raise Unusable("timestamp-not-trusted")
        return at

    async def _holds(self, token: "ContentInfo", digest: bytes, at: datetime) -> bool:
        """Whether it is over this digest, signed, and its certificate good for time stamps when it was made."""
        from asn1crypto.x509 import Certificate
        from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
        from pyhanko.sign.validation.status import TimestampSignatureStatus
        from pyhanko_certvalidator import ValidationContext

        def expected(algorithm: str) -> bytes:
            return digest if algorithm == "sha256" else b""

        roots = [Certificate.load(one) for one in self._roots]
        trust = ValidationContext(trust_roots=roots, moment=at, allow_fetching=False)
        found: dict[str, Any] = await validate_tst_signed_data(token["content"], trust, expected)
        status = TimestampSignatureStatus(**found)
        return bool(status.intact and status.valid and status.trusted)


def _post(address: str, body: bytes, deadline: float) -> bytes:
    """The answer to one request, whatever drips. Raises Unavailable when there is none in time, or one too large."""
    began, answers = time.monotonic(), queue.SimpleQueue[bytes | None]()
    parts = urlsplit(address)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    line = kind(parts.hostname or "", parts.port, timeout=deadline)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")

    def work() -> None:
        answers.put(_exchange(line, path, body))

    # A thread of its own, because only from outside can a name look-up or a dripping header be cut off.
    threading.Thread(target=work, name="timestamp", daemon=True).start()
    try:
        answer = answers.get(timeout=max(0.0, deadline - (time.monotonic() - began)))
    except queue.Empty:
        answer = None
    finally:
        if line.sock is not None:
            with suppress(OSError):
                line.sock.shutdown(2)
    if answer is None or len(answer) > MOST_BYTES:
        raise Unavailable("timestamp")
    return answer


def _exchange(line: http.client.HTTPConnection, path: str, body: bytes) -> bytes | None:
    try:
        line.request("POST", path, body=body, headers={"Content-Type": "application/timestamp-query"})
        response = line.getresponse()
        return response.read(MOST_BYTES + 1) if response.status == http.client.OK else None
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        line.close()


def timestamps_from_environment() -> HttpTimestamps | None:
    """TIMESTAMP_URL, and TIMESTAMP_ROOTS_FILE with whom to trust, in PEM; None without an address.

    Raises Unusable("timestamp-roots-missing") when nobody is named.
    """
    address, path = os.environ.get("TIMESTAMP_URL", ""), os.environ.get("TIMESTAMP_ROOTS_FILE", "")
    if not address:
        return None
    if not (path and Path(path).is_file()):
        raise Unusable("timestamp-roots-missing")
    return HttpTimestamps(address, pem_chain(Path(path).read_bytes()))
