"""Finding the adapters: a way to each authority, the writer of messages, the airlock."""

import hashlib
import tomllib
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import cast

from django.conf import settings

from vetting.authorities.queries import directory
from vetting.enquiries.models import Channel, Enquiry, Outbound
from vetting.enquiries.ports import Airlock, FormContact, FormPrinter, MessageWriter, RequestContents
from vetting.errors import Unusable
from vetting.exchange.gateways import made, way_to
from vetting.exchange.ports import AuthorityGateway, MessageType
from vetting.identity.queries import person_of
from vetting.keys.queries import seal


def gateway_for(enquiry: Enquiry) -> AuthorityGateway:
    """The way to the authority of this enquiry. Raises Unusable("no-gateway") when nobody configured one."""
    if enquiry.channel != Channel.EXCHANGE:
        return cast(AuthorityGateway, made(settings.DESK_GATEWAY))
    return way_to(enquiry.asked)


def writer() -> MessageWriter:
    """The writer of outbound documents."""
    return cast(MessageWriter, made(settings.MESSAGE_WRITER))


def airlock() -> Airlock:
    """The process in which replies are read."""
    return cast(Airlock, made(settings.AIRLOCK))


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
    return writer().request(_contents(outbound, at)[0])


def _contents(outbound: Outbound, at: datetime) -> tuple[RequestContents, str]:
    """What a request says, and the language of the asked State in it. The purpose stands in ours too."""
    case = outbound.enquiry.case
    asked, home = directory().find(outbound.enquiry.asked), directory().find(case.home)
    if asked is None or home is None:
        raise Unusable("no-authority")
    texts = purposes()[case.purpose]
    language, own = (next((word for word in one.languages if word in texts), "en") for one in (asked, home))
    contents = RequestContents(
        message_id=outbound.message_id,
        sender=case.home,
        receiver=outbound.enquiry.asked,
        at=at,
        person=person_of(case),
        purpose={one: texts[one] for one in (language, own)},
        authority_name={home.languages[0]: home.native_name or home.name},
        case_reference=case.reference,
    )
    return contents, language


def form_of(outbound: Outbound) -> bytes:
    """The request on paper as PDF, dated when it was first owed, in a language of the asked State.

    It names the digest of the message that could not be sent (Framework Decision 2009/315/JHA, art. 11). Raises
    Unusable, Refused("identity-incomplete").
    """
    contents, language = _contents(outbound, outbound.created_at)
    printer = cast(FormPrinter, made(settings.FORM_PRINTER))
    return printer.request_form(contents, language, contact=FormContact(**settings.CONTACT), digest=outbound.digest)
