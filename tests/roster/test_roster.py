"""The roster: that a certificate was seen, when and for whom; and the name goes when the person leaves."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from tests import given
from vetting.certificates.models import Certificate
from vetting.keys.models import CaseKey
from vetting.organisations.access import give_role
from vetting.organisations.rules import Role
from vetting.roster.models import Seat

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(time_machine):
    world = given.world()
    time_machine.move_to(world.clock.now)
    return world


@pytest.fixture
def shared(world, time_machine):
    """A case whose applicant has shared the certificate."""
    case = given.case_cleared(world)
    given.shared(world, case)
    time_machine.move_to(world.clock.now)
    return case


def roster(client):
    return client.get(reverse("organisation:roster")).content.decode()


def test_who_showed_a_certificate_is_on_the_roster_once_a_member_looked(client, world, shared):
    client.force_login(world.secretary)
    assert "Ivanka" not in roster(client)
    page = reverse("organisation:case", args=[shared.ref])
    assert "put on the roster" in client.get(page).content.decode()
    for _ in range(2):
        client.post(reverse("organisation:see", args=[shared.ref]))
    assert roster(client).count("Ivanka Izmislena</td>") == 1
    assert "put on the roster" not in client.get(page).content.decode()
    assert Seat.objects.get().seen_by == world.secretary


@pytest.mark.parametrize("ending", [given.case_cleared, given.case_not_cleared, given.case_asked])
def test_without_a_shared_certificate_nobody_comes_onto_it_whatever_the_outcome(client, world, ending, time_machine):
    case = ending(world)
    time_machine.move_to(world.clock.now)
    client.force_login(world.secretary)
    answer = client.get(client.post(reverse("organisation:see", args=[case.ref]))["Location"])
    assert "Nothing was changed." in answer.content.decode()
    assert not Seat.objects.exists()


def test_the_name_is_readable_nowhere_once_the_person_left(client, world, shared):
    client.force_login(world.secretary)
    client.post(reverse("organisation:see", args=[shared.ref]))
    seat = Seat.objects.get()
    assert b"Ivanka" not in bytes(seat.sealed_person)
    client.post(reverse("organisation:leave", args=[seat.ref]))
    assert "Ivanka" not in roster(client)
    assert not CaseKey.objects.filter(case_ref=seat.ref).exists()
    assert bytes(Seat.objects.get().sealed_person) == b""


def test_a_new_check_begins_with_what_is_known_and_needs_the_persons_agreement_anew(client, world, shared):
    client.force_login(world.secretary)
    client.post(reverse("organisation:see", args=[shared.ref]))
    link = re.findall(r'href="([^"]*again=[^"]*)"', roster(client))[0]
    form = client.get(link).content.decode()
    assert 'value="Izmislena"' in form
    assert 'value="ivanka@invented.example"' in form
    assert 'value="sport_coaching" selected' in form
    assert client.get(reverse("organisation:new") + "?again=x").status_code == 200


def test_the_roster_says_when_a_certificate_ends_soon_and_when_it_is_not_current_any_more(
    client, world, shared, time_machine
):
    client.force_login(world.secretary)
    client.post(reverse("organisation:see", args=[shared.ref]))
    assert "valid until" in roster(client)
    ends = Certificate.objects.get().valid_until
    for days, said in ((-30, "ends on"), (1, "not current")):
        noon = world.clock.now.replace(hour=12)
        time_machine.move_to(noon + (ends - noon.date()) + timedelta(days=days))
        client.force_login(world.secretary)
        assert said in roster(client)


def test_a_seat_that_nobody_renewed_is_forgotten_and_outlives_the_erased_case(client, world, shared, time_machine):
    client.force_login(world.secretary)
    client.post(reverse("organisation:see", args=[shared.ref]))
    given.advance(world, shared, days=200)
    time_machine.move_to(world.clock.now)
    call_command("erase_due", apply=True, stdout=StringIO())
    client.force_login(world.secretary)
    assert "Ivanka Izmislena" in roster(client)
    time_machine.move_to(world.clock.forward(days=300))
    call_command("erase_due", apply=True, stdout=StringIO())
    assert Seat.objects.get().left_at is not None


def test_another_organisations_roster_is_not_there_and_a_viewer_only_reads(client, world, shared):
    client.force_login(world.secretary)
    client.post(reverse("organisation:see", args=[shared.ref]))
    seat = Seat.objects.get()
    viewer = given.user("viewer")
    give_role(viewer, world.organisation, Role.VIEWER)
    client.force_login(viewer)
    assert "Ivanka" in roster(client)
    assert "No longer works here" not in roster(client)
    client.force_login(given.world().secretary)
    assert "Ivanka" not in roster(client)
    assert client.post(reverse("organisation:leave", args=[seat.ref])).status_code == 404
    assert client.post(reverse("organisation:see", args=[shared.ref])).status_code == 404
    assert Seat.objects.get().left_at is None
