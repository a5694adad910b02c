"""One inbound document to one verdict, or to what it asks; then the bytes are forgotten."""

import hashlib
import hmac
from collections.abc import Callable
from contextlib import suppress
from datetime import date

from integrations.ecris.codes import MESSAGE_ID, STATES
from integrations.ecris.likeness import likeness
from integrations.ecris.parsing import our_person, parse
from integrations.ecris.rejections import Rejected, Rejection
from vetting.enquiries.ports import Asked, Disclosure, Expectation, Likeness, SaidConsent, Verdict
from vetting.enquiries.rules import reduce
from vetting.errors import Refused
from vetting.exchange.ports import MessageType
from vetting.identity.ports import Person

_REPLIES = {MessageType.RRS, MessageType.RAI, MessageType.RDL, MessageType.CAN, MessageType.FEM}


Parse = Callable[[bytes], Disclosure]


def verdict(raw: bytes, expectation: Expectation, parsed: Parse = parse) -> Verdict:
    """What `raw` comes to for `expectation`. Never raises for what a message holds: that is kind `rejected`."""
    digest = hmac.new(expectation.digest_key, raw, hashlib.sha256).digest()
    code = Rejection.UNREADABLE
    # A defect of ours met by hostile input must not carry that input outwards in a traceback.
    with suppress(Exception):
        try:
            return _verdict(parsed(raw), expectation, digest)
        except Rejected as rejected:
            code = rejected.code
    return Verdict("rejected", code.value, digest=digest)


def named(raw: bytes, parsed: Parse = parse) -> Verdict:
    """What `raw` calls itself: type and ids of a message that can be read, compared with nothing. Never raises."""
    code = Rejection.UNREADABLE
    with suppress(Exception):
        try:
            found = parsed(raw)
        except Rejected as rejected:
            code = rejected.code
        else:
            return Verdict(
                "named",
                message_type=found.message_type.value,
                message_id=found.message_id,
                response_to=found.response_to,
            )
    return Verdict("rejected", code.value)


def asked(raw: bytes, parsed: Parse = parse) -> Asked:
    """The person and the codes of a REQ or RAR to us. Never raises for what a message holds: that is a code."""
    code = Rejection.UNREADABLE
    with suppress(Exception):
        try:
            return _asked(parsed(raw))
        except Rejected as rejected:
            code = rejected.code
    return Asked(code=code.value)


def _asked(found: Disclosure) -> Asked:
    if found.message_type not in (MessageType.REQ, MessageType.RAR):
        raise Rejected(Rejection.NOT_A_QUESTION)
    if found.person is not None:
        _judge(found.person)
    return Asked(
        message_type=found.message_type.value,
        message_id=found.message_id,
        response_to=found.response_to,
        person=found.person,
        consent=SaidConsent(found.consent) if found.consent else SaidConsent.UNKNOWN,
        purpose=found.purpose,
        says_more=found.has_extras,
    )


def _judge(person: Person) -> None:
    """Somebody has a name and, as far as it is known, a birth date of the calendar. Raises Rejected."""
    if not any((person.name.forename, person.name.surname, person.name.full_name)):
        raise Rejected(Rejection.IDENTITY_INCOMPLETE)
    born = person.birth_date
    try:
        date(born.year, born.month or 1, born.day or 1)
    except ValueError:
        raise Rejected(Rejection.WRONG_DATE) from None


def _verdict(found: Disclosure, expectation: Expectation, digest: bytes) -> Verdict:
    if found.message_type not in _REPLIES:
        raise Rejected(Rejection.NOT_A_REPLY)
    us, them = _correlate(found, expectation)
    kind, code, answer = "answer", "", ""
    try:
        if found.message_type in (MessageType.RRS, MessageType.RAI):
            answer = reduce(found, us, them, STATES).words()
        elif found.message_type is MessageType.RDL:
            kind = "deadline"
        elif found.message_type is MessageType.CAN:
            kind = "cancelled"
        else:
            kind = "functional_error"
    except Refused as refused:
        kind, code = "rejected", Rejection(refused.code).value
    return Verdict(
        kind=kind,
        code=code,
        answer=answer,
        deadline=found.deadline,
        message_type=found.message_type.value,
        message_id=found.message_id,
        response_to=found.response_to,
        digest=digest,
    )


def _correlate(found: Disclosure, expectation: Expectation) -> tuple[str, str]:
    """Check sender, receiver and what is answered, and compare the person; returns us and them. Raises Rejected."""
    request_id, asked = "", None
    if expectation.request:
        request_id, asked = our_person(expectation.request, MessageType.REQ)
    us, them = _parties(found, expectation, request_id)
    if found.message_id[:2] != them or them not in STATES or us == them:
        raise Rejected(Rejection.WRONG_SENDER)
    if found.message_id[3:5] != us or us not in STATES:
        raise Rejected(Rejection.WRONG_RECEIVER)
    if not _answers(found, expectation, request_id, f"{us}-{them}", f"{them}-{us}"):
        raise Rejected(Rejection.WRONG_CORRELATION)
    if asked is not None and found.person is not None:
        found.likeness = _compared(asked, expectation.told, found.person)
    return us, them


def _compared(asked: Person, told: bytes, given: Person) -> Likeness:
    """The likeness to the person as we described them last; who fits the first description only is a near miss."""
    first = likeness(asked, given)
    if not told:
        return first
    last = likeness(our_person(told, MessageType.RAR)[1], given)
    return Likeness.NEAR if last is Likeness.OTHER and first is not Likeness.OTHER else last


def _parties(found: Disclosure, expectation: Expectation, request_id: str) -> tuple[str, str]:
    us = expectation.us or request_id[:2] or found.message_id[3:5]
    them = expectation.them or request_id[3:5] or found.message_id[:2]
    if request_id and request_id[:5] != f"{us}-{them}":
        raise Rejected(Rejection.REQUEST_UNREADABLE)
    return us, them


def _answers(found: Disclosure, expectation: Expectation, request_id: str, from_us: str, from_them: str) -> bool:
    """Whether `ResponseTo` names what this kind of message may name: a cancellation their own reply, all others ours.

    That a functional error may name any message of ours is our reading of the format and not verified.
    """
    answered = found.response_to
    match = MESSAGE_ID.fullmatch(answered)
    letters = match[3] if match else ""
    if found.message_type is MessageType.CAN:
        fits = answered[:5] == from_them and letters == MessageType.RRS
        return fits and (expectation.cancellable is None or answered in expectation.cancellable)
    if answered[:5] != from_us:
        return False
    if found.message_type is MessageType.FEM:
        return not request_id or answered == request_id or answered in expectation.also_expects
    return answered == request_id if request_id else letters == MessageType.REQ
