"""How often somebody may try: counted before anything is looked up or hashed. The rates are in the settings."""

from allauth.core.internal import ratelimit
from django.http import HttpRequest


def within_limit(request: HttpRequest, action: str, key: str) -> bool:
    """True while `action` may be tried again, from this address and about the thing `key` names; reads count too."""
    # The public function of allauth passes over GET, and a certificate's QR code is one.
    return bool(ratelimit.consume(request, app="allauth.account", action=action, key=key, limit_get=True))
