"""Write a specimen of every message that a node sends, for every State that can be asked. All in them is invented."""

import hashlib
import json
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from vetting.authorities.queries import calendar_of, packaged_directory
from vetting.authorities.rules import RequestKind, reply_due, state_code
from vetting.enquiries.gateways import writer
from vetting.enquiries.ports import Item
from vetting.enquiries.rules import Answer, AnswerKind
from vetting.errors import Refused
from vetting.exchange.ports import MessageType
from vetting.management.invented import AT, asked_states, asker_of, authority, language_for, request_about_nobody

ASKED_FOR = (Item.BIRTH_PLACE, Item.MOTHER_NAME)
LATER = timedelta(hours=1)
"""Between a message and the next."""
SENT = (
    MessageType.REQ, MessageType.RAR, MessageType.CAN, MessageType.RDL, MessageType.RRS, MessageType.RAI,
    MessageType.FEM,
)  # fmt: skip
"""In the order of the numbers; the first three by who asks, the others by who answers."""


class Command(BaseCommand):
    help = "Write one specimen of every outbound message for every asked State, about invented people, into a folder."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--out", required=True, metavar="DIR", help="the folder; it is made when it is not there")
        parser.add_argument("--home", default=settings.HOME_STATE, metavar="STATE", help="the State that sends")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            home = authority(state_code(options["home"])).state
        except Refused as refusal:
            raise CommandError(f"--home {options['home']}: {refusal.sentence}") from None
        folder = Path(options["out"])
        try:
            folder.mkdir(parents=True, exist_ok=True)
            written = [_written(folder, state, *message) for state in asked_states() for message in _of(state, home)]
        except OSError as failure:
            raise CommandError(f"The folder {folder} cannot be written: {failure.strerror}.") from None
        edition = packaged_directory().number
        if options["json"]:
            summary = {"home": home, "edition": edition, "messages": written}
            self.stdout.write(json.dumps(summary, indent=2, ensure_ascii=False))
        else:
            self.stdout.write("\n".join(_readable(written, str(folder), edition)))


def _id(sender: str, receiver: str, kind: MessageType) -> str:
    """The id of a specimen: each pair of States numbers its messages from the place of the kind in `SENT`."""
    return f"{sender}-{receiver}-{kind}-{SENT.index(kind) + 1:015d}"


def _of(state: str, home: str) -> Iterator[tuple[MessageType, str, bytes]]:
    """The messages between `home` and `state`: what home sends when it asks, and what it answers when it is asked."""
    us = asker_of(state, home)
    asked, question = _id(us, state, MessageType.REQ), _id(state, us, MessageType.RAI)
    contents = request_about_nobody(state, us, asked)
    build = writer()
    yield MessageType.REQ, asked, build.request(contents)
    told = _id(us, state, MessageType.RAR)
    answer = build.more_information(message_id=told, at=AT + LATER, answers=question, person=contents.person)
    yield MessageType.RAR, told, answer
    withdrawn = _id(us, state, MessageType.CAN)
    yield MessageType.CAN, withdrawn, build.cancellation(message_id=withdrawn, at=AT + 2 * LATER, cancels=asked)
    yield from _answers(state, us)


def _answers(state: str, us: str) -> Iterator[tuple[MessageType, str, bytes]]:
    """What `us` says to a request of `state` about one of our own nationals."""
    theirs, build, at = _id(state, us, MessageType.REQ), writer(), AT + LATER
    asked = request_about_nobody(us, state, theirs)
    calendar, extended = calendar_of(us, packaged_directory()), authority(us).extended
    due = reply_due(AT.date(), kind=RequestKind.VETTING, calendar=calendar, extended=extended)
    clean = Answer(AnswerKind.NOTHING_RECORDED).words()
    own = {kind: _id(us, state, kind) for kind in SENT[3:]}
    to: dict[MessageType, dict[str, Any]] = {
        kind: {"message_id": own[kind], "at": at, "answers": theirs} for kind in own
    }
    yield MessageType.RDL, own[MessageType.RDL], build.deadline(**to[MessageType.RDL], due=due)
    yield MessageType.RRS, own[MessageType.RRS], build.reply(**to[MessageType.RRS], person=asked.person, words=clean)
    yield MessageType.RAI, own[MessageType.RAI], build.questions(**to[MessageType.RAI], items=ASKED_FOR)
    yield MessageType.FEM, own[MessageType.FEM], build.functional_error(**to[MessageType.FEM])


def _written(folder: Path, state: str, kind: MessageType, message_id: str, body: bytes) -> dict[str, Any]:
    """Write one message; gives its line of the summary."""
    (folder / f"{message_id}.xml").write_bytes(body)
    return {
        "file": f"{message_id}.xml",
        "message_id": message_id,
        "type": str(kind),
        "state": state,
        "language": language_for(state) if kind is MessageType.REQ else "",
        "bytes": len(body),
        "sha256": hashlib.sha256(body).hexdigest(),
    }


def _readable(written: list[dict[str, Any]], folder: str, edition: str) -> list[str]:
    """One line for each State, for a person at a terminal."""
    lines = []
    for state in asked_states():
        own = [one for one in written if one["state"] == state]
        kinds, language = " ".join(one["type"] for one in own), own[0]["language"]
        lines.append(f"{state}  {kinds}  purpose in {language}, {sum(one['bytes'] for one in own)} bytes")
    return [
        *lines,
        "",
        f"{len(written)} messages about invented people in {folder}; directory of authorities {edition}.",
    ]
