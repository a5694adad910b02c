"""Every certificate in the database, looked at once more: what was changed behind the product's back is found."""

import hashlib

import pytest
from django.core.management import CommandError, call_command

from tests import given
from vetting.audit.ports import SYSTEM
from vetting.certificates.gateways import signer
from vetting.certificates.models import Certificate
from vetting.certificates.queries import page_of, token_of
from vetting.certificates.rules import CERTIFICATE_TYPE
from vetting.keys.queries import seal
from vetting.retention import services as retention

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return given.world()


def certificate(world):
    return Certificate.objects.get(case=given.case_cleared(world))


def put(row, column, content):
    setattr(row, f"sealed_{column}", seal(row.case.ref, f"{column}/{row.jti}", content))
    row.save()


def test_certificates_as_they_were_issued_pass(world, capsys):
    certificate(world)
    given.case_decided_by_answers(world)
    call_command("check_certificates")
    assert "2 certificates were looked at; each is as it was issued." in capsys.readouterr().out


def another_signature(row, other):
    put(row, "token", token_of(other).encode())


def another_name(row, _):
    said = signer().open(token_of(row), typ=CERTIFICATE_TYPE)
    put(row, "token", signer().sign({**said, "holder_name": "Nobody Else"}, typ=CERTIFICATE_TYPE).encode())


def another_place(row, _):
    row.status_index = (row.status_index + 1) % 2**20
    row.save()


def another_page(row, other):
    put(row, "page", page_of(other))


def another_page_with_its_digest(row, other):
    another_page(row, other)
    row.page_digest = hashlib.sha256(page_of(other)).hexdigest()
    row.save()


def a_token_cut_off(row, _):
    put(row, "token", token_of(row)[:-9].encode())


def a_sealed_text_moved(row, other):
    row.sealed_token = other.sealed_token
    row.save()


CHANGES = [another_signature, another_name, another_place, another_page, another_page_with_its_digest, a_token_cut_off,
           a_sealed_text_moved]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_what_was_changed_is_named_by_its_number_alone(world, capsys, change):
    row, other = certificate(world), certificate(world)
    change(row, other)
    with pytest.raises(CommandError, match="1 certificates are not as they were issued"):
        call_command("check_certificates")
    said = capsys.readouterr().out
    assert said.startswith(f"certificate {row.number}: ")
    assert "Izmislena" not in said


def test_what_was_erased_is_passed_over(world, capsys):
    case = given.case_cleared(world)
    world.clock.forward(days=130)
    given.advance(world, case)
    retention.erase(case.ref, actor=SYSTEM, at=world.clock.now)
    call_command("check_certificates")
    assert "each is as it was issued" in capsys.readouterr().out
