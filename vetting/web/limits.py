"""How often somebody may try: counted before anything is looked up or hashed. The rates are in the settings."""

from allauth.core import ratelimit
from django.http import HttpRequest


def within_limit(request: HttpRequest, action: str, key: str) -> bool:
    """True while `action` may be tried again, from this address and about the thing `key` names."""
    return bool(ratelimit.consume(request, action=action, key=key))
