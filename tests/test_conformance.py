"""Another authority tries its node with our kit: ours passes in every row, and a node with a defect does not."""

import json
from contextlib import contextmanager
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils.timezone import now

from tests import given
from tests.integrations.other_node import node
from tests.two_nodes import partner
from vetting.audit.models import Entry
from vetting.enquiries.models import Outbound
from vetting.enquiries.queries import message_of
from vetting.questions.models import Question


@pytest.fixture
def key(tmp_path):
    """The tester's key, and beside it the set that the node loads."""
    path = tmp_path / "tester.pem"
    with pytest.raises(CommandError, match="A key was made"):
        call_command("conformance", against="http://127.0.0.1:1", to="IE", key=str(path))
    return path


def examined(address, key, **more):
    out = StringIO()
    try:
        call_command("conformance", against=address, to="IE", key=str(key), json=True, stdout=out, **more)
        failed = False
    except CommandError:
        failed = True
    return json.loads(out.getvalue()), failed


@pytest.fixture
def question(tmp_path):
    """A request of this node to Luxembourg, as it left."""
    world = given.world()
    world.clock.now = now()
    case = given.case_asked(
        world, document={"number": "TEST-SILENT"}, nationality={"nationalities": ["LU"]}, birth={"country": "LU"}
    )
    file = tmp_path / "request.xml"
    file.write_bytes(message_of(Outbound.objects.get(enquiry__case=case, enquiry__asked="LU")).body)
    return file


@pytest.mark.django_db(transaction=True)
def test_our_own_node_passes_in_every_row_and_keeps_no_open_question(live_server, key, question):
    partner("LU", now(), key_set=json.loads(key.with_suffix(".json").read_text()))
    report, failed = examined(live_server.url, key, question=str(question))
    assert [row for row in report["rows"] if not row["passed"]] == []
    assert not failed
    assert len(report["rows"]) > 65
    assert {state for (state,) in Question.objects.values_list("state")} == {"taken_back"}
    codes = {entry.facts["code"] for entry in Entry.objects.filter(event="message.refused")}
    assert {"dtd", "too-old", "wrong-person", "contradiction", "token-header"} <= codes


@pytest.mark.django_db(transaction=True)
def test_what_needs_a_question_of_theirs_is_not_counted_as_passed_without_one(live_server, key):
    given.world()
    partner("LU", now(), key_set=json.loads(key.with_suffix(".json").read_text()))
    report, failed = examined(live_server.url, key)
    assert (report["counts"]["FAIL"], report["counts"]["not run"], failed) == (0, 8, False)


@contextmanager
def defective(act):
    with node(act) as (_, address):
        yield address


DEFECTS = {
    "takes everything": lambda it: it.answer(200, b"thank you"),
    "breaks": lambda it: it.answer(500),
    "refuses everything": lambda it: it.answer(403, b'{"code": "no"}'),
    "redirects": lambda it: it.answer(302, Location="/"),
}


@pytest.mark.parametrize("act", DEFECTS.values(), ids=DEFECTS)
def test_a_node_with_a_defect_fails(key, act):
    with defective(act) as address:
        report, failed = examined(address, key)
    assert failed
    assert report["counts"]["pass"] == 0


def test_where_nobody_answers_a_sentence_says_so(key):
    with pytest.raises(CommandError, match="Nobody answers"):
        call_command("conformance", against="http://127.0.0.1:1", to="IE", key=str(key), stdout=StringIO())


def test_the_table_has_a_line_for_each_row(key):
    out = StringIO()
    with defective(DEFECTS["breaks"]) as address, pytest.raises(CommandError, match="does not conform"):
        call_command("conformance", against=address, to="IE", key=str(key), stdout=out)
    lines = out.getvalue().splitlines()
    assert "FAIL     envelope  no envelope" in lines[0]
    assert lines[-1].endswith("8 not run.")
