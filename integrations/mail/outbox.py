"""Mail for the embedded default: each message becomes a file in a local folder, which a page shows."""

import os
from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class Backend(BaseEmailBackend):
    """Writes whole files, so that a reader never meets half of one. Names sort by time."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.OUTBOX_DIR)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for message in email_messages:
            number = max((int(path.name.split("-")[0]) for path in folder.glob("*.eml")), default=0) + 1
            fresh = folder / f".{uuid4()}"
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(message.message().as_bytes())
            fresh.rename(folder / f"{number:06d}-{uuid4().hex[:8]}.eml")
        return len(email_messages)
