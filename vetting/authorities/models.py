"""Editions of the directory as they were loaded. A row of an edition never changes; a new edition takes its place."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from vetting.authorities.rules import Channel


class Edition(models.Model):
    """One version of the national rules. `digest` is the SHA-256 of the bytes of its file, in hexadecimal.

    `waits`: somebody proposed it, and nobody else has put it in force yet. One that was never in force has no
    `activated_at`. Who acted is empty where it was an operator's command, and once the account is gone.
    """

    number = models.CharField(max_length=20, unique=True)
    digest = models.CharField(max_length=64, unique=True)
    loaded_at = models.DateTimeField()
    is_active = models.BooleanField(default=False)
    waits = models.BooleanField(default=False)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    proposed_at = models.DateTimeField(null=True)
    activated_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    activated_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["is_active"], condition=Q(is_active=True), name="one_active_edition"),
            models.CheckConstraint(condition=~Q(is_active=True, waits=True), name="in_force_or_waiting"),
        )

    def __str__(self) -> str:
        return self.number


class Authority(models.Model):
    """The central authority of one State. `gateway` is the dotted path of its own gateway; empty: the settings'."""

    state = models.CharField(max_length=2, unique=True)
    name = models.CharField(max_length=200)
    native_name = models.CharField(max_length=200)
    gateway = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        verbose_name_plural = "authorities"
        permissions = (
            ("work_at_desk", "Can work at the desk of this authority"),
            ("supervise", "Can look after the desk of this authority"),
        )

    def __str__(self) -> str:
        return self.state


class Partner(models.Model):
    """The node of another State: where it lies, and the public keys (a JWK set, RFC 7517) by which it signs."""

    authority = models.OneToOneField(Authority, on_delete=models.PROTECT, related_name="partner")
    address = models.URLField(max_length=200)
    key_set = models.JSONField(default=dict)
    updated_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.address


class NationalRule(models.Model):
    """What one edition says of one State. `reply_days` are working days; `facts` is the rest of the packaged row."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="rules")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="rules")
    channel = models.CharField(max_length=10, choices=[(channel.value, channel.value) for channel in Channel])
    languages = models.JSONField(default=list)
    reply_days = models.PositiveSmallIntegerField()
    facts = models.JSONField(default=dict)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["edition", "authority"], name="one_rule_per_edition_and_authority"),
            models.CheckConstraint(
                condition=Q(channel__in=[channel.value for channel in Channel]), name="known_channel"
            ),
        )

    def __str__(self) -> str:
        return f"{self.edition_id} {self.authority_id}"
