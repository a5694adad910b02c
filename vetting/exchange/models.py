"""What every message between authorities follows, out and in, and which ways are down."""

from datetime import datetime

from django.db import models

from vetting.exchange.ports import Receipt
from vetting.exchange.rules import LEASE, LONGEST_EVIDENCE, evidence_in, is_down, pause, short_code


class Outgoing(models.Model):
    """A message that is owed: an intent, stored with its exact bytes before the first send, leased while somebody
    sends it. Each stage that sends has a table of its own; what may happen to a row is written here once.

    `evidence` is the other node's signed acknowledgement.
    """

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
        abstract = True

    def __str__(self) -> str:
        return self.message_id

    @property
    def has_ended(self) -> bool:
        """Whether nothing is left to do: the other side holds it, or nobody tries any more."""
        return self.done_at is not None or bool(self.dead_code)

    def is_due(self, at: datetime) -> bool:
        """Whether it wants to be sent at `at`, by nobody else."""
        return not self.has_ended and self.try_at is not None and self.try_at <= at

    def lease(self, at: datetime) -> None:
        """Take it for sending. Whoever dies with it loses it after the lease."""
        self.attempts += 1
        self.try_at = at + LEASE
        self.save()

    def postpone(self, at: datetime, until: datetime | None = None) -> None:
        """Sending failed, and the same bytes go again later: at `until`, or after a pause that grows."""
        self.try_at = until or at + pause(self.attempts)
        self.save()

    def give_up(self, code: str) -> None:
        """Nobody tries any more, for the reason `code`."""
        self.try_at, self.dead_code = None, short_code(code) or "unusable"
        self.save()

    def deliver(self, receipt: Receipt, at: datetime) -> None:
        """The other side holds it."""
        self.done_at, self.try_at, self.receipt = at, None, short_code(receipt.reference)
        self.evidence = evidence_in(receipt.token)
        self.save()

    def repeat(self, at: datetime) -> None:
        """Send the very same bytes once more: the other side lost them, or says so."""
        self.done_at, self.dead_code, self.try_at, self.created_at = None, "", at, at
        self.save()


class Incoming(models.Model):
    """That a message came, and what became of it: ids, a code of our own, a digest. Never the message.

    `evidence` is the signed acknowledgement that we gave, so that a duplicate gets the same one.
    """

    message_id = models.CharField(max_length=25, blank=True)
    kind = models.CharField(max_length=20)
    code = models.CharField(max_length=40, blank=True)
    digest = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    evidence = models.CharField(max_length=LONGEST_EVIDENCE, blank=True, default="")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"


class Circuit(models.Model):
    """How the way to one State does: failures in a row, since when, and when one message may try it again."""

    state = models.CharField(max_length=2, unique=True)
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    probe_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["failing_since"], name="circuit_failing"),)

    def __str__(self) -> str:
        return self.state

    @property
    def is_open(self) -> bool:
        """Whether the way counts as down."""
        return is_down(self.failures)
