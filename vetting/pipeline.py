"""State to the next service, with nobody asking. Idempotent: any process may die anywhere and another one goes on."""

import hashlib
import logging
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils.timezone import get_current_timezone, localdate

from vetting import courier, post
from vetting.audit.ports import SYSTEM
from vetting.cases import services as cases
from vetting.cases.models import Case
from vetting.cases.rules import DECIDED, OPEN, STOPPED, CaseState
from vetting.certificates import listing
from vetting.certificates import services as certificates
from vetting.certificates.gateways import authority_seal, printer, signer
from vetting.certificates.models import Certificate
from vetting.certificates.queries import contents_of, share_seen, status_of
from vetting.certificates.rules import CertificateState, IllegalMove
from vetting.enquiries import receiving
from vetting.enquiries import services as enquiries
from vetting.enquiries.gateways import airlock, gateway_for
from vetting.enquiries.models import Channel, Enquiry, Inbound, Outbound
from vetting.enquiries.queries import expectation_of, message_of
from vetting.enquiries.rules import EnquiryState
from vetting.errors import Unavailable, Unusable
from vetting.outcomes import services as outcomes
from vetting.outcomes.models import Dispute
from vetting.outcomes.queries import sharing_ends_on
from vetting.roster import services as roster
from vetting.roster.queries import seats_ending
from vetting.statistics import services as statistics

log = logging.getLogger("vetting.pipeline")
CERTIFICATE_TYPE = "at10-clearance+jwt"
SILENCE = timedelta(days=60)
"""An authority that is silent this long after its deadline is given up; a person assesses what there is."""
QUESTIONS_WAIT = timedelta(days=30)
"""An authority's question that the applicant leaves open this long is given up too."""


def advance(case_ref: UUID, *, at: datetime) -> None:
    """Do everything that can be done for one case at `at`, and write down when to look again."""
    seen = Case.objects.values_list("wake_at", flat=True).get(ref=case_ref)
    case = Case.objects.get(ref=case_ref)
    if localdate(at) >= case.closes_on and not _disputed(case):
        case = cases.lapse(case_ref, actor=SYSTEM, at=at)
    if case.state in STOPPED:
        enquiries.cancel_all(case_ref, actor=SYSTEM, at=at)
    courier.send_for(case_ref, at=at)
    if case.state == CaseState.ENQUIRING:
        _collect(case_ref, at)
        courier.ask_after(case_ref, at=at)
        _give_up_on_silence(case, at)
        enquiries.finish(case_ref, actor=SYSTEM, at=at)
        case.refresh_from_db()
    if case.state == CaseState.ANSWERED:
        case = outcomes.conclude(case_ref, actor=SYSTEM, at=at)
    if case.state not in (CaseState.CLEARED, CaseState.CLOSED, CaseState.ERASED) and _stands(case):
        certificates.supersede(case_ref, actor=SYSTEM, at=at)
    _remind(case, at)
    _close(case_ref, at)
    # Last: whatever fails here, keys or a time stamp, keeps no letter of a fixed day back.
    case.refresh_from_db()
    if case.state == CaseState.CLEARED:
        _issue(case_ref, at)
        case.refresh_from_db()
    if case.wake_at == seen or case.wake_at is None or case.wake_at <= at:
        cases.sleep_until(case_ref, wake_at=_next_look(case, at), seen=case.wake_at)


def _collect(case_ref: UUID, at: datetime) -> None:
    waiting = Enquiry.objects.select_related("case").filter(
        case__ref=case_ref, channel=Channel.EXCHANGE, state__in=[EnquiryState.SENT, EnquiryState.MORE_INFORMATION]
    )
    for enquiry in waiting:
        try:
            _collect_one(enquiry, at)
        except (Unavailable, Unusable):
            log.warning("collect-failed")


def _collect_one(enquiry: Enquiry, at: datetime) -> None:
    """Read what waits at the other side. What was read at an earlier look is passed over by id or digest."""
    sent = list(enquiry.outbox.filter(done_at__isnull=False).select_related("enquiry__case"))
    expectation = expectation_of(enquiry, sent)
    known = set(Inbound.objects.filter(enquiry=enquiry).values_list("digest", flat=True))
    gateway = gateway_for(enquiry)
    for outbound in sent:
        if outbound.kind == "CAN" or outbound.done_at is None:
            continue
        verdicts = [
            airlock().reduce(raw, expectation)
            for raw in gateway.collect(message_of(outbound), sent_at=outbound.done_at, at=at)
        ]
        for verdict in verdicts:
            if verdict.digest.hex() not in known:
                receiving.receive(enquiry.ref, verdict, actor=SYSTEM, at=at)


def _give_up_on_silence(case: Case, at: datetime) -> None:
    silent = Q(state=EnquiryState.SENT, due_on__lt=localdate(at) - SILENCE)
    unanswered = Q(state=EnquiryState.MORE_INFORMATION, asked_us_at__lt=at - QUESTIONS_WAIT)
    for enquiry in Enquiry.objects.filter(silent | unanswered, case=case).exclude(channel=Channel.OWN_REGISTER):
        receiving.stop_waiting(enquiry.ref, actor=SYSTEM, at=at)


def _disputed(case: Case) -> bool:
    return case.state in OPEN and Dispute.objects.filter(case=case, closed_at=None).exists()


