"""Whether two nodes agree, by SQL of its own on both files: nothing of the product is asked."""

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

ANSWERS = {
    "PLAN-CLEAN": "nothing_recorded",
    "PLAN-MORE": "nothing_recorded",
    "PLAN-ENTRY": "entry_held",
    "PLAN-NATIONAL": "not_identified not_a_national",
}
SENT = {"IE": "enquiries_outbound", "BG": "questions_said"}
TAKEN = {"IE": "enquiries_inbound", "BG": "questions_heard"}
# The names of tables in the questions below come from these two, never from a row: hence each S608.
LETTERS = {"IE": Counter(REQ=4, RAR=1), "BG": Counter(RDL=4, RRS=4, RAI=1)}
"""What four questions come to, one of which is asked back."""


def disagreements(folder: Path) -> list[str]:
    """Every way in which the two nodes of a scene do not agree, or either is not whole; empty when all is well."""
    with (
        closing(sqlite3.connect(folder / "IE" / "database")) as asker,
        closing(sqlite3.connect(folder / "BG" / "database")) as asked,
    ):
        both = {"IE": asker, "BG": asked}
        found = [*_answers(asker, asked)]
        for state, other in (("IE", "BG"), ("BG", "IE")):
            found += [*_messages(state, both[state], both[other]), *_record(state, both[state])]
    return found


def _rows(database: sqlite3.Connection, question: str) -> list[tuple[object, ...]]:
    return database.execute(question).fetchall()


def _answers(asker: sqlite3.Connection, asked: sqlite3.Connection) -> list[str]:
    """Each question has one answer, the same on both sides, and together they are those that the clerks gave."""
    here = _rows(
        asker,
        "SELECT o.message_id, e.state, e.words FROM enquiries_enquiry e"
        " JOIN enquiries_outbound o ON o.enquiry_id = e.id WHERE e.asked = 'BG' AND o.kind = 'REQ' ORDER BY 1",
    )
    there = _rows(asked, "SELECT message_id, state, words FROM questions_question ORDER BY 1")
    found = []
    if here != there:
        found.append(f"the answers differ: {here} and {there}")
    if Counter(words for _, _, words in here) != Counter(ANSWERS.values()):
        found.append(f"these are not the answers that were given: {here}")
    if {state for _, state, _ in here} != {"answered"}:
        found.append("a question is not answered")
    given = _rows(asked, "SELECT count(*) FROM audit_entry WHERE event = 'question.answer'")
    if given != [(len(ANSWERS),)]:
        found.append(f"the clerks answered {given[0][0]} times")
    return found


def _messages(state: str, here: sqlite3.Connection, there: sqlite3.Connection) -> list[str]:
    """Each message was sent once by its id, taken once by the other side, and its receipt lies here."""
    other = "BG" if state == "IE" else "IE"
    about = " WHERE done_at IS NOT NULL AND evidence <> ''" if state == "BG" else " WHERE evidence <> ''"
    sent = [str(row[0]) for row in _rows(here, f"SELECT message_id FROM {SENT[state]}{about}")]  # noqa: S608
    taken = [str(row[0]) for row in _rows(there, f"SELECT message_id FROM {TAKEN[other]} WHERE message_id <> ''")]  # noqa: S608
    found = []
    if Counter(sent) != Counter(taken):
        found.append(f"{state} sent {sorted(sent)}, and {other} took {sorted(taken)}")
    if Counter(message_id[6:9] for message_id in sent) != LETTERS[state]:
        found.append(f"{state} sent other messages than it owed: {sorted(sent)}")
    left = _rows(here, f"SELECT message_id, dead_code FROM {SENT[state]} WHERE try_at IS NOT NULL OR dead_code <> ''")  # noqa: S608
    if left:
        found.append(f"{state} still owes or gave up {left}")
    return found


def _record(state: str, database: sqlite3.Connection) -> list[str]:
    """The file is whole, and so is each chain of the record."""
    found = [] if _rows(database, "PRAGMA integrity_check") == [("ok",)] else [f"{state}: the file is damaged"]
    gaps = _rows(
        database,
        "SELECT h.chain FROM audit_head h LEFT JOIN audit_entry e ON e.chain = h.chain GROUP BY h.chain"
        " HAVING count(e.id) <> h.length OR max(e.sequence) <> h.length OR min(e.sequence) <> 1",
    )
    return found + ([f"{state}: gaps in the record"] if gaps else [])
