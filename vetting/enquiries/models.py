"""Questions out, replies in. Nothing here can hold a word that a reply contained."""

from uuid import uuid4

from django.db import models
from django.db.models import Q

from vetting.cases.models import Case, choices
from vetting.enquiries.rules import LONGEST_EVIDENCE, Answer, AnswerKind, EnquiryState

ERASED = "erased"
"""What stands in place of an answer once the case was erased."""


class Channel(models.TextChoices):
    """How an answer is had: from the home authority's own register, by exchange, or from a document brought along."""

    OWN_REGISTER = "own_register"
    EXCHANGE = "exchange"
    DOCUMENT = "document"


class Enquiry(models.Model):
    """One question put about one State's register. Written before it is sent.

    `words` is an answer in its fixed words (see `Answer.words`): kinds, States and item names, nothing else.
    """

    ref = models.UUIDField(default=uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="enquiries")
    asked = models.CharField(max_length=2)
    channel = models.CharField(max_length=12, choices=Channel.choices)
    state = models.CharField(max_length=16, choices=choices(EnquiryState), default=EnquiryState.OPENED)
    words = models.CharField(max_length=400, blank=True)
    opened_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    due_on = models.DateField(null=True)
    announced_on = models.DateField(null=True)
    asked_us_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["case", "asked"], name="one_enquiry_per_authority"),
            models.CheckConstraint(condition=Q(state__in=sorted(EnquiryState)), name="enquiry_state_known"),
            models.CheckConstraint(
                condition=~Q(state=EnquiryState.ANSWERED) | ~Q(words=""), name="answered_enquiry_has_an_answer"
            ),
        )
        indexes = (
            models.Index(fields=["due_on"], name="enquiry_due", condition=Q(state=EnquiryState.SENT)),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"enquiry to {self.asked}"

    @property
    def answer(self) -> Answer | None:
        """The answer, or None while there is none."""
        return Answer.from_words(self.words) if self.words not in ("", ERASED) else None

    @property
    def is_clean(self) -> bool:
        """True only for `nothing_recorded`."""
        return self.state == EnquiryState.ANSWERED and self.words == AnswerKind.NOTHING_RECORDED


class Outbound(models.Model):
    """The outbox: an intent, stored with the exact bytes before the first send, leased while somebody sends it.

    `evidence` is the other node's signed acknowledgement.
    """

    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, related_name="outbox")
    kind = models.CharField(max_length=3)
    message_id = models.CharField(max_length=25, unique=True)
    answers = models.CharField(max_length=25, blank=True)
    sealed_body = models.BinaryField(null=True)
    digest = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    try_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    dead_code = models.CharField(max_length=40, blank=True)
    receipt = models.CharField(max_length=64, blank=True)
    evidence = models.CharField(max_length=LONGEST_EVIDENCE, blank=True, default="")

    class Meta:
        indexes = (models.Index(fields=["try_at"], name="outbox_due", condition=Q(try_at__isnull=False)),)

    def __str__(self) -> str:
        return self.message_id


class Inbound(models.Model):
    """That a message came, and what became of it: ids, a code of our own, a keyed digest. Never the message.

    `evidence` is the signed acknowledgement that we gave, so that a duplicate gets the same one.
    """

    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, related_name="inbox")
    message_id = models.CharField(max_length=25, blank=True)
    kind = models.CharField(max_length=20)
    code = models.CharField(max_length=40, blank=True)
    digest = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    evidence = models.CharField(max_length=LONGEST_EVIDENCE, blank=True, default="")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["enquiry", "message_id"], name="one_row_per_message", condition=~Q(message_id="")
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"
