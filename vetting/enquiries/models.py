"""Questions out, replies in. Nothing here can hold a word that a reply contained."""

from uuid import uuid4

from django.db import models
from django.db.models import Q

from vetting.cases.models import Case, choices
from vetting.enquiries.rules import Answer, AnswerKind, EnquiryState
from vetting.exchange.models import Incoming, Outgoing
from vetting.exchange.ports import Standing

ERASED = "erased"
"""What stands in place of an answer once the case was erased."""


class Channel(models.TextChoices):
    """How an answer is had: from the home authority's own register, by exchange, from a document brought along, or on
    paper, where the electronic route is down (Framework Decision 2009/315/JHA, art. 11)."""

    OWN_REGISTER = "own_register"
    EXCHANGE = "exchange"
    DOCUMENT = "document"
    PAPER = "paper"


AT_DESK = (Channel.OWN_REGISTER, Channel.DOCUMENT)
"""What a clerk can answer at once. What was asked on paper can be answered too, once the answer is there."""


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
    ask_after_at = models.DateTimeField(null=True)
    standing = models.CharField(max_length=12, choices=choices(Standing), blank=True, default="")
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


class Outbound(Outgoing):
    """What this node says in an enquiry: REQ, RAR, CAN."""

    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, related_name="outbox")

    class Meta:
        indexes = (models.Index(fields=["try_at"], name="outbox_due", condition=Q(try_at__isnull=False)),)


class Inbound(Incoming):
    """That a message about an enquiry came; `digest` is keyed, and its key dies with the case."""

    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, related_name="inbox")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["enquiry", "message_id"], name="one_row_per_message", condition=~Q(message_id="")
            ),
        )  # fmt: skip
