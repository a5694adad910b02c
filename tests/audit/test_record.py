"""The record: what it may say, that it is chained, and that nobody can change it unnoticed."""

import pytest
from django.db import DatabaseError, connection, transaction

from tests import given
from vetting.audit.models import Entry
from vetting.audit.ports import SYSTEM
from vetting.audit.queries import broken_links
from vetting.audit.rules import merkle_root
from vetting.audit.services import record
from vetting.certificates.checkpoints import broken_checkpoints, write_checkpoint

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("fact", [{"name": "Ivanka"}, {"code": "a@b.example"}, {"code": "x" * 200}, {"code": "Иван"}])
def test_a_fact_that_is_no_short_code_is_refused(fact):
    with transaction.atomic(), pytest.raises(ValueError, match="not allowed"):
        record("test", None, SYSTEM, given.START, **fact)


def test_the_database_refuses_to_change_an_entry():
    given.case_opened(given.world())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Entry.objects.update(event="nothing.happened")


def _tamper(sql):
    trigger = "DROP TRIGGER audit_entry_append_only" + ("" if connection.vendor == "sqlite" else " ON audit_entry")
    with connection.cursor() as cursor:
        cursor.execute(trigger)
        cursor.execute(sql)


TAMPERING = {
    "update": "UPDATE audit_entry SET event = 'nothing' WHERE sequence = 2",
    "delete": "DELETE FROM audit_entry WHERE sequence = 2",
    "truncate": "DELETE FROM audit_entry WHERE sequence > 2",
    "swap": "UPDATE audit_entry SET sequence = 1000 - sequence",
    "head": "UPDATE audit_head SET length = length - 1",
}


@pytest.mark.parametrize("kind", TAMPERING)
def test_whoever_changes_the_record_is_found_out(kind):
    given.case_consented(given.world())
    assert list(broken_links()) == []
    _tamper(TAMPERING[kind])
    assert list(broken_links()) != []


def test_a_checkpoint_is_signed_and_follows_the_one_before():
    given.case_opened(given.world())
    write_checkpoint(at=given.START)
    given.case_opened(given.world())
    newest = write_checkpoint(at=given.START)
    assert list(broken_checkpoints()) == []
    newest.root = bytes(32)
    newest.save()
    assert list(broken_checkpoints()) != []


def test_the_merkle_root_depends_on_every_leaf_and_on_their_order():
    leaves = [bytes([number]) for number in range(5)]
    roots = {merkle_root(leaves), merkle_root(leaves[::-1]), merkle_root(leaves[:4]), merkle_root([*leaves[:4], b"x"])}
    assert len(roots) == 4
