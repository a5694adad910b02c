"""Where other nodes post their messages: read once, bounded, answered inside the request, never with a 500."""

import logging
from collections.abc import Callable

from allauth.core.internal import ratelimit
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.timezone import now
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from vetting import tasks
from vetting.api.inbound import asked_after, take
from vetting.api.replies import Reply, refused, wipe
from vetting.authorities.access import partner
from vetting.errors import Refused, Unusable
from vetting.exchange.gateways import envelopes
from vetting.organisations.access import public

log = logging.getLogger("vetting.api")
MOST_BYTES = 256 * 1024
MOST_ENVELOPE = 8192
STATUS = {
    "content-encoding": 415,
    "content-type": 415,
    "length-required": 411,
    "too-large": 413,
    "truncated": 400,
    "unknown-enquiry": 404,
    "unknown-question": 404,
    "nothing-asked": 409,
    "case-over": 409,
    "message-id-used": 409,
    "slow-down": 429,
    "not-asked-yet": 503,
    "later": 503,
}
"""What a code is in HTTP; 5xx means that the same message may be sent again. Others: 403 without a believed envelope,
422 with one."""


def _body(request: HttpRequest) -> bytearray:
    """The exact bytes, read from the connection once and kept nowhere else. Raises Refused."""
    if request.headers.get("Content-Encoding"):
        raise Refused("content-encoding")
    if request.content_type != "application/xml":
        raise Refused("content-type")
    said = request.META.get("CONTENT_LENGTH") or ""
    if not said.isascii() or not said.isdigit():
        raise Refused("length-required")
    if len(said) > len(str(MOST_BYTES)) or int(said) > MOST_BYTES:
        raise Refused("too-large")
    found = bytearray(request.read(MOST_BYTES + 1))
    if len(found) != int(said):
        wipe(found)
        raise Refused("truncated")
    return found


def _taken(request: HttpRequest) -> Reply:
    at = now()
    try:
        raw = _body(request)
    except Refused as trouble:
        return Reply(code=trouble.code)
    try:
        return take(raw, _paper(request), at=at)
    finally:
        wipe(raw)


def _paper(request: HttpRequest) -> str:
    return request.headers.get("Message-Envelope", "")[: MOST_ENVELOPE + 1]


def _may_fail(request: HttpRequest) -> bool:
    """Whether a stranger's failure is still written down: the record is not theirs to fill."""
    return bool(ratelimit.consume(request, app="allauth.account", action="refused_messages", key="any"))


def _answered(request: HttpRequest, act: Callable[[HttpRequest], Reply]) -> HttpResponse:
    """What `act` says, as a response: never a 500, and a stranger's no is written down while there is room."""
    try:
        reply = act(request)
        if reply.code and not reply.believed:
            reply = refused(reply.code, at=now()) if _may_fail(request) else Reply(code="slow-down")
    except Exception as failure:  # whatever it is, it may quote what was being read: only its kind is named
        log.error("message-failed %s", type(failure).__name__)
        reply = Reply(code="later")
    if reply.case_ref:
        tasks.ring(reply.case_ref)
    if reply.receipt:
        return HttpResponse(reply.receipt, content_type="application/jose")
    return JsonResponse({"code": reply.code}, status=STATUS.get(reply.code, 422 if reply.believed else 403))


# No browser, cookie or session takes part: what is believed is the sender's signature over the exact bytes.
@csrf_exempt
@partner
@require_POST
def messages(request: HttpRequest) -> HttpResponse:
    """A signed acknowledgement, the same one for the same message, or a code."""
    return _answered(request, _taken)


@csrf_exempt
@partner
@require_POST
def standing(request: HttpRequest) -> HttpResponse:
    """How a question of the partner's stands, signed, or a code. The request has no body: its envelope says it all."""
    return _answered(request, lambda asked: asked_after(_paper(asked), at=now()))


@public
@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """The public keys of this node (RFC 7517), present and retired, for partners to load. Empty where it has none."""
    try:
        found = envelopes().public_keys()
    except Unusable:
        found = {"keys": []}
    response = JsonResponse(found, content_type="application/jwk-set+json")
    response["Cache-Control"] = "public, max-age=300"
    return response
