"""Erasure: the key of a case or a question is destroyed, so that copies in backups die with it; what held words is
emptied too."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate

from vetting.audit.models import Entry, Head
from vetting.audit.ports import Actor
from vetting.cases.models import Case, Letter
from vetting.cases.queries import contact_of, name_key
from vetting.cases.rules import CaseState, Move
from vetting.cases.services import move_case
from vetting.certificates.models import Certificate, ShareCode
from vetting.certificates.rules import CertificateState
from vetting.certificates.rules import Move as CertificateMove
from vetting.certificates.services import move_certificate
from vetting.consent.models import Consent
from vetting.enquiries.models import ERASED, Enquiry, Inbound, Outbound
from vetting.enquiries.queries import waiting_on
from vetting.errors import Refused
from vetting.identity.models import Identity
from vetting.keys.queries import seal_document
from vetting.keys.services import destroy_key, make_key
from vetting.outcomes.models import Assessment, Dispute
from vetting.questions.models import Question
from vetting.questions.rules import KEPT_AFTER_END, QuestionState
from vetting.questions.rules import Move as QuestionMove
from vetting.questions.services import locked, move_question
from vetting.retention.rules import Wish
from vetting.roster.models import Interim

AUDIT_YEARS = timedelta(days=3 * 366)
"""How long the record of an erased case stays. Source: Regulation (EU) 2019/816, art. 31(4)."""


def _emptied(case: Case) -> None:
    """Destroy the key of a locked case and empty what held words; reference, States asked, dates and states stay."""
    destroy_key(case.ref)
    Identity.objects.filter(case=case).delete()
    Assessment.objects.filter(case=case).delete()
    Dispute.objects.filter(case=case).delete()
    Consent.objects.filter(case=case).update(plan={})
    Outbound.objects.filter(enquiry__case=case).update(sealed_body=None, digest="", evidence="")
    Inbound.objects.filter(enquiry__case=case).delete()
    Enquiry.objects.filter(case=case).exclude(words="").update(words=ERASED)
    Certificate.objects.filter(case=case).update(sealed_contents=b"", sealed_page=b"", sealed_token=b"", page_digest="")
    ShareCode.objects.filter(certificate__case=case).delete()  # from now on nobody could end one any more
    Letter.objects.filter(case=case).update(token=None)
    case.links.all().delete()
    case.needs_person = False
    case.return_reason = ""


@transaction.atomic(durable=True)
def erase(case_ref: UUID, *, actor: Actor, at: datetime) -> Case:
    """Destroy the key of a closed case and empty what held words; reference, States asked, dates and states stay.

    A certificate that is still current stays verifiable: the row that answers for it names nobody.
    """
    case = Case.objects.lock(case_ref)
    return _erased(case, actor=actor, at=at)


def _erased(case: Case, *, actor: Actor, at: datetime) -> Case:
    move_case(case, Move.ERASE, actor=actor, at=at)
    _emptied(case)
    destroy_key(name_key(case.ref))
    Interim.objects.filter(case=case).delete()
    case.sealed_contact = b""
    case.wake_at = None
    case.save()
    return case


@transaction.atomic(durable=True)
def forget(case_ref: UUID, *, wish: Wish, actor: Actor, at: datetime) -> Case:
    """The applicant has their file erased at once, where nothing is open any more.

    Until the day that is the same for every case, the organisation sees what it would have seen: the name that it
    wrote itself stays till then, under a key of its own, and the letters come on their days. Raises IllegalMove while
    the check is open, Refused("still-sending") while something is on its way to an authority.
    """
    case = Case.objects.lock(case_ref)
    if waiting_on(case) or Outbound.objects.filter(enquiry__case=case, done_at=None, try_at__isnull=False).exists():
        raise Refused("still-sending", "Something is still on its way to an authority. Try again in an hour.")
    _certificates_end(case, wish, actor=actor, at=at)
    if case.state == CaseState.CLOSED and localdate(at) >= case.ends_on:
        return _erased(case, actor=actor, at=at)
    name = replace(contact_of(case), email="")
    move_case(case, Move.FORGET, actor=actor, at=at, kind=wish)
    _emptied(case)
    make_key(name_key(case.ref), at)
    case.sealed_contact = seal_document(name_key(case.ref), "contact", vars(name))
    case.wake_at = at  # also one that an earlier certificate closed: it ends on its day
    case.save()
    return case


def _certificates_end(case: Case, wish: Wish, *, actor: Actor, at: datetime) -> None:
    """What nobody has seen yet goes, and what lost its ground; what is current ends if its holder wants it to."""
    stands = case.state in (CaseState.CLEARED, CaseState.CLOSED)
    gone = [CertificateState.INTENDED] if stands else [CertificateState.INTENDED, CertificateState.CURRENT]
    for certificate in case.certificates.filter(state__in=gone):
        move_certificate(certificate, CertificateMove.SUPERSEDE, actor=actor, at=at)
    for certificate in case.certificates.filter(state=CertificateState.CURRENT) if wish is Wish.END else ():
        move_certificate(certificate, CertificateMove.WITHDRAW, actor=actor, at=at)


def questions_due(at: datetime) -> list[UUID]:
    """The questions of other States that ended long enough ago to be erased."""
    over = Question.objects.exclude(state=QuestionState.ERASED).filter(ended_at__lt=at - KEPT_AFTER_END)
    return list(over.order_by("ended_at").values_list("ref", flat=True)[:500])


@transaction.atomic(durable=True)
def erase_question(question_ref: UUID, *, actor: Actor, at: datetime) -> Question:
    """Destroy the key of an ended question and empty what named the person; who asked, when, and that we answered
    stay."""
    question = locked(question_ref)
    destroy_key(question.ref)
    question.outbox.update(sealed_body=None, digest="", evidence="")
    question.inbox.all().delete()
    question.sealed_person, question.words = b"", ERASED if question.words else ""
    question.handler = question.proposed_by = None
    move_question(question, QuestionMove.ERASE, actor=actor, at=at)
    return question


@transaction.atomic(durable=True)
def forget_old_records(*, at: datetime) -> int:
    """Delete whole audit chains of cases and questions that were erased more than three years ago."""
    ends = (f"case.{Move.ERASE}", f"question.{QuestionMove.ERASE}")
    old = list(Entry.objects.filter(event__in=ends, at__lt=at - AUDIT_YEARS).values_list("chain", flat=True)[:500])
    Case.objects.filter(ref__in=old, state=CaseState.ERASED, certificates=None).delete()
    Question.objects.filter(ref__in=old, state=QuestionState.ERASED).delete()
    Head.objects.filter(chain__in=old).delete()
    deleted, _ = Entry.objects.filter(chain__in=old).delete()
    return deleted
