"""Erasure: the key of a case or a question is destroyed, so that copies in backups die with it; what held words is
emptied too."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from vetting.audit.models import Entry, Head
from vetting.audit.ports import Actor
from vetting.cases.models import Case, Letter
from vetting.cases.rules import CaseState, Move
from vetting.cases.services import move_case
from vetting.certificates.models import Certificate
from vetting.consent.models import Consent
from vetting.enquiries.models import ERASED, Enquiry, Inbound, Outbound
from vetting.identity.models import Identity
from vetting.keys.services import destroy_key
from vetting.outcomes.models import Assessment, Dispute
from vetting.questions.models import Question
from vetting.questions.rules import KEPT_AFTER_END, QuestionState
from vetting.questions.rules import Move as QuestionMove
from vetting.questions.services import locked, move_question
from vetting.roster.models import Interim

AUDIT_YEARS = timedelta(days=3 * 366)
"""How long the record of an erased case stays. Source: Regulation (EU) 2019/816, art. 31(4)."""


@transaction.atomic(durable=True)
def erase(case_ref: UUID, *, actor: Actor, at: datetime) -> Case:
    """Destroy the key of a closed case and empty what held words; reference, States asked, dates and states stay.

    A certificate that is still current stays verifiable: the row that answers for it names nobody.
    """
    case = Case.objects.lock(case_ref)
    move_case(case, Move.ERASE, actor=actor, at=at)
    destroy_key(case.ref)
    Identity.objects.filter(case=case).delete()
    Assessment.objects.filter(case=case).delete()
    Dispute.objects.filter(case=case).delete()
    Consent.objects.filter(case=case).update(plan={})
    Outbound.objects.filter(enquiry__case=case).update(sealed_body=None, digest="", evidence="")
    Inbound.objects.filter(enquiry__case=case).delete()
    Enquiry.objects.filter(case=case).exclude(words="").update(words=ERASED)
    Certificate.objects.filter(case=case).update(sealed_contents=b"", sealed_page=b"", sealed_token=b"", page_digest="")
    Interim.objects.filter(case=case).delete()
    Letter.objects.filter(case=case).update(token=None)
    case.links.all().delete()
    case.sealed_contact = b""
    case.needs_person = False
    case.return_reason = ""
    case.wake_at = None
    case.save()
    return case


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
