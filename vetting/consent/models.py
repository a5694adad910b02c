"""What the applicant agreed to, in which words, and when."""

from django.db import models

from vetting.cases.models import Case, choices
from vetting.consent.rules import ConsentPurpose


class ShownWording(models.Model):
    """Words that were shown to somebody, kept once under their digest. They name States, never a person."""

    digest = models.CharField(max_length=64, primary_key=True)
    language = models.CharField(max_length=2)
    text = models.TextField()

    def __str__(self) -> str:
        return self.digest[:12]


class Consent(models.Model):
    """One agreement to one purpose. `plan` names the States asked and those a document is brought from."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=16, choices=choices(ConsentPurpose))
    wording = models.ForeignKey(ShownWording, on_delete=models.PROTECT)
    language = models.CharField(max_length=2)
    plan = models.JSONField(default=dict)
    granted_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["case", "purpose", "-granted_at"], name="consent_newest"),)

    def __str__(self) -> str:
        return f"{self.purpose} of {self.case_id}"
