"""The way to an authority whose clerk answers on this node's own screen: nothing leaves the database."""

from collections.abc import Iterable
from datetime import datetime

from vetting.exchange.ports import OutboundMessage, Receipt, Standing


class DeskGateway:
    """See `AuthorityGateway`. It never fails, because there is nothing outside that could."""

    def send(self, message: OutboundMessage, *, at: datetime) -> Receipt:
        """Received at once: the question already lies on the desk."""
        del message
        return Receipt(received_at=at)

    def collect(self, message: OutboundMessage, *, sent_at: datetime, at: datetime) -> Iterable[bytes]:
        """Nothing: the clerk's answer is given on screen."""
        del message, sent_at, at
        return ()

    def ask_after(self, message: OutboundMessage, *, at: datetime) -> Standing:
        """Nothing that the desk does not show already."""
        del message, at
        return Standing.NOT_SAID
