"""Who the applicant is, sealed under the case's own key, and whether the organisation saw the document."""

from django.conf import settings
from django.db import models

from vetting.cases.models import Case


class Identity(models.Model):
    """One sealed JSON document per case, step by step as the applicant goes."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="identity")
    sealed = models.BinaryField()
    version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    seen_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    def __str__(self) -> str:
        return f"identity of {self.case_id}"
