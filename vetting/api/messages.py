"""Where other nodes post their messages: read once, bounded, answered inside the request, never with a 500."""

import logging

from allauth.core.internal import ratelimit
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.timezone import now
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from vetting import tasks
from vetting.api.inbound import Reply, refused, take, wipe
from vetting.authorities.access import partner
from vetting.enquiries.gateways import envelopes
from vetting.errors import Refused, Unusable
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


def _answer(request: HttpRequest) -> Reply:
    at = now()
    try:
        raw = _body(request)
    except Refused as trouble:
        return refused(trouble.code, at=at) if _may_fail(request) else Reply(code="slow-down")
    try:
        reply = take(raw, request.headers.get("Message-Envelope", "")[: MOST_ENVELOPE + 1], at=at)
    finally:
        wipe(raw)
    if reply.code and not reply.believed:
        return refused(reply.code, at=at) if _may_fail(request) else Reply(code="slow-down")
    return reply


def _may_fail(request: HttpRequest) -> bool:
    """Whether a stranger's failure is still written down: the record is not theirs to fill."""
    return bool(ratelimit.consume(request, app="allauth.account", action="refused_messages", key="any"))


# No browser, cookie or session takes part: what is believed is the sender's signature over the exact bytes.
@csrf_exempt
@partner
@require_POST
def messages(request: HttpRequest) -> HttpResponse:
    """A signed acknowledgement, the same one for the same message, or a code."""
    try:
        reply = _answer(request)
    except Exception as failure:  # whatever it is, it may quote what was being read: only its kind is named
        log.error("message-failed %s", type(failure).__name__)
        reply = Reply(code="later")
    if reply.case_ref:
        tasks.ring(reply.case_ref)
    if reply.receipt:
        return HttpResponse(reply.receipt, content_type="application/jose")
    return JsonResponse({"code": reply.code}, status=STATUS.get(reply.code, 422 if reply.believed else 403))


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
