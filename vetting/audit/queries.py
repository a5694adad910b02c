"""Reading the record, and proving that nothing in it was altered."""

from collections.abc import Iterator
from uuid import UUID

from vetting.audit.models import Entry, Head
from vetting.audit.rules import Actor, entry_hash


def entries_of(case_ref: UUID) -> list[Entry]:
    """The acts on one case, oldest first."""
    return list(Entry.objects.filter(chain=case_ref).order_by("sequence"))


def broken_links() -> Iterator[str]:
    """A short sentence for each place where a chain no longer recomputes: changed, missing or added entries."""
    for head in Head.objects.order_by("chain").iterator():
        previous, sequence = bytes(32), 0
        entries = Entry.objects.filter(chain=head.chain).order_by("sequence")
        for sequence, entry in enumerate(entries.iterator(), start=1):
            actor = Actor(entry.actor_kind, entry.actor_ref)
            expected = entry_hash(
                previous, chain=head.chain, sequence=sequence, event=entry.event, actor=actor, at=entry.at,
                facts=entry.facts,
            )  # fmt: skip
            if entry.sequence != sequence or bytes(entry.hash) != expected:
                yield f"chain {head.chain}: entry {sequence} does not recompute"
                break
            previous = expected
        else:
            if sequence != head.length or bytes(head.hash) != previous:
                yield f"chain {head.chain}: {head.length} entries were written, {sequence} are here"
