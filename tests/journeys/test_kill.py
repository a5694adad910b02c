"""Killing the process at any moment and starting again loses no case and sends no enquiry twice.

The killing is done by tests/crash_worker.py, always on SQLite files of its own. The judge is this module: its own SQL
on the database file and the other side's own record, nothing of the product.
"""

import json
import os
import sqlite3
import subprocess
import sys
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings

ENQUIRIES, RECEIVING, CASES = "vetting.enquiries.services", "vetting.enquiries.receiving", "vetting.cases.services"
CERTIFICATES, GATEWAY = "vetting.certificates.services", "tests.crash_worker.RecordingGateway"
POINTS = {
    "before a message is claimed": ("before", f"{ENQUIRIES}.claim", 2),
    "while its bytes are made": ("after", f"{ENQUIRIES}.compose", 2),
    "after a message is claimed": ("after", f"{ENQUIRIES}.claim", 2),
    "before a message is sent": ("before", f"{GATEWAY}.send", 2),
    "after a message is sent and before that is written": ("after", f"{GATEWAY}.send", 2),
    "while it is written that a message is sent": ("after", f"{ENQUIRIES}.move_enquiry", 2),
    "after it is written that a message is sent": ("after", f"{ENQUIRIES}.sent", 2),
    "before a reply is received": ("before", f"{RECEIVING}.receive", 2),
    "while a reply is written": ("after", f"{RECEIVING}.move_enquiry", 2),
    "after a reply is received": ("after", f"{RECEIVING}.receive", 3),
    "after a case is cleared": ("after", "vetting.outcomes.services.conclude", 1),
    "before a certificate is intended": ("before", f"{CERTIFICATES}.intend", 2),
    "after a certificate is intended": ("after", f"{CERTIFICATES}.intend", 1),
    "after a page carries its token": ("after", "integrations.pdf.printer.CertificatePrinter.carrying", 1),
    "after a certificate is signed and before it is published": ("before", f"{CERTIFICATES}.publish", 1),
    "while a certificate is published": ("after", f"{CERTIFICATES}.move_certificate", 2),
    "after a certificate is published": ("after", f"{CERTIFICATES}.publish", 2),
    "after a letter is claimed": ("after", f"{CASES}.claim_letter", 1),
    "after a mail is sent and before that is written": ("before", f"{CASES}.letter_sent", 2),
    "after it is written that a mail is sent": ("after", f"{CASES}.letter_sent", 2),
}
SENT_AGAIN = {"after a message is sent and before that is written", "while it is written that a message is sent"}
MAILED_AGAIN = {"after a mail is sent and before that is written"}
RANDOM = "at random"
KILLS = 16
LEASE = 30.0

pytestmark = pytest.mark.xdist_group("kill")  # the scenes are played once for all of them


