"""A specimen of every message, for every State that can be asked: what a partner tries their own reader on."""

import hashlib
import json
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from integrations.ecris.parsing import parse
from vetting.authorities.queries import packaged_directory
from vetting.enquiries.gateways import airlock, purposes
from vetting.enquiries.ports import Expectation
from vetting.exchange.ports import MessageType
from vetting.management.invented import asked_states

KINDS = {str(kind) for kind in MessageType}


def written(folder: Path, home: str = "IE") -> dict[str, bytes]:
    call_command("write_message", out=str(folder), home=home, stdout=StringIO())
    return {path.stem: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(scope="module")
def specimens(tmp_path_factory):
    return written(tmp_path_factory.mktemp("specimens"))


def test_the_27_member_states_and_the_united_kingdom_are_asked():
    assert len(asked_states()) == 28
    assert "GB" in asked_states()


def test_there_is_one_of_each_kind_for_every_state(specimens):
    kinds = {(name[3:5], name[6:9]) for name in specimens if name[:2] == "IE"} | {
        ("IE", name[6:9]) for name in specimens if name[3:5] == "IE"
    }
    assert kinds == {(state, kind) for state in asked_states() for kind in KINDS}
    assert len(specimens) == 28 * 7


def test_each_is_a_message_that_our_own_reader_takes_under_the_name_of_its_file(specimens):
    for name, body in specimens.items():
        found = parse(body)
        assert (found.message_id, str(found.message_type)) == (name, name[6:9])


def test_the_purpose_is_in_an_official_language_of_the_asked_state(specimens):
    texts = purposes()["art10-employment-children"]
    for name, body in specimens.items():
        if name[6:9] == "REQ":
            row = packaged_directory().find(name[3:5])
            assert row is not None
            assert any(texts[language] in body.decode() for language in row.languages if language in texts)


def test_running_it_again_gives_the_same_bytes(specimens, tmp_path):
    assert written(tmp_path) == specimens


def test_the_answers_are_to_requests_of_the_other_state(specimens):
    reply = specimens["IE-BG-RRS-000000000000005"]
    verdict = airlock().reduce(reply, Expectation(us="BG", them="IE", request=b"", digest_key=b""))
    assert (verdict.answer, verdict.response_to) == ("nothing_recorded", "BG-IE-REQ-000000000000001")


def test_the_summary_names_every_file_with_its_digest(tmp_path):
    said = StringIO()
    call_command("write_message", out=str(tmp_path), home="EE", json=True, stdout=said)
    summary = json.loads(said.getvalue())
    assert summary["home"] == "EE"
    for one in summary["messages"]:
        assert hashlib.sha256((tmp_path / one["file"]).read_bytes()).hexdigest() == one["sha256"]
    assert len(summary["messages"]) == len(list(tmp_path.iterdir()))


def test_the_readable_summary_has_a_line_for_every_state(tmp_path):
    said = StringIO()
    call_command("write_message", out=str(tmp_path), stdout=said)
    assert [line[:2] for line in said.getvalue().splitlines()[:28]] == list(asked_states())


@pytest.mark.parametrize("home", ["NO", "ZZ"])
def test_a_state_that_takes_no_part_is_refused_before_anything_is_written(tmp_path, home):
    with pytest.raises(CommandError, match="--home"):
        call_command("write_message", out=str(tmp_path), home=home)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("write_message", out=str(tmp_path / "file"))


def test_the_settings_name_who_writes():
    assert settings.MESSAGE_WRITER.startswith("integrations.")
    assert settings.FORM_PRINTER.startswith("integrations.")
