"""The way to an authority whose clerk answers on this node's own screen: nothing leaves the database."""

from collections.abc import Iterable
from datetime import datetime

from vetting.enquiries.ports import OutboundMessage, Receipt


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
