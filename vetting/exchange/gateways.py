"""Finding the adapters: a way to each authority, and the node's own key."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, cast

from django.conf import settings
from django.utils.module_loading import import_string

from vetting.authorities.models import Authority
from vetting.authorities.queries import partner
from vetting.authorities.rules import partner_address
from vetting.errors import Refused, Unusable
from vetting.exchange.ports import AuthorityGateway, Envelopes


class LoadedPartners:
    """See `Partners`: as an operator loaded them, read anew each time, so that a new key counts at once."""

    @property
    def our_state(self) -> str:
        return settings.HOME_STATE

    @property
    def envelopes(self) -> Envelopes:
        return envelopes()

    def address_of(self, state: str) -> str:
        found = partner(state)
        if found is None:
            raise Unusable("no-partner")
        try:
            return partner_address(found.address, plain_loopback=settings.PLAIN_LOOPBACK)
        except Refused as refused:
            raise Unusable(refused.code) from None

    def keys_of(self, state: str) -> Mapping[str, Any]:
        found = partner(state)
        if found is None:
            raise Unusable("no-partner")
        return cast("dict[str, Any]", found.key_set)


@lru_cache(maxsize=32)
def made(path: str) -> Any:
    """One adapter for each path. A way to other nodes says that it needs to know them; the others take nothing."""
    adapter = import_string(path)
    return adapter(LoadedPartners()) if getattr(adapter, "needs_partners", False) else adapter()


def way_to(state: str) -> AuthorityGateway:
    """The way to the authority of `state`. Raises Unusable("no-gateway") when nobody configured one."""
    own = Authority.objects.filter(state=state).values_list("gateway", flat=True).first()
    path = own or settings.EXCHANGE_GATEWAY
    if not path:
        raise Unusable("no-gateway")
    return cast(AuthorityGateway, made(path))


def envelopes() -> Envelopes:
    """The node's own key, and the opener of what partners signed."""
    return cast(Envelopes, made(settings.ENVELOPES))
