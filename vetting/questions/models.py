"""Questions that other States put to this node. Nothing here can hold a word of what the register shows."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from vetting.cases.models import choices
from vetting.enquiries.models import ERASED
from vetting.enquiries.ports import SaidConsent
from vetting.enquiries.rules import Answer
from vetting.exchange.models import Incoming, Outgoing
from vetting.questions.rules import OPEN, QuestionState


class Question(models.Model):
    """One question of one State about one person, who lies sealed under a key of the question's own.

    `words` is the answer, or while a second person looks at it the proposed one, in its fixed words (see
    `Answer.words`). `message_id` is that of their REQ.
    """

    ref = models.UUIDField(default=uuid4, unique=True, editable=False)
    asker = models.CharField(max_length=2)
    message_id = models.CharField(max_length=25)
    state = models.CharField(max_length=12, choices=choices(QuestionState), default=QuestionState.WAITING)
    consent = models.CharField(max_length=8, choices=choices(SaidConsent))
    purpose = models.CharField(max_length=16)
    says_more = models.BooleanField()
    sealed_person = models.BinaryField()
    words = models.CharField(max_length=400, blank=True)
    received_at = models.DateTimeField()
    due_on = models.DateField()
    reminded_at = models.DateTimeField(null=True)
    handler = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["asker", "message_id"], name="one_question_per_request"),
            models.CheckConstraint(condition=Q(state__in=sorted(QuestionState)), name="question_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=[QuestionState.ANSWERED, QuestionState.PROPOSED]) | ~Q(words=""),
                name="answered_question_has_an_answer",
            ),
        )
        indexes = (
            models.Index(fields=["due_on", "id"], name="question_queue", condition=Q(state__in=sorted(OPEN))),
            models.Index(fields=["ended_at"], name="question_over", condition=Q(ended_at__isnull=False)),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.message_id

    @property
    def answer(self) -> Answer | None:
        """The answer or the proposed one, or None while there is none."""
        return Answer.from_words(self.words) if self.words not in ("", ERASED) else None


class Said(Outgoing):
    """What this node says about a question: RDL, RAI, RRS, CAN."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="outbox")

    class Meta:
        indexes = (models.Index(fields=["try_at"], name="said_due", condition=Q(try_at__isnull=False)),)


class Heard(Incoming):
    """That a message about a question came, and what became of it."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="inbox")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["question", "message_id"], name="one_row_per_heard_message"),
        )  # fmt: skip
