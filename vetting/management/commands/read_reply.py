"""Say what answer an inbound document would get. Stores nothing, asks no database, and shows nothing of the content."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from vetting.enquiries.gateways import airlock
from vetting.enquiries.ports import Asked, Expectation, Verdict
from vetting.enquiries.rules import asks_us
from vetting.errors import Unavailable
from vetting.exchange.ports import MessageType

MORE_THAN_ENOUGH = 1024 * 1024
"""Bytes read of a file; the reader refuses far smaller documents by itself."""


class Command(BaseCommand):
    help = "Read a message of another authority and print the answer it comes to. Nothing is stored."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="the message, one XML document")
        parser.add_argument(
            "--request", metavar="REQ", help="our own request: the reply must be to it and about its person"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        raw = _content(options["file"])
        request = _content(options["request"]) if options["request"] else b""
        expectation = Expectation(us="", them="", request=request, digest_key=b"", cancellable=None)
        try:
            if asks_us(airlock().peek(raw)):
                self.stdout.write(_asked(airlock().question(raw)))
                return
            verdict = airlock().reduce(raw, expectation)
        except Unavailable:
            raise CommandError("The process that reads messages could not be started. Try again.") from None
        if verdict.code == "request-unreadable":
            raise CommandError("The file given with --request is not a valid request (REQ) of ours.")
        self.stdout.write(_words(verdict))


def _content(name: str) -> bytes:
    try:
        with Path(name).open("rb") as file:
            return file.read(MORE_THAN_ENOUGH)
    except OSError as failure:
        raise CommandError(f"The file {name} cannot be read: {failure.strerror}.") from None


def _asked(asked: Asked) -> str:
    """A question to us on one line: codes and ids, and nothing of the person."""
    if asked.code:
        return f"rejected {asked.code}"
    if asked.message_type != MessageType.REQ:
        return f"{asked.message_type} {asked.message_id} to {asked.response_to}"
    extra = ", and more that stays unread" if asked.says_more else ""
    return f"{asked.message_type} {asked.message_id} purpose {asked.purpose} consent {asked.consent}{extra}"


def _words(verdict: Verdict) -> str:
    """The verdict on one line: an answer's own words, or the kind with its date or code."""
    if verdict.kind == "answer":
        return verdict.answer
    if verdict.kind == "rejected":
        return f"rejected {verdict.code}"
    return f"{verdict.kind} {verdict.deadline or ''}".rstrip()