@pytest.fixture(scope="module")
def scenes(tmp_path_factory):
    """Where every scene has been played: killed, started again, run to the end; and what the processes said."""
    folder = tmp_path_factory.mktemp("killed")
    ours = ("DATABASE_URL", "VAR_DIR", "KEY_DIR", "DJANGO_ALLOW_ASYNC_UNSAFE")
    environment = {
        **{name: value for name, value in os.environ.items() if name not in ours},
        "DATABASE_URL": f"sqlite:///{folder}/never-used",
        "VAR_DIR": str(folder),
        "KEY_DIR": str(folder / "keys"),
        "EXCHANGE_GATEWAY": GATEWAY,
        "PYTHONPATH": str(settings.BASE_DIR),
    }
    program = [sys.executable, "-c", "from tests.crash_worker import main; main()"]
    plan = json.dumps({"folder": str(folder), "scenes": {RANDOM: KILLS, **POINTS}})
    run = subprocess.run(program, env=environment, cwd=folder, input=plan, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return folder, run.stderr


class Judge:
    """Reads one scene's database file and the other side's record with nothing of the product."""

    def __init__(self, folder: Path) -> None:
        self.accepted = json.loads((folder.parent / "template" / "accepted").read_text())
        self.ends = json.loads((folder / "ends").read_text())
        self.database = sqlite3.connect(folder / "database")
        self.received = [json.loads(line) for line in (folder / "received").read_text().splitlines()]
        self.mails = len(list((folder / "mails").glob("*.eml")))

    def rows(self, question):
        return self.database.execute(question).fetchall()

    def close(self) -> None:
        self.database.close()


@pytest.fixture(params=[*POINTS, RANDOM])
def scene(request, scenes):
    folder, said = scenes
    judge = Judge(folder / request.param)
    yield request.param, judge, said
    judge.close()


def test_the_process_was_killed_and_another_went_on_to_the_end(scene):
    name, judge, said = scene
    assert judge.ends["killed"] == [-9] * (KILLS if name == RANDOM else 1), said
    assert judge.ends["went_on"] == 0, said


def test_no_accepted_case_is_lost_and_each_has_exactly_one_certificate(scene):
    judge = scene[1]
    assert dict(judge.rows("SELECT ref, state FROM cases_case")) == dict.fromkeys(judge.accepted, "cleared")
    certificates = judge.rows(
        "SELECT c.ref, x.state, x.sealed_token IS NOT NULL, x.sealed_page IS NOT NULL"
        " FROM certificates_certificate x JOIN cases_case c ON c.id = x.case_id"
    )
    assert sorted(certificates) == sorted((ref, "current", 1, 1) for ref in judge.accepted)


def test_each_certificate_has_a_place_of_its_own_on_the_status_list(scene):
    judge = scene[1]
    places = judge.rows(
        "SELECT l.number, x.status_index FROM certificates_certificate x"
        " JOIN certificates_statuslist l ON l.id = x.status_list_id"
    )
    assert len(set(places)) == len(places) == len(judge.accepted)
    assert judge.rows("SELECT count(*) FROM certificates_statuslist") == [(1,)]


def test_each_state_is_asked_by_exactly_one_enquiry_with_one_message(scene):
    judge = scene[1]
    asked = defaultdict(list)
    for ref, state, moved, messages in judge.rows(
        "SELECT c.ref, e.asked, e.state, (SELECT count(*) FROM enquiries_outbound o WHERE o.enquiry_id = e.id)"
        " FROM enquiries_enquiry e JOIN cases_case c ON c.id = e.case_id ORDER BY e.asked"
    ):
        asked[ref].append(state)
        assert (moved, messages) == ("answered", 1)
    assert asked == judge.accepted


def test_the_other_side_can_tell_every_repetition_by_one_id_and_the_same_bytes(scene):
    name, judge, _ = scene
    stored = judge.rows("SELECT message_id, digest FROM enquiries_outbound WHERE digest <> ''")
    assert len(stored) == sum(len(states) - 1 for states in judge.accepted.values())
    assert {(one["id"], one["digest"]) for one in judge.received} == set(stored)
    times = Counter(one["id"] for one in judge.received)
    if name != RANDOM:
        assert sorted(times.values(), reverse=True)[:2] == ([2, 1] if name in SENT_AGAIN else [1, 1])


def test_a_message_is_sent_again_only_after_its_lease(scene):
    moments = defaultdict(list)
    for one in scene[1].received:
        moments[one["id"]].append(one["at"])
    for sent in moments.values():
        assert all(later - earlier >= LEASE for earlier, later in pairwise(sent))


def test_nothing_is_left_in_the_outbox_and_no_mail_is_owed(scene):
    name, judge, _ = scene
    assert judge.rows("SELECT * FROM enquiries_outbound WHERE done_at IS NULL OR try_at OR dead_code <> ''") == []
    assert judge.rows("SELECT * FROM cases_letter WHERE sent_at IS NULL OR try_at IS NOT NULL") == []
    letters = judge.rows("SELECT count(*) FROM cases_letter")[0][0]
    assert letters == 3 * len(judge.accepted), "an invitation, the agreement, and the news"
    if name != RANDOM:
        assert judge.mails == letters + (name in MAILED_AGAIN)
    assert letters <= judge.mails <= letters + KILLS


def test_the_record_is_whole_and_tells_each_act_once(scene):
    _, judge, said = scene
    assert judge.ends["verified"] == 0, said
    assert judge.rows("PRAGMA integrity_check") == [("ok",)]
    gaps = judge.rows(
        "SELECT h.chain FROM audit_head h LEFT JOIN audit_entry e ON e.chain = h.chain GROUP BY h.chain"
        " HAVING count(e.id) <> h.length OR max(e.sequence) <> h.length OR min(e.sequence) <> 1"
    )
    assert gaps == []
    events = Counter(event for (event,) in judge.rows("SELECT event FROM audit_entry"))
    cases, enquiries = len(judge.accepted), sum(map(len, judge.accepted.values()))
    once = ("case.accept", "case.all_answered", "case.clear", "certificate.intend", "certificate.publish")
    assert {event: events[event] for event in once} == dict.fromkeys(once, cases)
    each = ("enquiry.open", "enquiry.send", "enquiry.answer", "message.sent")
    assert {event: events[event] for event in each} == dict.fromkeys(each, enquiries)
    assert events["message.received"] == 2 * (enquiries - cases), "a date and an answer from each other State"
    assert events["letter.sent"] == 3 * cases
