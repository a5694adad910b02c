"""Append-only facts, chained per case. A database trigger refuses UPDATE; only retention deletes."""

from django.db import models


class Head(models.Model):
    """The end of one chain. Locked by whoever appends, so that two entries never follow the same one."""

    chain = models.UUIDField(primary_key=True)
    length = models.PositiveIntegerField(default=0)
    hash = models.BinaryField(max_length=32, default=bytes(32))


class Entry(models.Model):
    """One act: what, on which case, by whom, when. `chain` is the case's reference, or zeros for the installation."""

    chain = models.UUIDField()
    sequence = models.PositiveIntegerField()
    event = models.CharField(max_length=64)
    actor_kind = models.CharField(max_length=16)
    actor_ref = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField(db_index=True)
    facts = models.JSONField(default=dict)
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["chain", "sequence"], name="one_entry_per_link"),)

    def __str__(self) -> str:
        return f"{self.chain} {self.sequence} {self.event}"


class Checkpoint(models.Model):
    """A signed Merkle root over all chain heads, holding the root before it."""

    at = models.DateTimeField()
    chains = models.PositiveIntegerField()
    root = models.BinaryField(max_length=32)
    previous_root = models.BinaryField(max_length=32)
    token = models.TextField()

    def __str__(self) -> str:
        return f"checkpoint {self.pk}"
