"""Somebody works already and no certificate was seen: what is arranged is noted, and nothing about the person."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from tests import given
from vetting import pipeline, post
from vetting.audit.models import Entry
from vetting.audit.ports import SYSTEM, Actor
from vetting.cases.models import Letter
from vetting.cases.rules import LetterKind
from vetting.organisations.access import give_role
from vetting.organisations.rules import Role
from vetting.organisations.services import remove
from vetting.retention.services import erase
from vetting.roster.models import Interim, Seat
from vetting.roster.services import leave, see

pytestmark = pytest.mark.django_db
TWO = ["accompanied", "no_trips"]


@pytest.fixture
def world(time_machine):
    world = given.world()
    time_machine.move_to(world.clock.now)
    return world


def note(client, case, arrangements):
    return client.post(reverse("organisation:arrange", args=[case.ref]), {"arrangements": arrangements}, follow=True)


def standing():
    return sorted(Interim.objects.filter(ended_at=None).values_list("arrangement", flat=True))


def seen(world, case):
    given.shared(world, case)
    return see(case.ref, user=world.secretary, actor=Actor("member", "x"), at=world.clock.now)


def test_what_is_arranged_stands_on_the_page_and_on_the_roster_until_it_changes(client, world):
    case = given.case_asked(world)
    client.force_login(world.secretary)
    page = note(client, case, TWO).content.decode()
    assert "Noted." in page
    assert "Never alone with children" in page
    assert standing() == TWO
    assert "Never alone with children" in client.get(reverse("organisation:roster")).content.decode()
    note(client, case, ["no_trips", "references"])
    assert standing() == ["no_trips", "references"]
    note(client, case, [])
    assert standing() == []
    assert "Never alone" not in client.get(reverse("organisation:roster")).content.decode()
    said = Entry.objects.filter(chain=case.ref, event__startswith="roster.").order_by("sequence")
    assert [(one.event, one.facts["kind"]) for one in said] == [
        ("roster.arrange", "accompanied"), ("roster.arrange", "no_trips"),
        ("roster.arrangement_ends", "accompanied"), ("roster.arrange", "references"),
        ("roster.arrangement_ends", "no_trips"), ("roster.arrangement_ends", "references"),
    ]  # fmt: skip


def test_what_is_not_on_the_list_cannot_be_noted(client, world):
    case = given.case_asked(world)
    client.force_login(world.secretary)
    assert "Nothing was changed." in note(client, case, ["was in prison"]).content.decode()
    assert not Interim.objects.exists()


def test_a_viewer_sees_no_form_and_may_not_note(client, world):
    case, viewer = given.case_asked(world), given.user("viewer")
    give_role(viewer, world.organisation, Role.VIEWER)
    client.force_login(viewer)
    assert (
        reverse("organisation:arrange", args=[case.ref])
        not in client.get(reverse("organisation:case", args=[case.ref])).content.decode()
    )
    assert note(client, case, TWO).status_code == 404


def test_it_ends_when_the_certificate_was_seen(client, world, time_machine):
    case = given.case_cleared(world)
    client.force_login(world.secretary)
    note(client, case, TWO)
    seen(world, case)
    assert standing() == []
    time_machine.move_to(world.clock.now)
    assert (
        "Does the person work with you"
        not in client.get(reverse("organisation:case", args=[case.ref])).content.decode()
    )
    assert "Nothing was changed." in note(client, case, TWO).content.decode()


@pytest.mark.parametrize("reach", [given.case_cleared, given.case_not_cleared, given.case_asked])
def test_the_page_is_the_same_whatever_came_of_the_check(client, world, time_machine, reach):
    case = reach(world)
    client.force_login(world.secretary)
    note(client, case, TWO)
    pages = {
        reverse("organisation:case", args=[case.ref]): "Arranged until then",
        reverse("organisation:roster"): "Never alone with children",
    }
    for day, there in ((case.closes_on, True), (case.ends_on, False)):
        time_machine.move_to(f"{day.isoformat()}T10:00:00Z")
        client.force_login(world.secretary)
        for page, words in pages.items():
            assert (words in client.get(page).content.decode()) is there
    assert "Nothing was changed." in note(client, case, ["references"]).content.decode()


def test_it_goes_with_the_file(world, client):
    case = given.case_cleared(world)
    client.force_login(world.secretary)
    note(client, case, TWO)
    given.advance(world, case, days=400)
    erase(case.ref, actor=SYSTEM, at=world.clock.now)
    assert not Interim.objects.exists()


def ends_soon(world, days=59):
    case = given.case_cleared(world)
    seat = seen(world, case)
    world.clock.forward(days=(seat.share.certificate.valid_until - world.clock.now.date()).days - days)
    pipeline.expire(at=world.clock.now)
    return case, seat


def mails():
    post.deliver_due(at=Letter.objects.order_by("-owed_at").values_list("owed_at", flat=True)[0])
    return [one for one in mail.outbox if "ends soon" in one.subject]


def test_who_asked_is_told_once_before_a_certificate_ends(world):
    case, _seat = ends_soon(world)
    pipeline.expire(at=world.clock.forward(days=1))
    (said,) = mails()
    assert said.to == [world.secretary.email]
    assert case.reference in said.subject
    assert "/organisation/roster/" in said.body
    assert not re.search("Ivanka|Izmislena|1990", said.body)
    assert Letter.objects.filter(kind=LetterKind.RENEW).count() == 1


def test_when_who_asked_has_left_the_managers_are_told(world):
    manager = given.user("manager")
    give_role(manager, world.organisation, Role.MANAGER)
    case = given.case_cleared(world)
    remove(world.organisation, user=world.secretary, actor=Actor("member", "x"), at=world.clock.now)
    seat = seen(world, case)
    world.clock.forward(days=(seat.share.certificate.valid_until - world.clock.now.date()).days - 10)
    pipeline.expire(at=world.clock.now)
    assert [said.to for said in mails()] == [[manager.email]]


@pytest.mark.parametrize("why", ["too early", "left", "not current"])
def test_nobody_is_told_without_need(world, why):
    seat = seen(world, given.case_cleared(world))
    if why == "left":
        leave(seat.ref, actor=SYSTEM, at=world.clock.now)
    days = {"too early": 61, "left": 10, "not current": -1}[why]
    world.clock.forward(days=(seat.share.certificate.valid_until - world.clock.now.date()).days - days)
    pipeline.expire(at=world.clock.now)
    assert not Letter.objects.filter(kind=LetterKind.RENEW).exists()
    assert Seat.objects.get().reminded_at is None
