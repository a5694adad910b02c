"""Certificates and to whom they were shared."""

from uuid import uuid4

from django.db import models
from django.db.models import Q

from vetting.cases.models import Case, choices
from vetting.certificates.rules import CertificateState, SharePurpose, Shows
from vetting.consent.models import Consent
from vetting.organisations.models import Organisation


class StatusList(models.Model):
    """One bit for each of its places, as last published. Most places belong to nobody and turn by chance."""

    number = models.PositiveSmallIntegerField(unique=True)
    period = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)
    # The large ones last: what asks for the others alone does not read through them.
    bits = models.BinaryField()
    token = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"status list {self.number}"


class Certificate(models.Model):
    """A clearance. The row is the intent; token and page follow, and only then does anybody see it."""

    jti = models.UUIDField(default=uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="certificates")
    number = models.CharField(max_length=14, unique=True)
    code_digest = models.CharField(max_length=64)
    state = models.CharField(max_length=12, choices=choices(CertificateState), default=CertificateState.INTENDED)
    activity = models.CharField(max_length=32)
    role = models.CharField(max_length=12)
    issued_on = models.DateField()
    valid_until = models.DateField()
    sealed_contents = models.BinaryField()
    sealed_token = models.BinaryField(null=True)
    sealed_page = models.BinaryField(null=True)
    page_digest = models.CharField(max_length=64, blank=True)
    # Null on certificates that were signed before there was a list: their tokens name no place.
    status_list = models.ForeignKey(
        StatusList, on_delete=models.PROTECT, null=True, related_name="certificates", db_index=False
    )
    status_index = models.PositiveIntegerField(null=True)

    class Meta:
        indexes = (
            # With the constraint on places, all that an edition reads: it never reads a certificate itself.
            models.Index(
                fields=["status_list", "valid_until", "status_index"],
                condition=Q(state__in=["intended", "current"]),
                name="standing_by_list",
            ),
        )
        constraints = (
            models.UniqueConstraint(fields=["status_list", "status_index"], name="one_place_each"),
            models.UniqueConstraint(
                fields=["case"], condition=Q(state__in=["intended", "current"]), name="one_live_certificate_per_case"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["intended", "superseded"])
                | (Q(sealed_token__isnull=False) & Q(sealed_page__isnull=False)),
                name="visible_certificate_is_complete",
            ),
        )

    def __str__(self) -> str:
        return self.number


class Share(models.Model):
    """The applicant showed the certificate to an organisation. `case` is the vetting request that it answers: the one
    it was issued in, or a later one of the same holder, where it took the place of a new check."""

    certificate = models.ForeignKey(Certificate, on_delete=models.CASCADE, related_name="shares")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="shares")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="shares")
    shared_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["certificate", "case"], condition=Q(revoked_at__isnull=True), name="shared_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.certificate_id} with {self.organisation_id}"


class ShareCode(models.Model):
    """A code by which the holder shows the certificate to others until a day; only its digest is kept."""

    ref = models.UUIDField(unique=True, editable=False)
    certificate = models.ForeignKey(Certificate, on_delete=models.CASCADE, related_name="codes")
    consent = models.OneToOneField(Consent, on_delete=models.CASCADE, related_name="code")
    digest = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=16, choices=choices(SharePurpose))
    shows = models.CharField(max_length=8, choices=choices(Shows))
    made_at = models.DateTimeField()
    ends_on = models.DateField()
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"code of {self.certificate_id}"
