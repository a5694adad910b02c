"""A supervisor looks after the organisations of their State."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine as travelling
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import given
from tests.web.test_inference import ENDINGS, seen_by_organisation
from tests.web.test_organisation_and_desk import TYPED
from vetting import post
from vetting.audit.models import Entry
from vetting.audit.ports import Actor
from vetting.authorities.access import give_supervision
from vetting.authorities.models import Authority
from vetting.cases.models import Case, Letter
from vetting.cases.rules import CaseState, LetterKind
from vetting.errors import Refused
from vetting.identity import services as identity
from vetting.identity.queries import version_of
from vetting.organisations import services
from vetting.organisations.access import give_role, managers_of, numbers_of_people, people_of
from vetting.organisations.models import Organisation, User
from vetting.organisations.rules import Role

pytestmark = pytest.mark.django_db
QUERIES = 11
"""Of the first page; the next ones look their beginning up."""
SAID = {"name": "Invented Choir", "state": "IE", "first_name": "Nina", "last_name": "Sample", "email": "nina@c.example"}


@pytest.fixture
def world(time_machine):
    world = given.world()
    time_machine.move_to(world.clock.now)
    give_supervision(world.clerk, Authority.objects.get(state="IE"))
    return world


@pytest.fixture
def desk(client, world):
    client.force_login(world.clerk)
    return client


def do(client, verb, *refs, **typed):
    return client.post(reverse(f"desk:{verb}", args=refs), typed, follow=True).content.decode()


def add(number):
    """An organisation as a supervisor adds it."""
    return services.add_organisation(
        ref=uuid4(), name=f"Invented School {number:03}", state="IE", email="manager@many.example", first_name="Nina",
        last_name="Sample", actor=Actor("clerk", "supervisor"), at=given.START,
    )  # fmt: skip


def listed(client, **typed):
    return re.findall(r"organisations/[0-9a-f-]{36}/\">([^<]+)</a>", page(client, **typed))


def page(client, **typed):
    return client.get(reverse("desk:organisations"), typed).content.decode()


def test_only_a_supervisor_of_the_state_comes_to_its_organisations(client, world):
    place = world.organisation
    stranger = given.user("elsewhere")
    give_supervision(stranger, Authority.objects.get(state="BG"))
    for who in (world.other_clerk, world.secretary, stranger):
        client.force_login(who)
        for verb in ("organisation_switch", "organisation_rename", "organisation_refuse", "organisation_appoint"):
            assert client.post(reverse(f"desk:{verb}", args=[place.ref]), {"on": "no"}).status_code == 404
        assert client.get(reverse("desk:organisation", args=[place.ref])).status_code == 404
    assert place.name not in page(client)
    typed = {**SAID, "once": str(uuid4())}
    assert client.post(reverse("desk:organisation_new"), typed).status_code == 422  # Ireland is not theirs
    assert not Organisation.objects.filter(name="Invented Choir").exists()


def test_the_list_is_by_name_fifty_a_page_without_offset_and_costs_the_same_however_many(desk, world):
    for number in range(3):
        add(number)
    page(desk)  # once, for what every process keeps
    with CaptureQueriesContext(connection) as few:
        page(desk)
    for number in range(3, 120):
        add(number)
    seen, after = [], ""
    while True:
        with CaptureQueriesContext(connection) as queries:
            html = page(desk, after=after)
        assert len(queries) <= QUERIES + bool(after)
        assert not [one["sql"] for one in queries if "OFFSET" in one["sql"]]
        seen += re.findall(r"Invented School \d{3}", html)
        more = re.findall(r'href="[^"]*after=(\d+)"', html)
        if not more:
            break
        (after,) = more
    assert len(few) == QUERIES
    assert seen == [f"Invented School {number:03}" for number in range(120)]


@pytest.mark.parametrize("after", ["x", "-1", "9" * 40, "٣"])
def test_a_page_that_no_page_led_to_is_the_first_one(desk, world, after):
    assert listed(desk, after=after) == [world.organisation.name]


def test_a_name_is_found_by_a_part_of_it_or_of_a_branch(desk, world):
    for number in range(3):
        add(number)
    actor = Actor("member", "somebody")
    branch = services.open_branch(add(7), name="Harbour House", actor=actor, at=given.START)
    assert listed(desk, name="school 002") == ["Invented School 002"]
    assert listed(desk, name="harbour") == ["Invented School 007"]
    assert "No organisation has that in its name" in page(desk, name="nothing like it")
    assert branch.name in page(desk)


def test_people_are_counted_who_may_sign_in(world):
    gone = given.user("gone")
    for user in (given.user("viewer"), gone):
        give_role(user, world.organisation, Role.VIEWER)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    assert numbers_of_people([world.organisation, add(1)]) == {
        world.organisation.pk: 2, Organisation.objects.get(name="Invented School 001").pk: 1,
    }  # fmt: skip


def test_an_organisation_is_added_once_with_a_manager_who_gets_a_mail(desk, world):
    once = str(uuid4())
    answers = [do(desk, "organisation_new", **SAID, once=once) for _ in range(2)]
    place = Organisation.objects.get(name="Invented Choir")
    assert (place.state, str(managers_of(place).get())) == ("IE", "Nina Sample")
    assert "has not chosen a password yet" in answers[1]
    assert mail.outbox[0].to == ["nina@c.example"]
    assert Entry.objects.filter(event="organisation.add", facts__organisation=str(place.ref)).count() == 1


def test_renaming_keeps_everything_else(desk, world):
    case = given.case_opened(world)
    html = do(desk, "organisation_rename", world.organisation.ref, name="  Invented   United ")
    assert "Invented United" in html
    assert Case.objects.get(pk=case.pk).organisation.name == "Invented United"
    assert "This is empty." in do(desk, "organisation_rename", world.organisation.ref, name=" ")


def test_switched_off_nothing_begins_and_everything_that_runs_is_followed(client, desk, world):
    waiting, running = given.case_consented(world), given.case_asked(world)
    branch = services.open_branch(
        world.organisation, name="Harbour House", actor=given.clerk_of(world), at=world.clock.now
    )
    do(desk, "organisation_switch", world.organisation.ref, on="no")
    do(desk, "organisation_switch", world.organisation.ref, on="no")
    assert Entry.objects.filter(event="organisation.off").count() == 1
    client.force_login(world.secretary)
    home = client.get(reverse("organisation:home")).content.decode()
    assert f"{world.organisation.name} is switched off" in home
    assert "Look at the document and submit" not in home
    for case in (waiting, running):
        html = client.get(reverse("organisation:case", args=[case.ref])).content.decode()
        assert "This organisation is switched off" in html
        assert "TEST-CLEAN" not in html
        for verb in ("submit", "invite_again", "escalate", "end"):
            assert client.post(reverse(f"organisation:{verb}", args=[case.ref]), {"seen": "on"}).status_code == 404
    for place in (world.organisation, branch):
        typed = {**TYPED, "organisation": place.pk}
        assert client.post(reverse("organisation:new"), typed).status_code == 404
    assert client.get(reverse("organisation:people")).status_code == 404
    assert Case.objects.count() == 2


def test_a_page_from_before_the_switch_opens_and_submits_nothing_either(world):
    case = given.case_consented(world)
    services.switch(world.organisation, on=False, actor=given.clerk_of(world), at=world.clock.now)
    with pytest.raises(Refused, match="organisation-off"):
        given.case_opened(world)
    with pytest.raises(Refused, match="organisation-off"):
        identity.submit(
            case.ref, version=version_of(case), user=world.secretary, actor=given.clerk_of(world), at=world.clock.now
        )
    case.refresh_from_db()
    assert (Case.objects.count(), case.state) == (1, CaseState.CONSENTED)


def test_running_cases_go_on_to_their_certificate_and_its_letter(client, desk, world):
    case = given.case_asked(world)
    do(desk, "organisation_switch", world.organisation.ref, on="no")
    given.own_register_answers(world, case)
    case = given.advance(world, case, minutes=1)
    assert case.state == CaseState.CLEARED
    given.shared(world, case)
    given.advance(world, case)
    mail.outbox.clear()
    post.deliver_due(world.clock.now)
    assert Letter.objects.filter(case=case, kind=LetterKind.SHARED).exists()
    assert [one.to for one in mail.outbox if "was shared" in one.subject] == [[world.secretary.email]]
    client.force_login(world.secretary)
    assert "Certificate reference" in client.get(reverse("organisation:case", args=[case.ref])).content.decode()


@pytest.mark.parametrize("days", [3, 61, 125], ids=lambda days: f"day {days}")
def test_an_organisation_that_is_off_sees_the_same_for_every_cause(client, days):
    seen = set()
    for ending in ENDINGS.values():
        world = given.world()
        services.rename(world.organisation, name="Invented Club", actor=given.clerk_of(world), at=given.START)
        world.organisation.refresh_from_db()
        case = ending(world)
        services.switch(world.organisation, on=False, actor=given.clerk_of(world), at=world.clock.now)
        at = given.START.replace(hour=12) + timedelta(days=days)
        world.clock.now = max(world.clock.now, at)
        with travelling.travel(world.clock.now, tick=False):
            given.advance(world, case)
        pages, letters = seen_by_organisation(client, world, case, at)
        assert "is switched off" in pages[1][1]
        own = repr(pages).replace(world.secretary.email, "").replace(str(world.secretary), "SECRETARY")
        seen.add((own, repr(letters)))
    assert len(seen) == 1


def test_switched_on_again_it_is_as_before_and_a_branch_that_was_off_stays_off(client, desk, world):
    actor = given.clerk_of(world)
    branch = services.open_branch(world.organisation, name="Harbour House", actor=actor, at=world.clock.now)
    for on in ("no", "yes"):
        do(desk, "organisation_switch", world.organisation.ref, on=on)
    assert mail.outbox == []  # only a sign-up is told
    do(desk, "organisation_switch", branch.ref, on="no")
    client.force_login(world.secretary)
    form = client.get(reverse("organisation:new")).content.decode()
    assert client.post(reverse("organisation:new"), {**TYPED, "organisation": branch.pk}).status_code == 422
    assert f'value="{world.organisation.pk}"' in form
    assert client.get(reverse("organisation:people")).status_code == 200


def test_a_new_manager_is_set_only_where_none_is_left_who_could_invite_one(desk, world):
    new = {name: SAID[name] for name in ("first_name", "last_name", "email")}
    place = world.organisation
    assert "There is a manager" in do(desk, "organisation_appoint", place.ref, **new)
    assert not User.objects.filter(email="nina@c.example").exists()
    html = do(desk, "organisation_left", place.ref, world.secretary.ref)
    assert "Nobody is manager." in html
    html = do(desk, "organisation_appoint", place.ref, **new)
    assert people_of(place, Role.MANAGER).get().email == "nina@c.example"
    assert mail.outbox[-1].to == ["nina@c.example"]
    # She never came: the address was wrong. Another can be set beside her.
    do(desk, "organisation_appoint", place.ref, **{**new, "email": "nora@c.example"})
    assert people_of(place, Role.MANAGER).count() == 2
    events = Entry.objects.filter(event__in=["organisation.manager", "member.remove"]).order_by("pk")
    assert [entry.event for entry in events] == ["member.remove", "organisation.manager", "organisation.manager"]


def test_the_managers_of_an_organisation_manage_its_branches_and_leave_them_only_with_it(desk, world):
    actor, at = given.clerk_of(world), world.clock.now
    branch = services.open_branch(world.organisation, name="Harbour House", actor=actor, at=at)
    html = desk.get(reverse("desk:organisation", args=[branch.ref])).content.decode()
    assert world.secretary.email in html
    assert "Has left" not in html
    new = {name: SAID[name] for name in ("first_name", "last_name", "email")}
    assert "There is a manager" in do(desk, "organisation_appoint", branch.ref, **new)
    assert desk.post(reverse("desk:organisation_left", args=[branch.ref, world.secretary.ref])).status_code == 404
    services.invite(branch, **new, role=Role.MANAGER, actor=actor, at=at)
    assert set(managers_of(branch)) == {world.secretary, User.objects.get(email=new["email"])}
    assert set(managers_of(world.organisation)) == {world.secretary}
    services.open_branch(world.organisation, name="Hill House", actor=actor, at=at)
    assert "There is a branch of that name." in do(desk, "organisation_rename", branch.ref, name="Hill House")


def test_a_sign_up_of_a_name_that_is_known_is_marked(desk, world, settings):
    secret = services.sign_up(
        organisation=world.organisation.name.upper(), state="IE", email="x@c.example", first_name="X", last_name="Y",
        actor=Actor("public"), at=world.clock.now,
    )  # fmt: skip
    services.confirm_sign_up(secret, actor=Actor("public"), at=world.clock.now)
    html = page(desk)
    assert "there is one of this name" in html
    assert "waits for you" in html
