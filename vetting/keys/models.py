"""One small table of keys: destroying a row makes everything sealed under it unreadable, in backups too."""

from uuid import UUID

from django.db import models

from vetting.errors import Refused


class KeyGone(Refused):
    """The case was erased: what was sealed under its key cannot be read by anybody."""

    def __init__(self) -> None:
        super().__init__("erased", "This case was erased.")


class CaseKeyQuerySet(models.QuerySet["CaseKey"]):
    """Verbs on keys."""

    def of(self, case_ref: UUID) -> "CaseKey":
        """The case's key. Raises KeyGone after erasure."""
        try:
            return self.get(case_ref=case_ref)
        except CaseKey.DoesNotExist:
            raise KeyGone from None


class CaseKey(models.Model):
    """The wrapped data key of one case."""

    case_ref = models.UUIDField(unique=True)
    epoch = models.CharField(max_length=7)
    wrapped = models.BinaryField(max_length=128)

    objects = CaseKeyQuerySet.as_manager()

    def __str__(self) -> str:
        return f"key of {self.case_ref}"
