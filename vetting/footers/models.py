"""What stands below the mails of an authority, version by version. The text of a version never changes."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from vetting.authorities.models import Authority
from vetting.footers.rules import Block, FooterState


class MailFooter(models.Model):
    """One version for one authority and language: who proposed it, and who else activated or dropped it, and when."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="mail_footers")
    language = models.CharField(max_length=2)
    version = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=[(state.value, state.value) for state in FooterState])
    name = models.CharField(max_length=120, blank=True)
    address = models.CharField(max_length=200, blank=True)
    telephone = models.CharField(max_length=40, blank=True)
    hours = models.CharField(max_length=137, blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True)
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["authority", "language", "version"], name="one_footer_per_version"),
            models.UniqueConstraint(
                fields=["authority", "language", "state"],
                condition=Q(state__in=[FooterState.ACTIVE, FooterState.PROPOSED]),
                name="one_active_and_one_proposed_footer",
            ),
            models.CheckConstraint(condition=Q(state__in=sorted(FooterState)), name="footer_state_known"),
            models.CheckConstraint(
                condition=Q(state=FooterState.DROPPED)
                | Q(decided_by__isnull=True)
                | Q(proposed_by__isnull=True)
                | ~Q(decided_by=F("proposed_by")),
                name="nobody_activates_their_own_footer",
            ),
        )

    def __str__(self) -> str:
        return f"{self.authority_id} {self.language} {self.version}"

    @property
    def block(self) -> Block:
        """Its parts."""
        return Block(self.name, self.address, self.telephone, self.hours)
