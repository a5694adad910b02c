"""Leaks on purpose: what a careless change could do with a reply, one for every place that the canary search reads."""

import base64
import gzip
import logging
import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.backends.cached_db import SessionStore
from django.core import mail
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.utils.timezone import now
from django.views.debug import ExceptionReporter
from lxml import etree

from integrations.ecris.hardened import schema
from integrations.mail.outbox import Backend
from tests.canary import Watch
from vetting import tasks
from vetting.audit.models import Checkpoint
from vetting.cases.models import Case
from vetting.enquiries.models import Enquiry, Inbound, Outbound
from vetting.identity.models import Identity
from vetting.keys.queries import seal_document

log = logging.getLogger("vetting.careless")


@dataclass
class Scene:
    """A case that waits for replies, and the watch over it."""

    watch: Watch
    case: Case
    enquiry: Enquiry


Seed = Callable[[str, Scene], object]
SEEDS: dict[str, tuple[str, Seed]] = {}


def seed(description: str, sink: str) -> Callable[[Seed], Seed]:
    """One leak, and where the search must find it."""

    def register(leak: Seed) -> Seed:
        SEEDS[description] = sink, leak
        return leak

    return register


@seed("a line of the log quotes the body", "unfiltered log")
def _logged(word: str, _: Scene) -> None:
    log.info("read %s", f"<a>{word}</a>".encode())


@seed("a warning reaches the log stream", "log stream")
def _warned(word: str, _: Scene) -> None:
    log.warning("could not read %s", word)


@seed("the reason of the schema is logged", "log stream")
def _explained(word: str, _: Scene) -> None:
    try:
        schema().assertValid(etree.fromstring(f"<{word}/>"))
    except etree.DocumentInvalid as failure:
        log.warning(str(failure))


@seed("an attribute is attached to a log record", "unfiltered log")
def _attached(word: str, _: Scene) -> None:
    log.error("failed", extra={"reply": word})


@seed("a column of text", "table enquiries_enquiry")
def _stored(word: str, scene: Scene) -> None:
    Enquiry.objects.filter(pk=scene.enquiry.pk).update(words=word)


@seed("a stored column lies in the file of the database", "database file")
def _on_disk(word: str, scene: Scene) -> None:
    Outbound.objects.filter(enquiry=scene.enquiry).update(receipt=word)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")


@seed("base64 in a column, after one byte", "table enquiries_inbound")
def _in_base64(word: str, scene: Scene) -> None:
    code = base64.b64encode(b"-" + word.encode()).decode()[:40]
    Inbound.objects.create(enquiry=scene.enquiry, kind="refused", code=code, digest="", received_at=now())


@seed("JSON in a column of text", "table audit_checkpoint")
def _in_json(word: str, _: Scene) -> None:
    token = "".join(f"\\u{ord(letter):04x}" for letter in word)
    Checkpoint.objects.create(at=now(), chains=0, root=b"", previous_root=b"", token=token)


@seed("UTF-16 in a column of bytes", "table audit_checkpoint")
def _in_utf_16(word: str, _: Scene) -> None:
    Checkpoint.objects.create(at=now(), chains=0, root=word.encode("utf-16-be"), previous_root=b"", token="")


@seed("a statement that is rolled back", "statements")
def _rolled_back(word: str, scene: Scene) -> None:
    with transaction.atomic():
        Enquiry.objects.filter(pk=scene.enquiry.pk).update(words=word)
        transaction.set_rollback(True)


@seed("a row that is rolled back stays in the write-ahead log", "write-ahead log")
def _spilt(word: str, _: Scene) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA cache_size=8")
        with transaction.atomic():
            for number in range(300):
                cursor.execute(
                    "INSERT INTO django_session (session_key, session_data, expire_date) VALUES (%s, %s, %s)",
                    [f"{number}", f"{word}{'.' * 1500}", now() + timedelta(days=1)],
                )
            transaction.set_rollback(True)


@seed("a statement that fails", "server log" if connection.vendor == "postgresql" else "statements")
def _failed(word: str, _: Scene) -> None:
    with connection.cursor() as cursor, suppress(DatabaseError):
        cursor.execute("SELECT %s FROM no_such_table", [word])


@seed("a sealed document", "sealed documents")
def _sealed(word: str, scene: Scene) -> None:
    sealed = seal_document(scene.case.ref, "identity", {"remark": word})
    Identity.objects.filter(case=scene.case).update(sealed=sealed)


@seed("a cache entry", "table cache")
def _cached(word: str, _: Scene) -> None:
    cache.set("reply", {"word": word})


@seed("a cache entry in another spelling", "table cache")
def _cached_in_hexadecimal(word: str, _: Scene) -> None:
    cache.set("digits", word.encode().hex())


@seed("a compressed session", "sessions")
def _session(word: str, _: Scene) -> None:
    session = SessionStore()
    session["reply"] = word + "." * 500
    session.save()


@seed("an argument of a task", "broker")
def _task(word: str, _: Scene) -> None:
    tasks.advance.apply_async(args=(word,))


@seed("a mail", "mail")
def _mailed(word: str, _: Scene) -> None:
    mail.send_mail("A reply", f"й {word}", None, ["clerk@invented.example"])


@seed("the file of a mail, its lines broken", "mail files")
def _posted(word: str, _: Scene) -> None:
    message = mail.EmailMessage("A reply", f"{'й' * 25}{word}", None, ["clerk@invented.example"])
    Backend().send_messages([message])


@seed("a temporary file", "temporary files")
def _spooled(word: str, _: Scene) -> None:
    with tempfile.NamedTemporaryFile(delete=False) as file:
        file.write(word.encode().hex().encode())


@seed("a compressed temporary file", "temporary files")
def _compressed(word: str, _: Scene) -> None:
    Path(tempfile.gettempdir(), "reply.xml.gz").write_bytes(gzip.compress(word.encode()))


@seed("the name of a temporary file", "temporary files")
def _named(word: str, _: Scene) -> None:
    Path(tempfile.gettempdir(), f"{word}.nist").touch()


@seed("a file of the installation", "VAR_DIR")
def _dumped(word: str, _: Scene) -> None:
    Path(settings.VAR_DIR, "dump").write_text("".join(f"&#{ord(letter)};" for letter in word))


@seed("a print", "stdout and stderr")
def _printed(word: str, _: Scene) -> None:
    sys.stdout.write(repr(word.encode()))


@seed("a library that writes to the descriptor", "stdout and stderr")
def _written(word: str, _: Scene) -> None:
    os.write(2, word.encode())


@seed("the local variables of an error report", "error reports")
def _reported(word: str, scene: Scene) -> None:
    try:
        int("constant")
    except ValueError:
        scene.watch.reports.append(ExceptionReporter(None, *sys.exc_info()).get_traceback_html())


@seed("a page", "pages")
def _shown(word: str, scene: Scene) -> None:
    scene.watch.pages.append("".join(f"&#x{ord(letter):X};" for letter in word).encode())


@seed("a variable of the environment", "environment")
def _exported(word: str, _: Scene) -> None:
    os.environ["REPLY"] = word