def _issue(case_ref: UUID, at: datetime) -> None:
    """Intent, page, token, seal, open both again and compare, publish. A crash between leaves the intent, and this
    repeats: the seal will be another, but only the one that is published first is ever shown to anybody."""
    certificate = certificates.intend(case_ref, actor=SYSTEM, at=at)
    if certificate is None:
        return
    contents = contents_of(certificate)
    page = printer().certificate(contents)
    claims = certificates.claims_of(contents, page, at, status=status_of(certificate))
    token = signer().sign(claims, typ=CERTIFICATE_TYPE)
    opened = signer().open(token, typ=CERTIFICATE_TYPE)
    if opened != claims or opened["page_sha256"] != hashlib.sha256(printer().certificate(contents)).hexdigest():
        raise Unusable("certificate-does-not-verify")
    whole = printer().carrying(page, token)
    sealed = authority_seal().seal(whole, at=at)
    if authority_seal().open(sealed) != whole:
        raise Unusable("seal-does-not-verify")
    try:
        certificates.publish(certificate.jti, token=token, page=sealed, actor=SYSTEM, at=at)
    except IllegalMove:
        log.info("published-by-another")  # the same intent, signed twice at once: the first one counts


def _stands(case: Case) -> bool:
    """Whether a live certificate rests on this case. One whose holder had the file erased rests on nothing here."""
    live = case.certificates.filter(state__in=[CertificateState.INTENDED, CertificateState.CURRENT])
    return live.exclude(sealed_contents=b"").exists()


def _begins(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=get_current_timezone())


def _remind(case: Case, at: datetime) -> None:
    """The same letters on the same days to everybody who has not shared: nobody who sees that one comes learns why."""
    for day, end in case.reminders:
        if day <= localdate(at) < end and share_seen(case) is None:
            cases.remind(case.ref, since=_begins(day), at=at)


def _close(case_ref: UUID, at: datetime) -> None:
    case = Case.objects.get(ref=case_ref)
    today = localdate(at)
    if today < case.closes_on:
        return
    cases.tell_closed(case_ref, at=at)
    ends_on = case.ends_on if case.state in STOPPED else sharing_ends_on(case)
    if case.state in DECIDED | STOPPED and today >= ends_on:
        cases.close(case_ref, actor=SYSTEM, at=at)


def _next_look(case: Case, at: datetime) -> datetime | None:
    """The earliest moment at which this case may want something; None when only a person can move it on."""
    if case.state in (CaseState.CLOSED, CaseState.ERASED):
        return None
    moments = [at + timedelta(days=1)]
    # Fixed days begin for every case at the same moment: when its last letter comes tells nothing about the case.
    fixed = map(_begins, (*(day for day, _ in case.reminders), case.closes_on, case.ends_on))
    moments += [moment for moment in fixed if moment > at]
    outbox = Outbound.objects.filter(enquiry__case=case, done_at=None, try_at__isnull=False)
    moments += [moment for moment in outbox.values_list("try_at", flat=True) if moment]
    late = Enquiry.objects.filter(case=case, state=EnquiryState.SENT, ask_after_at__isnull=False)
    moments += [moment for moment in late.values_list("ask_after_at", flat=True) if moment]
    polled = Enquiry.objects.filter(
        case=case, channel=Channel.EXCHANGE, state__in=[EnquiryState.SENT, EnquiryState.MORE_INFORMATION]
    )
    if case.state == CaseState.ENQUIRING and polled.exists():
        moments.append(at + timedelta(seconds=settings.POLL_SECONDS))
    return max(min(moments), at + timedelta(seconds=1))


def look(case_ref: UUID, *, at: datetime) -> bool:
    """`advance`, isolated: whatever one case does, others go on, and it is looked at again in half a minute.

    The exception ends here, and only its kind is named: it may quote what was being read.
    """
    try:
        advance(case_ref, at=at)
    except Exception as failure:
        log.error("advance-failed %s", type(failure).__name__)
        seen = Case.objects.values_list("wake_at", flat=True).get(ref=case_ref)
        cases.sleep_until(case_ref, wake_at=at + timedelta(seconds=30), seen=seen)
        return False
    return True


def sweep(at: datetime, most: int = 50) -> int:
    """Look at every case that is due, answer other States, and send the mails that are owed."""
    looked = sum(look(case_ref, at=at) for case_ref in Case.objects.due(at, most))
    return looked + courier.send_answers(at, most) + post.deliver_due(at, most)


def publish_lists(at: datetime) -> int:
    """Publish each status list whose edition is of an earlier period, whatever another one does."""
    published = 0
    for number in listing.due(at):
        try:
            published += listing.publish(number, at=at)
        except Exception as failure:
            log.error("list-failed %s", type(failure).__name__)
    return published


def expire(at: datetime) -> int:
    """Move certificates whose last day has passed; to the outside nothing changes by it, the date alone decides.
    Who has looked at one is told before that, and what pages say about how long things take is counted again."""
    statistics.count_times(at=at)
    statistics.count_months(at=at)
    statistics.count_outages(at=at)
    for seat_ref in seats_ending(localdate(at)):
        roster.remind(seat_ref, actor=SYSTEM, at=at)
    ended = Certificate.objects.filter(state=CertificateState.CURRENT, valid_until__lt=localdate(at))
    return sum(certificates.expire(jti, actor=SYSTEM, at=at) for jti in ended.values_list("jti", flat=True)[:500])
