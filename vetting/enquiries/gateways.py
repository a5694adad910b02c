"""Finding the adapters: a way to each authority, the writer of messages, the airlock, the node's own key."""

import hashlib
import tomllib
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.utils.module_loading import import_string

from vetting.authorities.models import Authority
from vetting.authorities.queries import directory, partner
from vetting.authorities.rules import partner_address
from vetting.enquiries.models import Channel, Enquiry, Outbound
from vetting.enquiries.ports import (
    Airlock,
    AuthorityGateway,
    Envelopes,
    MessageType,
    MessageWriter,
    RequestContents,
)
from vetting.errors import Refused, Unusable
from vetting.identity.queries import person_of
from vetting.keys.queries import seal


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
def _made(path: str) -> Any:
    """One adapter for each path. A way to other nodes says that it needs to know them; the others take nothing."""
    adapter = import_string(path)
    return adapter(LoadedPartners()) if getattr(adapter, "needs_partners", False) else adapter()


def gateway_for(enquiry: Enquiry) -> AuthorityGateway:
    """The way to the authority of this enquiry. Raises Unusable("no-gateway") when nobody configured one."""
    if enquiry.channel != Channel.EXCHANGE:
        return cast(AuthorityGateway, _made(settings.DESK_GATEWAY))
    own = Authority.objects.filter(state=enquiry.asked).values_list("gateway", flat=True).first()
    path = own or settings.EXCHANGE_GATEWAY
    if not path:
        raise Unusable("no-gateway")
    return cast(AuthorityGateway, _made(path))


def writer() -> MessageWriter:
    """The writer of outbound documents."""
    return cast(MessageWriter, _made(settings.MESSAGE_WRITER))


def envelopes() -> Envelopes:
    """The node's own key, and the opener of what partners signed."""
    return cast(Envelopes, _made(settings.ENVELOPES))


def airlock() -> Airlock:
    """The process in which replies are read."""
    return cast(Airlock, _made(settings.AIRLOCK))


@lru_cache(maxsize=1)
def purposes() -> dict[str, dict[str, str]]:
    """The purpose of a request in every official language: purpose, then language, then at most 400 characters."""
    return tomllib.loads((Path(__file__).parent / "data" / "purposes.toml").read_text(encoding="utf-8"))


def compose(outbound: Outbound, *, at: datetime) -> tuple[bytes, str]:
    """The sealed bytes of a message and the SHA-256 (hex) of the plain ones. Raises Unusable when it does not validate.

    A request is written in an official language of the asked State (Framework Decision 2009/315/JHA, art. 10).
    """
    enquiry = outbound.enquiry
    case = enquiry.case
    if outbound.kind == MessageType.CAN:
        body = writer().cancellation(message_id=outbound.message_id, at=at, cancels=outbound.answers)
    elif outbound.kind == MessageType.RAR:
        body = writer().more_information(
            message_id=outbound.message_id, at=at, answers=outbound.answers, person=person_of(case)
        )
    else:
        body = _request(outbound, at)
    sealed = seal(case.ref, f"outbound/{outbound.message_id}", body)
    return sealed, hashlib.sha256(body).hexdigest()


def _request(outbound: Outbound, at: datetime) -> bytes:
    case = outbound.enquiry.case
    asked, home = directory().find(outbound.enquiry.asked), directory().find(case.home)
    if asked is None or home is None:
        raise Unusable("no-authority")
    texts = purposes()[case.purpose]
    language = next((word for word in asked.languages if word in texts), "en")
    contents = RequestContents(
        message_id=outbound.message_id,
        sender=case.home,
        receiver=outbound.enquiry.asked,
        at=at,
        person=person_of(case),
        purpose={language: texts[language]},
        authority_name={home.languages[0]: home.native_name or home.name},
        case_reference=case.reference,
    )
    return writer().request(contents)
