"""Appending to the record. Called inside the transaction of the act itself: a failed entry fails the act."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from vetting.audit.models import Entry, Head
from vetting.audit.rules import Actor, allowed, entry_hash

INSTALLATION = UUID(int=0)
"""The chain of acts that belong to no case."""


def record(event: str, case_ref: UUID | None, actor: Actor, at: datetime, **facts: object) -> Entry:
    """Append one entry to the chain of the case, inside the caller's transaction.

    Raises ValueError for a fact that is not allow-listed, RuntimeError outside a transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an audit entry is written in the transaction of the act it records")
    said = allowed(facts)
    chain = case_ref or INSTALLATION
    Head.objects.get_or_create(chain=chain)
    head = Head.objects.select_for_update().get(chain=chain)
    sequence = head.length + 1
    head.hash = entry_hash(
        bytes(head.hash), chain=chain, sequence=sequence, event=event, actor=actor, at=at, facts=said
    )
    head.length = sequence
    head.save(update_fields=["length", "hash"])
    return Entry.objects.create(
        chain=chain,
        sequence=sequence,
        event=event,
        actor_kind=actor.kind,
        actor_ref=actor.ref,
        at=at,
        facts=said,
        hash=head.hash,
    )
