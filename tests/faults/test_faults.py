"""Thirty faults in the exchange of two nodes, and a judge that would notice if one of them had done any harm."""

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from django.conf import settings

from tests.faults.judge import disagreements

pytestmark = pytest.mark.xdist_group("faults")  # one run for all of them

FAULTS = 30


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A whole run, and the folder with both databases of one of its exchanges."""
    kept = tmp_path_factory.mktemp("faults") / "kept"
    program = [sys.executable, "-m", "tests.faults.run", "--faults", str(FAULTS), "--seed", "7", "--keep", str(kept)]
    return subprocess.run(program, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False), kept


def test_after_thirty_faults_both_nodes_agree_on_every_question(run):
    ended, _ = run
    assert ended.returncode == 0, ended.stdout + ended.stderr[-2000:]
    *_, total, verdict = ended.stdout.splitlines()
    assert int(total.split()[0]) >= FAULTS
    assert "agreed on every question" in verdict
    assert "kill at a point" in ended.stdout


SABOTAGE = {
    "an answer that the clerk did not give": ("IE", "UPDATE enquiries_enquiry SET words = 'nothing_recorded'"),
    "an answer that only one side has": (
        "BG", "UPDATE questions_question SET words = 'refused' WHERE words = 'entry_held'"),
    "a question that was lost": ("BG", "DELETE FROM questions_question WHERE words = 'entry_held'"),
    "a message that was counted twice": (
        "IE", "INSERT INTO enquiries_inbound (message_id, kind, code, digest, received_at, enquiry_id, evidence)"
        " SELECT message_id, kind, code, digest, received_at, enquiry_id, evidence FROM enquiries_inbound"
        " WHERE message_id LIKE '%RRS%' LIMIT 1"),
    "a message that is still owed": ("BG", "UPDATE questions_said SET try_at = created_at WHERE kind = 'RRS'"),
    "a message that was given up": ("IE", "UPDATE enquiries_outbound SET dead_code = 'unusable' WHERE kind = 'RAR'"),
    "a receipt that is missing": ("IE", "UPDATE enquiries_outbound SET evidence = '' WHERE kind = 'RAR'"),
    "a clerk who answered twice": (
        "BG", "UPDATE audit_entry SET event = 'question.answer' WHERE event = 'question.receive'"),
    "a gap in the record": ("IE", "DELETE FROM audit_entry WHERE sequence = 2"),
}  # fmt: skip


@pytest.mark.parametrize("state, harm", SABOTAGE.values(), ids=SABOTAGE)
def test_the_judge_notices(run, tmp_path, state, harm):
    folder = tmp_path / "both"
    shutil.copytree(run[1], folder)
    assert disagreements(folder) == []
    with closing(sqlite3.connect(folder / state / "database")) as database:
        for (trigger,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f"DROP TRIGGER {trigger}")
        database.execute("DROP INDEX IF EXISTS one_row_per_message")
        assert database.execute(harm).rowcount >= 1
        database.commit()
    assert disagreements(folder) != []
