"""The vetting request, the links by which its applicant comes in, and the mails it owes."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.timezone import localdate

from vetting.cases.rules import (
    REMIND_BEFORE,
    STOPPED,
    WITH_ORGANISATION,
    CaseState,
    Finding,
    LetterKind,
    OpeningReason,
    OrganisationWord,
    RoleKind,
    Standing,
    ViewName,
    organisation_word,
)
from vetting.organisations.models import Organisation


def choices(words: Any) -> list[tuple[str, str]]:
    """A closed list of words as Django's choices."""
    return [(word.value, word.value) for word in words]


NEVER_SUBMITTED = {CaseState.INVITED, CaseState.CONSENTED, CaseState.CLOSED, CaseState.ERASED, *STOPPED}
"""The states of a case that nobody submitted."""


class CaseQuerySet(models.QuerySet["Case"]):
    """Verbs on cases."""

    def lock(self, ref: UUID) -> "Case":
        """The case, locked until the transaction ends. Raises Case.DoesNotExist."""
        return self.select_for_update().get(ref=ref)

    def of(self, organisations: list[int]) -> "CaseQuerySet":
        """Cases of these organisations."""
        return self.filter(organisation_id__in=organisations)

    def due(self, at: datetime, most: int) -> list[UUID]:
        """References of cases that want the pipeline's attention at `at`, longest waiting first."""
        return list(self.filter(wake_at__lte=at).order_by("wake_at").values_list("ref", flat=True)[:most])


class Case(models.Model):
    """One vetting request: one person, one organisation, one role. Who the person is lies sealed elsewhere."""

    ref = models.UUIDField(default=uuid4, unique=True, editable=False)
    reference = models.CharField(max_length=14, unique=True)
    # The applicant's own reference. The organisation knows the birth date too, so it must never see this one.
    tracking = models.CharField(max_length=14, unique=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    home = models.CharField(max_length=2)
    state = models.CharField(max_length=12, choices=choices(CaseState), default=CaseState.INVITED)
    activity = models.CharField(max_length=32)
    role = models.CharField(max_length=12, choices=choices(RoleKind))
    ground = models.CharField(max_length=32)
    purpose = models.CharField(max_length=32)
    language = models.CharField(max_length=2)
    sealed_contact = models.BinaryField()
    opened_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    accept_by = models.DateField(null=True)
    closes_on = models.DateField()
    left_at = models.DateTimeField(null=True)
    return_reason = models.CharField(max_length=32, blank=True)
    needs_person = models.BooleanField(default=True)
    handler = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    # The day by which a clerk has to act; empty while nothing here waits for one. The desk's queue is these rows.
    desk_due = models.DateField(null=True)
    escalated_at = models.DateTimeField(null=True)
    # The States whose registers are asked, sorted; empty until the authority accepts, and never changed again.
    route = models.CharField(max_length=120, blank=True)
    # Days from submission to the last answer, without those spent waiting for the organisation or the applicant.
    passed_days = models.PositiveSmallIntegerField(null=True)
    wake_at = models.DateTimeField(null=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=["organisation", "-opened_at", "-id"], name="case_organisation_newest"),
            models.Index(fields=["home", "desk_due", "id"], name="case_desk", condition=Q(desk_due__isnull=False)),
            models.Index(
                fields=["home", "desk_due", "id"],
                name="case_desk_nobodys",
                condition=Q(desk_due__isnull=False, handler__isnull=True),
            ),
            models.Index(fields=["handler", "desk_due"], name="case_desk_mine", condition=Q(desk_due__isnull=False)),
            models.Index(
                fields=["organisation", "opened_at", "id"],
                name="case_with_organisation",
                condition=Q(state__in=sorted(WITH_ORGANISATION)),
            ),
            models.Index(fields=["home", "route"], name="case_passed", condition=Q(passed_days__isnull=False)),
            models.Index(fields=["wake_at"], name="case_wake", condition=Q(wake_at__isnull=False)),
        )  # fmt: skip
        constraints = (
            models.CheckConstraint(condition=Q(state__in=sorted(CaseState)), name="case_state_known"),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=False) | Q(state__in=sorted(NEVER_SUBMITTED)),
                name="case_beyond_consent_was_submitted",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.reference

    def word_for_organisation(self, today: date, *, shared: bool) -> OrganisationWord:
        """What the organisation sees on `today`; `shared` says whether the applicant shared a certificate with it."""
        return organisation_word(self.standing(shared=shared), today)

    def standing(self, *, shared: bool) -> Standing:
        """The facts that dates and the organisation's word depend on."""
        return Standing(
            state=CaseState(self.state),
            submitted=self.submitted_at is not None,
            shared=shared,
            left=self.left_at is not None,
            closes_on=self.closes_on,
        )

    @property
    def ends_on(self) -> date:
        """The day on which sharing and disputing end too; fixed by the closing date."""
        return self.closes_on + timedelta(days=settings.SHARING_DAYS)

    @property
    def reminders(self) -> tuple[tuple[date, date], ...]:
        """The days on which the applicant is reminded, each with the day on which that is over: fixed at submission."""
        begun = localdate(self.submitted_at) if self.submitted_at else self.ends_on
        days = ((end - REMIND_BEFORE, end) for end in (self.closes_on, self.ends_on))
        return tuple((day, end) for day, end in days if day > begun)


class Review(models.Model):
    """An opening of a file that was drawn for a supervisor to look at: was there a reason to open it?"""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="reviews")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    opened_at = models.DateTimeField()
    reason = models.CharField(max_length=16, choices=choices(OpeningReason))
    finding = models.CharField(max_length=16, choices=choices(Finding), blank=True)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    reviewed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("opened_by")),
                name="nobody_reviews_their_own_opening",
            ),
        )

    def __str__(self) -> str:
        return f"review of {self.case_id}"


class KeptView(models.Model):
    """A view of the queue that a clerk comes back to, under one of a few names; at most one is what the desk begins
    with."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="kept_views")
    name = models.CharField(max_length=24, choices=choices(ViewName))
    who = models.CharField(max_length=8)
    when = models.CharField(max_length=8)
    task = models.CharField(max_length=8)
    begins = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(name__in=sorted(ViewName)), name="kept_view_name_known"),
            models.UniqueConstraint(fields=["user", "name"], name="kept_view_once_a_name"),
            models.UniqueConstraint(fields=["user"], condition=Q(begins=True), name="kept_view_one_begins"),
        )

    def __str__(self) -> str:
        return f"view of {self.user_id}"


class Link(models.Model):
    """A way in for the applicant, or for a parent or guardian to one page. Only a digest of the secret is kept; an old
    link is revived, never reused."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="links")
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    for_guardian = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"link to {self.case_id}"


class Letter(models.Model):
    """A mail that is owed. It names a kind and a case; address and words are found when it is sent."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="letters")
    kind = models.CharField(max_length=12, choices=choices(LetterKind))
    owed_at = models.DateTimeField()
    try_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    # What the mail is called outside, so that what comes back finds it; made before the first try, gone with the file.
    token = models.CharField(max_length=32, unique=True, null=True)
    bounced_at = models.DateTimeField(null=True)
    bounce_class = models.PositiveSmallIntegerField(null=True)

    class Meta:
        indexes = (models.Index(fields=["try_at"], name="letter_due", condition=Q(sent_at__isnull=True)),)

    def __str__(self) -> str:
        return f"{self.kind} for {self.case_id}"
