"""Who works at an organisation, what each may do, its branches, and submitting by two."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from tests import given
from tests.web.test_organisation_and_desk import TYPED
from vetting.audit.models import Entry
from vetting.cases.models import Case
from vetting.cases.rules import CaseState
from vetting.identity.queries import version_of
from vetting.organisations.access import give_role, people_of
from vetting.organisations.models import Organisation, User
from vetting.organisations.rules import Role

pytestmark = pytest.mark.django_db
NEW = {"first_name": "Tom", "last_name": "Sample", "email": "Tom@Club.example", "role": "submitter"}


@pytest.fixture
def world(time_machine):
    world = given.world()
    time_machine.move_to(world.clock.now)
    return world


@pytest.fixture
def manager(client, world):
    client.force_login(world.secretary)
    return client


def colleague(world, role):
    user = given.user(f"colleague-{role}")
    give_role(user, world.organisation, role)
    return user


def do(client, verb, *refs, **typed):
    return client.post(reverse(f"organisation:{verb}", args=refs), typed)


def test_somebody_new_chooses_a_password_by_a_mail_and_then_works_here(manager, client, world):
    do(manager, "invite_person", world.organisation.ref, **NEW)
    (letter,) = mail.outbox
    assert letter.to == ["tom@club.example"]
    link = re.findall(r"http://[^/]+(/\S+)", str(letter.body))[0]
    client.logout()
    form = client.get(link, follow=True).redirect_chain[-1][0]
    password = "an invented way in 8"
    client.post(form, {"password1": password, "password2": password})
    client.post(reverse("account_login"), {"login": "tom@club.example", "password": password})
    assert client.get(reverse("organisation:new")).status_code == 200
    assert client.get(reverse("organisation:people")).status_code == 404


def test_a_mail_server_that_does_not_answer_is_a_sentence_and_inviting_again_writes_again(manager, world, settings):
    works = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    answer = manager.get(do(manager, "invite_person", world.organisation.ref, **NEW)["Location"])
    assert "The mail could not be sent." in answer.content.decode()
    settings.EMAIL_BACKEND = works
    do(manager, "invite_person", world.organisation.ref, **NEW)
    assert len(mail.outbox) == 1
    assert people_of(world.organisation, Role.SUBMITTER).count() == 1


def test_somebody_who_has_an_account_keeps_it(manager, world):
    known = given.user("known")
    do(manager, "invite_person", world.organisation.ref, **{**NEW, "email": known.email})
    assert mail.outbox == []
    assert User.objects.get(email=known.email).get_full_name() == known.get_full_name()
    assert people_of(world.organisation, Role.SUBMITTER).get() == known


def test_a_viewer_follows_cases_and_changes_nothing(client, world):
    case = given.case_consented(world)
    client.force_login(colleague(world, Role.VIEWER))
    home = client.get(reverse("organisation:home")).content.decode()
    page = client.get(reverse("organisation:case", args=[case.ref])).content.decode()
    assert "New vetting request" not in home
    assert "Submit to the authority" not in page
    assert "TEST-CLEAN" not in page  # who does not look at the document does not see its number
    for verb in ("submit", "invite_again", "escalate", "end"):
        assert do(client, verb, case.ref, seen="on").status_code == 404
    assert client.get(reverse("organisation:new")).status_code == 404
    assert client.get(reverse("organisation:many")).status_code == 404
    assert Case.objects.get().state == CaseState.CONSENTED


def test_roles_change_and_end_but_somebody_stays_manager(manager, world):
    other = colleague(world, Role.SUBMITTER)
    place = world.organisation
    do(manager, "change_person", place.ref, world.secretary.ref, role="viewer")
    do(manager, "change_person", place.ref, world.secretary.ref, role="none")
    assert people_of(place, Role.MANAGER).get() == world.secretary
    do(manager, "change_person", place.ref, other.ref, role="manager")
    assert not people_of(place, Role.SUBMITTER).exists()
    answer = do(manager, "change_person", place.ref, world.secretary.ref, role="none")
    assert answer["Location"] == reverse("start")
    assert people_of(place, Role.MANAGER).get() == other
    assert manager.get(reverse("organisation:home")).status_code == 404
    assert set(Entry.objects.filter(event__startswith="member.").values_list("event", flat=True)) == {
        "member.role", "member.remove",
    }  # fmt: skip


def test_a_manager_of_one_organisation_is_nobody_at_another(manager, world):
    other = given.world()
    for verb in ("invite_person", "open_branch", "two_to_submit"):
        assert do(manager, verb, other.organisation.ref, **NEW, name="x").status_code == 404
    theirs = do(manager, "change_person", other.organisation.ref, other.secretary.ref, role="none")
    ours = do(manager, "change_person", world.organisation.ref, other.secretary.ref, role="none")
    assert theirs.status_code == ours.status_code == 404
    assert people_of(other.organisation, Role.MANAGER).exists()


def test_who_works_at_the_organisation_works_for_its_branches_and_not_the_reverse(manager, client, world):
    do(manager, "open_branch", world.organisation.ref, name="Invented Branch")
    do(manager, "open_branch", world.organisation.ref, name="Invented Branch")
    branch = Organisation.objects.get(parent=world.organisation)
    do(manager, "open_branch", branch.ref, name="x")
    assert Organisation.objects.filter(parent__isnull=False).count() == 1
    do(manager, "new", **TYPED, organisation=branch.pk)
    case = Case.objects.get()
    assert (case.organisation, case.home) == (branch, world.organisation.state)
    only = given.user("branch")
    give_role(only, branch, Role.SUBMITTER)
    elsewhere = given.case_opened(world)
    client.force_login(only)
    assert client.get(reverse("organisation:case", args=[case.ref])).status_code == 200
    assert client.get(reverse("organisation:case", args=[elsewhere.ref])).status_code == 404


def test_where_it_takes_two_who_opened_a_case_does_not_submit_it(manager, client, world):
    do(manager, "two_to_submit", world.organisation.ref, two="yes")
    case = given.case_consented(world)
    told = {"seen": "on", "version": version_of(case)}
    page = client.get(do(client, "submit", case.ref, **told)["Location"]).content.decode()
    assert "it takes two people" in page
    assert Case.objects.get().state == CaseState.CONSENTED
    client.force_login(colleague(world, Role.SUBMITTER))
    do(client, "submit", case.ref, **told)
    assert Case.objects.get().state == CaseState.SUBMITTED


@pytest.mark.parametrize("wrong", [{"email": "no address"}, {"first_name": ""}, {"role": "king"}])
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(manager, world, wrong):
    answer = do(manager, "invite_person", world.organisation.ref, **{**NEW, **wrong})
    assert answer.status_code == 422
    assert 'value="Sample"' in answer.content.decode()
    assert not User.objects.filter(email="tom@club.example").exists()
