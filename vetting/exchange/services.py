"""The verbs of a way to another authority: it did not answer, it answered, may one more message try it."""

from datetime import datetime

from django.db import transaction

from vetting.audit.ports import SYSTEM
from vetting.audit.services import record
from vetting.exchange.models import Circuit
from vetting.exchange.rules import LONGEST_PROBE, is_down, pause


@transaction.atomic(durable=True)
def let_through(state: str, *, at: datetime) -> datetime | None:
    """None when a message may try the way to `state` now; otherwise when the next one may.

    While the way is down one message in each interval is let through, whoever asks first.
    """
    circuit = Circuit.objects.select_for_update().filter(state=state).first()
    if circuit is None or not circuit.is_open:
        return None
    if circuit.probe_at is not None and circuit.probe_at > at:
        return circuit.probe_at
    circuit.probe_at = at + pause(circuit.failures, LONGEST_PROBE)
    circuit.save(update_fields=["probe_at"])
    return None


@transaction.atomic(durable=True)
def failed(state: str, *, at: datetime) -> Circuit:
    """The way to `state` did not answer. After a few times in a row it counts as down, which is on the record."""
    Circuit.objects.get_or_create(state=state)
    circuit = Circuit.objects.select_for_update().get(state=state)
    was_open = circuit.is_open
    circuit.failures += 1
    circuit.failing_since = circuit.failing_since or at
    circuit.probe_at = at + pause(circuit.failures, LONGEST_PROBE)
    circuit.save()
    if is_down(circuit.failures) and not was_open:
        record("circuit.open", None, SYSTEM, at, authority=state, number=circuit.failures)
    return circuit


@transaction.atomic(durable=True)
def answered(state: str, *, at: datetime) -> None:
    """The way to `state` works: whatever was said there, somebody said it."""
    circuit = Circuit.objects.select_for_update().filter(state=state, failures__gt=0).first()
    if circuit is None:
        return
    if circuit.is_open:
        record("circuit.close", None, SYSTEM, at, authority=state, number=circuit.failures)
    circuit.failures, circuit.failing_since, circuit.probe_at = 0, None, None
    circuit.save()
