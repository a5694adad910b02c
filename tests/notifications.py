"""Notifications as mail servers write them, about mails of nobody to nowhere."""

from email.message import EmailMessage

HEAD = """From: MAILER-DAEMON@mx.example
To: {to}
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="=_b"

--=_b
Content-Type: text/plain; charset=utf-8

{said}

--=_b
Content-Type: {status_type}

Reporting-MTA: dns; mx.example
Arrival-Date: Tue, 24 Nov 2026 09:00:00 +0000

Final-Recipient: rfc822; nobody@invented.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {said}

--=_b
Content-Type: {returned_type}

{returned}
--=_b--
"""


def notification(
    letter: EmailMessage | None = None,
    *,
    to: str = "bounces@authority.example",
    action: str = "failed",
    status: str = "5.1.1",
    said: str = "no such user",
    status_type: str = "message/delivery-status",
    returned_type: str = "message/rfc822",
) -> bytes:
    """What comes back for `letter`, in CRLF as on the wire."""
    returned = letter.as_string() if letter is not None else "Subject: something else\n\nSomething else"
    filled = HEAD.format(
        to=to, action=action, status=status, said=said, status_type=status_type, returned_type=returned_type,
        returned=returned,
    )  # fmt: skip
    return "\r\n".join(filled.splitlines()).encode()
