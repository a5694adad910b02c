"""One bounded request to an identity provider: https by the system's own trust, or plainly to this very machine."""

import http.client
import os
import ssl
from collections.abc import Mapping
from contextlib import suppress
from ipaddress import ip_address
from urllib.parse import urlsplit

from integrations.gateways.exchange import Response, over
from vetting.errors import Unusable

DEADLINE = 8.0
"""Seconds for one whole exchange; a sign-in needs two, and a person waits."""


def _context() -> ssl.SSLContext:
    """Not that of nodes, whose certificates are no business of a school. SIGN_IN_CA_FILE adds whom to trust."""
    made = ssl.create_default_context()
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    if file := os.environ.get("SIGN_IN_CA_FILE"):
        try:
            made.load_verify_locations(file)
        except (OSError, ValueError):
            raise Unusable("tls-files") from None
    return made


def _line(address: str) -> tuple[http.client.HTTPConnection, str]:
    parts = urlsplit(address)
    host, path = parts.hostname or "", f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
    if parts.scheme == "https":
        return http.client.HTTPSConnection(host, parts.port, timeout=DEADLINE, context=_context()), path
    with suppress(ValueError):
        if parts.scheme == "http" and ip_address(host).is_loopback:
            return http.client.HTTPConnection(host, parts.port, timeout=DEADLINE), path
    raise Unusable("provider-address")


def request(method: str, address: str, *, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Response:
    """The answer, whole and in time; redirects stay unread. Raises Unusable("provider-address"), Unavailable."""
    line, path = _line(address)
    told = {"Accept": "application/json", "Accept-Encoding": "identity", **(headers or {})}
    return over(line, method, path, body=body, headers=told, deadline=DEADLINE)
