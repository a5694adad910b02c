"""One HTTP request to another node, bounded as a whole: whatever drips, it is over at the deadline."""

import http.client
import os
import queue
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import urlsplit

from vetting.errors import Unavailable, Unusable

MOST_BYTES = 64 * 1024
"""Of a response. An acknowledgement has a few hundred."""


@dataclass(frozen=True)
class Response:
    """What came back, unread beyond its bound."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes = field(repr=False)


def context() -> ssl.SSLContext:
    """TLS 1.2 or newer, the other side verified, with the certificate of this node where there is one.

    NODE_CA_FILE names whom to trust instead of the system's list; NODE_CLIENT_CERT and NODE_CLIENT_KEY are PEM files.
    Raises Unusable("tls-files") when one of them cannot be used.
    """
    try:
        made = ssl.create_default_context(cafile=os.environ.get("NODE_CA_FILE") or None)
        made.minimum_version = ssl.TLSVersion.TLSv1_2
        if certificate := os.environ.get("NODE_CLIENT_CERT"):
            made.load_cert_chain(certificate, os.environ.get("NODE_CLIENT_KEY") or None)
    except (OSError, ValueError):
        raise Unusable("tls-files") from None
    return made


def connection(address: str, timeout: float) -> tuple[http.client.HTTPConnection, str]:
    """An unopened connection to `address`, and the path it names. Plain http leads to this very machine alone."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    if parts.scheme == "https":
        return http.client.HTTPSConnection(host, parts.port, timeout=timeout, context=context()), parts.path
    with suppress(ValueError):
        if parts.scheme == "http" and ip_address(host).is_loopback:
            return http.client.HTTPConnection(host, parts.port, timeout=timeout), parts.path
    raise Unusable("partner-address")


def post(address: str, *, body: bytes, headers: Mapping[str, str], deadline: float) -> Response:
    """The answer to one POST, names, TLS, headers and body within `deadline` seconds altogether; redirects stay unread.

    Raises Unavailable when the network does not give one in time, or one that is too large.
    """
    line, path = connection(address, deadline)
    return over(line, "POST", path, body=body, headers=headers, deadline=deadline)


def over(
    line: http.client.HTTPConnection,
    method: str,
    path: str,
    *,
    body: bytes,
    headers: Mapping[str, str],
    deadline: float,
) -> Response:
    """As `post`, over an unopened connection of the caller's."""
    began = time.monotonic()
    answers: queue.SimpleQueue[Response | Unavailable] = queue.SimpleQueue()

    def work() -> None:
        answers.put(_exchange(line, method, path, body, headers))

    # A thread of its own, because only from outside can a name look-up or a dripping header be cut off.
    threading.Thread(target=work, name="node-post", daemon=True).start()
    try:
        answer = answers.get(timeout=max(0.0, deadline - (time.monotonic() - began)))
    except queue.Empty:
        answer = Unavailable("deadline")
    finally:
        _hang_up(line)
    if isinstance(answer, Exception):
        raise answer
    return answer


def _exchange(
    line: http.client.HTTPConnection, method: str, path: str, body: bytes, headers: Mapping[str, str]
) -> Response | Unavailable:
    try:
        line.request(method, path, body=body or None, headers=dict(headers))
        response = line.getresponse()
        found = response.read(MOST_BYTES + 1)
    except (OSError, http.client.HTTPException, ValueError):
        # Its text may name hosts and quote headers; that it did not work is all that anybody can act on.
        return Unavailable("network")
    finally:
        line.close()
    if len(found) > MOST_BYTES:
        return Unavailable("answer-too-large")
    return Response(response.status, response.headers, found)


def _hang_up(line: http.client.HTTPConnection) -> None:
    """Wake the thread if it still reads: its socket ends, and it with it."""
    if (sock := line.sock) is not None:
        with suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)
