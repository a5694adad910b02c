"""Every column has a rule, and erasure does what the rule says."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from tests import given
from vetting.audit.ports import SYSTEM
from vetting.cases.queries import contact_of
from vetting.cases.rules import CaseState
from vetting.certificates.models import Certificate
from vetting.certificates.queries import page_of
from vetting.enquiries.models import Inbound, Outbound
from vetting.identity.models import Identity
from vetting.keys.models import CaseKey, KeyGone
from vetting.retention import services
from vetting.retention.rules import policy


def test_every_column_of_every_table_has_a_rule_and_every_rule_a_column():
    columns = {
        f"{model._meta.label_lower}.{field.column}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_concrete_fields
    }
    assert set(policy()) == columns


def closed_case(world):
    case = given.case_cleared(world)
    world.clock.forward(days=130)
    return given.advance(world, case)


@pytest.mark.django_db
def test_a_case_ends_by_itself_and_is_erased_by_command(capsys, time_machine):
    world = given.world()
    case = closed_case(world)
    assert case.state == CaseState.CLOSED
    time_machine.move_to(world.clock.now)
    call_command("erase_due")
    assert CaseKey.objects.filter(case_ref=case.ref).exists(), "without --apply it only plans"
    call_command("erase_due", "--apply")
    case.refresh_from_db()
    assert case.state == CaseState.ERASED


@pytest.mark.django_db
def test_after_erasure_nothing_of_the_person_can_be_read():
    world = given.world()
    case = closed_case(world)
    certificate = Certificate.objects.get(case=case)
    services.erase(case.ref, actor=SYSTEM, at=world.clock.now)
    assert not Identity.objects.filter(case=case).exists()
    assert not Inbound.objects.filter(enquiry__case=case).exists()
    assert Outbound.objects.filter(enquiry__case=case, sealed_body__isnull=False).count() == 0
    for read in (lambda: contact_of(case), lambda: page_of(certificate)):
        with pytest.raises(KeyGone):
            read()


@pytest.mark.django_db
def test_a_copy_made_before_erasure_cannot_be_read_after_it():
    world = given.world()
    case = closed_case(world)
    copy = bytes(Identity.objects.get(case=case).sealed)
    assert b"Izmislena" not in copy
    services.erase(case.ref, actor=SYSTEM, at=world.clock.now)
    from vetting.keys.queries import unseal

    with pytest.raises(KeyGone):
        unseal(case.ref, "identity", copy)


@pytest.mark.django_db
def test_what_stays_is_reference_states_dates_and_states():
    world = given.world()
    case = closed_case(world)
    services.erase(case.ref, actor=SYSTEM, at=world.clock.now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT asked, words FROM enquiries_enquiry ORDER BY asked")
        assert cursor.fetchall() == [("BG", "erased"), ("IE", "erased")]


@pytest.mark.django_db
def test_records_older_than_three_years_are_forgotten_whole():
    world = given.world()
    case = closed_case(world)
    services.erase(case.ref, actor=SYSTEM, at=world.clock.now)
    assert services.forget_old_records(at=world.clock.forward(days=365)) == 0
    assert services.forget_old_records(at=world.clock.forward(days=4 * 365)) > 10
