"""`manage.py read_reply`: one line, no database, nothing of the content."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from integrations.ecris.convictions import HeldEntry
from integrations.ecris.replies import response, withdrawal
from tests.integrations.invented import AT, PERSON, request

SAMPLES = Path(__file__).parents[3] / "integrations" / "ecris" / "samples"


def read(*arguments: object) -> str:
    """All that the command prints."""
    out = StringIO()
    call_command("read_reply", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_every_specimen_reads_as_its_list_says() -> None:
    rows = [line.split("|") for line in (SAMPLES / "README.md").read_text().splitlines() if line.startswith("| `")]
    listed = {row[1].strip(" `"): row[3].strip(" `") for row in rows}
    assert set(listed) == {str(path.relative_to(SAMPLES)) for path in SAMPLES.rglob("*.xml")}
    for name, words in listed.items():
        assert read(SAMPLES / name, "--request", SAMPLES / "request.xml") == f"{words}\n"


def test_a_reply_about_another_person_is_only_seen_with_the_request(tmp_path: Path) -> None:
    reply, asked = tmp_path / "reply.xml", tmp_path / "request.xml"
    asked.write_bytes(request())
    reply.write_bytes(response(request(), at=AT).replace(b"Wzorowa", b"Nowak"))
    assert read(reply) == "nothing_recorded\n"
    assert read(reply, "--request", asked) == "rejected wrong-person\n"


def test_nothing_of_the_content_is_printed(tmp_path: Path) -> None:
    reply = tmp_path / "reply.xml"
    reply.write_bytes(response(request(), at=AT, entries=[HeldEntry(court="Invented Court")]))
    printed = read(reply)
    assert printed == "entry_held\n"
    assert PERSON.name.surname not in printed


def test_a_cancellation_may_name_any_reply_of_theirs(tmp_path: Path) -> None:
    cancellation = tmp_path / "cancellation.xml"
    cancellation.write_bytes(withdrawal("PL-EE-RRS-000000000000107", at=AT))
    assert read(cancellation) == "cancelled\n"


def test_a_sender_that_is_no_state_is_rejected(tmp_path: Path) -> None:
    reply = tmp_path / "reply.xml"
    reply.write_bytes(response(request(), at=AT).replace(b"PL-EE-RRS", b"ZZ-EE-RRS"))
    assert read(reply) == "rejected wrong-sender\n"


def test_a_missing_file_is_named_in_a_sentence() -> None:
    with pytest.raises(CommandError, match=r"The file nowhere\.xml cannot be read: .*\."):
        read("nowhere.xml")


def test_a_request_that_is_none_is_said_to_be_none(tmp_path: Path) -> None:
    reply = tmp_path / "reply.xml"
    reply.write_bytes(response(request(), at=AT))
    with pytest.raises(CommandError, match="not a valid request"):
        read(reply, "--request", reply)
