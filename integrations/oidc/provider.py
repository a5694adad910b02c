"""OpenID Connect with an organisation's own identity provider: the code flow with PKCE; only the ID token is believed.

Sources: OpenID Connect Core 1.0 (2, 3.1), Discovery 1.0 (4), RFC 7636 (PKCE). Every address is one that an operator saw
and approved when the provider was loaded; nothing is looked up where a provider points at the time of a sign-in.
"""

import json
from base64 import b64encode
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from integrations.gateways.exchange import Response
from integrations.jose.id_tokens import open_id_token
from integrations.oidc.line import request
from vetting.errors import Unavailable, Unusable
from vetting.organisations.ports import Begun, Client, Places, Told

OK, THEIR_FAULT = 200, 500
WELL_KNOWN = "/.well-known/openid-configuration"


class OpenIdConnect:
    """See `SignIn`."""

    def discover(self, issuer: str, *, secret: bool) -> Places:
        """Where the provider of this exact issuer lies. Raises Unusable: issuer-differs, no-code-flow, no-pkce,
        no-secret-accepted, not-json, refused; Unavailable."""
        said = _json(request("GET", f"{issuer.rstrip('/')}{WELL_KNOWN}"))
        if said.get("issuer") != issuer:
            raise Unusable("issuer-differs")
        if "code" not in _listed(said, "response_types_supported", ["code"]):
            raise Unusable("no-code-flow")
        if "S256" not in _listed(said, "code_challenge_methods_supported", ["S256"]):
            raise Unusable("no-pkce")
        ways = _listed(said, "token_endpoint_auth_methods_supported", ["client_secret_basic"])
        if secret and "client_secret_basic" not in ways:
            raise Unusable("no-secret-accepted")
        found = [said.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
        if not all(isinstance(one, str) for one in found):
            raise Unusable("not-json")
        return Places(*map(str, found))

    def told(self, places: Places, client: Client, begun: Begun, *, code: str, at: datetime) -> Told:
        """What the ID token for this code says. Raises Unusable: refused, not-json, id-token-…; Unavailable."""
        typed = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": begun.address,
            "code_verifier": begun.verifier, "client_id": client.client_id,
        }  # fmt: skip
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if client.secret:
            pair = f"{quote(client.client_id, safe='')}:{quote(client.secret, safe='')}"
            headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
        token = _json(request("POST", places.token, body=urlencode(typed).encode(), headers=headers)).get("id_token")
        keys = _json(request("GET", places.keys))
        claims = open_id_token(
            token, keys, issuer=client.issuer, client_id=client.client_id, nonce=begun.nonce, at=at
        )  # fmt: skip
        email, acr, amr = claims.get("email"), claims.get("acr"), claims.get("amr")
        if not isinstance(email, str) or not email:
            raise Unusable("id-token-without-email")
        return Told(
            email=email,
            email_verified=claims.get("email_verified") is True,
            acr=acr if isinstance(acr, str) else "",
            amr=tuple(one for one in amr if isinstance(one, str)) if isinstance(amr, list) else (),
        )


def _listed(said: dict[str, Any], name: str, unsaid: list[str]) -> list[Any]:
    """What a provider says that it can do; the standard's own when it says nothing of it."""
    found = said.get(name, unsaid)
    return found if isinstance(found, list) else []


def _json(response: Response) -> dict[str, Any]:
    if response.status >= THEIR_FAULT:
        raise Unavailable("provider")
    if response.status != OK:
        raise Unusable("refused")
    try:
        said = json.loads(response.body)
    except (ValueError, RecursionError):
        raise Unusable("not-json") from None
    if not isinstance(said, dict):
        raise Unusable("not-json")
    return said
