"""Reads of the exchange for the pipeline and for screens."""

from uuid import UUID

from vetting.exchange.models import Circuit, Outgoing
from vetting.exchange.ports import OutboundMessage
from vetting.exchange.rules import TRIPS_AFTER
from vetting.keys.queries import unseal


def travelling(outgoing: Outgoing, chain: UUID, receiver: str) -> OutboundMessage:
    """The stored bytes, ready to travel; sealed under the key of `chain`. Raises KeyGone after erasure."""
    body = bytes(outgoing.sealed_body or b"")
    plain = unseal(chain, f"outbound/{outgoing.message_id}", body) if body else b""
    return OutboundMessage(message_id=outgoing.message_id, receiver=receiver, body=plain)


def ways_down() -> list[Circuit]:
    """The ways that count as down, longest first."""
    return list(Circuit.objects.filter(failures__gte=TRIPS_AFTER).order_by("failing_since", "state"))
